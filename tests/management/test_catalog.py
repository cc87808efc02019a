"""`manage.py catalog_export` and `catalog_apply`: what they write and say, and their exit codes."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from approvals.actors import Door, system
from approvals.management.commands import catalog_apply
from approvals.models import Action, Desk, Membership
from approvals.services import routing
from approvals.services.execution import run as executing
from approvals.states import Tier
from tests import world
from tests.services.configuration.given import go_live, keeper
from tests.world import NOON, World, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(here: World, tmp_path: Path) -> Path:
    """The set-up as it is, written to a folder."""
    keeper()
    run("catalog_export", tmp_path / "set-up")
    return tmp_path / "set-up"


def run(command: str, folder: Path, *words: str) -> str:
    out = io.StringIO()
    call_command(command, str(folder), *words, stdout=out)
    return out.getvalue()


def apply(folder: Path, *words: str) -> str:
    return run("catalog_apply", folder, "--author", "keeper", *words)


def edit(folder: Path, path: str, before: str, after: str) -> None:
    text = (folder / path).read_text()
    assert before in text
    (folder / path).write_text(text.replace(before, after))


def code(folder: Path, *words: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as failed:
        apply(folder, *words)
    return failed.value.returncode, str(failed.value)


class TestExport:
    def test_writes_each_file_and_its_schema(self, folder: Path) -> None:
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert {"desks.yaml", "action_types/invoice.post.yaml", "policies/invoices.yaml", "schemas/desks.json"} <= names

    def test_names_a_file_that_holds_nothing_any_more(self, folder: Path) -> None:
        (folder / "duties.yaml").write_text("duties: []\n")
        assert "duties.yaml: not written" in run("catalog_export", folder)

    def test_says_why_it_cannot_write(self, here: World, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(CommandError, match="Cannot write"):
            run("catalog_export", tmp_path / "file")


class TestApply:
    def test_changes_nothing_that_was_exported(self, folder: Path) -> None:
        assert apply(folder) == "Nothing differs. The installation is as the files say.\n"

    def test_passes_over_hidden_folders(self, folder: Path) -> None:
        (folder / ".github").mkdir()
        (folder / ".github/ci.yml").write_text("on: push\n")
        assert "Nothing differs" in apply(folder)

    def test_says_what_it_did(self, folder: Path) -> None:
        edit(folder, "desks.yaml", "name: Finance", "name: Money")
        assert 'desks.yaml, line 3: change desk “Finance”\n    name: "Finance" → "Money"' in apply(folder, "--dry-run")
        assert Desk.objects.get(slug="finance").name == "Finance"
        assert "Different: 1 row, 0 policies. All of it takes effect immediately." in apply(folder)
        assert Desk.objects.get(slug="finance").name == "Money"

    def test_fails_with_each_fault(self, folder: Path) -> None:
        edit(folder, "desks.yaml", "name: Finance", "is_solo: false")
        assert code(folder) == (1, "Nothing was changed.\ndesks.yaml, line 3: name is missing. Add it.")

    def test_needs_an_author_and_a_folder(self, folder: Path) -> None:
        with pytest.raises(CommandError, match="No active person has the username nobody"):
            run("catalog_apply", folder, "--author", "nobody")
        assert "is no folder" in code(folder / "none")[1]


class TestOnceLive:
    @pytest.fixture(autouse=True)
    def live(self, here: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for person in (here.senior, here.junior):
            Membership.objects.create(person=person, desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
        go_live()
        monkeypatch.setattr(catalog_apply, "PAUSE_SECONDS", 0.0)
        edit(
            folder,
            "memberships.yaml",
            "{person: junior, desk: finance}",
            "{person: junior, desk: finance, tier: senior}",
        )

    def decide_meanwhile(self, monkeypatch: pytest.MonkeyPatch, verdict: str, here: World) -> None:
        """Let a second person decide while the command waits."""

        def decide(_seconds: float) -> None:
            action = Action.objects.get()
            routing.route(actor=system(Door.CELERY), at=NOON, action_id=action.pk)
            world.decide(verdict, fresh(action), here.senior, **({"rationale": "No."} if verdict == "reject" else {}))
            executing.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)

        monkeypatch.setattr("time.sleep", decide)

    def test_returns_3_while_nobody_has_decided(self, folder: Path) -> None:
        assert code(folder)[0] == 3 and Action.objects.count() == 1
        assert code(folder)[0] == 3 and Action.objects.count() == 1

    def test_waits_until_it_is_approved(self, folder: Path, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.decide_meanwhile(monkeypatch, "approve", here)
        assert "config.change: executed" in apply(folder, "--wait", "60")
        assert "Nothing differs" in apply(folder)

    def test_returns_2_if_it_is_rejected(self, folder: Path, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.decide_meanwhile(monkeypatch, "reject", here)
        assert code(folder, "--wait", "60")[0] == 2
