"""What the tests of restored databases share: what processes do again and again, and an operator who goes on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from approvals.actors import Door, system
from approvals.models import Action, LostDispatch, Restore
from approvals.services.ends import due
from approvals.services.execution import run
from approvals.services.safety import restores
from tests import world
from tests.world import NOON

WORKER, OPERATOR = system(Door.CELERY), system(Door.COMMAND)
CLOCK = partial(world.soon, 0)
Backup = Callable[[], None]
Taking = Callable[[], Backup]


def begun(path: Path) -> Path:
    """A file that has been written since long before any backup."""
    path.write_text('{"since": "2020-01-01T00:00:00+00:00"}\n')
    return path


def work() -> None:
    """What the processes do again and again."""
    run.run_ready(actor=WORKER, clock=CLOCK)
    due.run_due(actor=WORKER, clock=CLOCK)
    run.recover(actor=WORKER, clock=CLOCK)


def go_on() -> None:
    """An operator resumes execution."""
    restores.resume(actor=OPERATOR, at=NOON, reason="compared with the target system")


def state(action: Action) -> str:
    """The state of an action, as stored."""
    return str(world.fresh(action).state)


def lose(action: Action, **fields: object) -> None:
    """Let something that was sent for an action be missing from the database, by the restore that is on."""
    about = {"restore": Restore.objects.get(), "action_type": "invoice.post", "sent_at": NOON, "sender": "s"}
    about |= {"key": "k", "proposal": "p"}
    LostDispatch.objects.create(id=world.unknown_id(), action_id=action.pk, **(about | fields))
