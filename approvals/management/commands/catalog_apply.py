"""`manage.py catalog_apply FOLDER --author USERNAME [--dry-run] [--wait SECONDS]`: apply a folder of YAML files."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from approvals.actors import Actor, Door
from approvals.models import Action, Person
from approvals.services.configuration.folder import apply, report
from approvals.services.configuration.folder.apply import Outcome, Requested
from approvals.services.configuration.folder.reading import FolderFaults
from approvals.states import FINAL, ActionState
from policies import db
from policies.errors import Refused

REFUSED, WAITS = 2, 3
PAUSE_SECONDS = 1.0
AGAIN = "It needs what waits for approval. Run the command again once that is approved."


class Command(BaseCommand):
    """Make the installation as the files say, or request what a second person must decide on."""

    help = (
        "Apply a folder of YAML files that catalog_export writes. The exit code is 0 if everything took effect, 1 if "
        "something is wrong, 2 if a request was not approved, and 3 if one still waits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder, its author, and how far to go."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--author", required=True, help="username of the person who answers for the change")
        parser.add_argument("--dry-run", action="store_true", help="show the changes without making them")
        parser.add_argument(
            "--wait", type=float, default=0.0, metavar="SECONDS", help="wait so long until each request is decided"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show what differs, apply it or request it, and wait for the decisions if asked."""
        author = Person.objects.filter(username=options["author"], is_active=True).first()
        if author is None:
            raise CommandError(f"No active person has the username {options['author']}.")
        actor, files = Actor(Door.COMMAND, person=author), dict(_files(options["folder"]))
        service = apply.dry_run if options["dry_run"] else apply.apply
        try:
            outcome = service(actor=actor, at=db.now(), files=files)
        except FolderFaults as faults:
            raise CommandError(f"Nothing was changed.\n{faults}") from faults
        except Refused as refusal:
            raise CommandError(f"Nothing was changed. {refusal.message}") from refusal
        self._say(outcome)
        if not options["dry_run"]:
            self._follow(outcome.requested, options["wait"])

    def _say(self, outcome: Outcome) -> None:
        for line in report.lines(outcome):
            self.stdout.write(line)
        self.stdout.write(report.summary(outcome))

    def _follow(self, requested: Sequence[Requested], seconds: float) -> None:
        """Name each request, and wait for its end as long as asked.

        :raises CommandError: one was not approved, or still waits; the exit code says which.
        """
        for each in requested:
            where = f"requested as action {each.action.pk}" if each.action else AGAIN
            self.stdout.write(f"{each.what}: {where}")
        actions = [each.action for each in requested if each.action is not None]
        ends = _ends(actions, seconds)
        for each in requested:
            if each.action is not None:
                self.stdout.write(f"{each.what}: {ActionState(ends[each.action.pk]).label.lower()}")
        if any(state in FINAL and state != ActionState.EXECUTED for state in ends.values()):
            raise CommandError("A request was not approved or not applied. See the inbox.", returncode=REFUSED)
        if any(state != ActionState.EXECUTED for state in ends.values()):
            raise CommandError("A second person has still to decide. See the inbox.", returncode=WAITS)
        if len(actions) < len(requested):
            raise CommandError("Run the command again to request the rest.", returncode=WAITS)


def _ends(actions: Iterable[Action], seconds: float) -> dict[Any, str]:
    """The state of each action once all have ended, or when the time is over."""
    until = time.monotonic() + seconds
    while True:
        keys = [action.pk for action in actions]
        states = dict(Action.objects.filter(pk__in=keys).values_list("pk", "state"))
        if all(state in FINAL for state in states.values()) or time.monotonic() >= until:
            return states
        time.sleep(PAUSE_SECONDS)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """The text of each YAML file by its path in the folder; hidden folders, such as that of Git, are passed over."""
    if not folder.is_dir():
        raise CommandError(f"{folder} is no folder. Write one with catalog_export.")
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix in (".yaml", ".yml") and not any(part.startswith(".") for part in place.parts):
            try:
                # Bytes, because a policy keeps its line endings.
                yield place.as_posix(), path.read_bytes().decode()
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"Cannot read {path}: {error}") from error
