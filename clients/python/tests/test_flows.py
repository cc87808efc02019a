"""The gate against a stand-in; no server is needed."""

from pathlib import Path

import httpx
import pytest

from hitl_client import Client, Failed, NotApproved, Uncertain, requires_approval
from tests.standin import Effects, Server, again


def test_runs_once_however_often_it_is_called(client: Client, server: Server) -> None:
    effects = Effects()
    pay = effects.gated(client)
    assert [pay("Mill", 5), pay("Mill", amount=5)] == ["B-1", "B-1"]
    assert (effects, server.outcomes, len(server.keys)) == ([("Mill", 5)], ["succeeded"], 1)


def test_runs_what_the_reviewer_wrote(client: Client, server: Server) -> None:
    effects, server.stands, server.payload = Effects(), "modified", {"to": "Mill", "amount": 4}
    effects.gated(client)("Mill", 5)
    assert effects == [("Mill", 4)]


def test_does_not_run_what_was_rejected(client: Client, server: Server) -> None:
    effects, server.stands = Effects(), "rejected"
    with pytest.raises(NotApproved):
        effects.gated(client)("Mill", 5)
    assert effects == []


@pytest.mark.parametrize("lost", ["actions", "consume", "outcome"])
def test_survives_a_lost_answer(client: Client, server: Server, lost: str) -> None:
    effects = Effects()
    server.lose.add(lost)
    assert effects.gated(client)("Mill", 5) == "B-1"
    assert len(effects) == 1


class Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "fails",
    [Killed(), TimeoutError(), httpx.ReadTimeout("late"), Uncertain("No answer.")],
    ids=["killed", "late", "late-by-httpx", "said"],
)
def test_never_runs_again_what_may_have_happened(
    client: Client, server: Server, tmp_path: Path, fails: BaseException
) -> None:
    effects = Effects()
    with pytest.raises((Killed, Uncertain)):
        effects.gated(client, fails)("Mill", 5)
    with pytest.raises(Uncertain):
        effects.gated(again(server, tmp_path))("Mill", 5)
    assert (len(effects), server.outcomes) == (1, ["unknown"])


@pytest.mark.parametrize(("repeatable", "runs"), [(False, 0), (True, 1)])
def test_a_kill_between_the_effect_and_its_outcome(
    client: Client, server: Server, tmp_path: Path, repeatable: bool, runs: int
) -> None:
    began(client, server, tmp_path)
    effects = Effects()
    pay = effects.gated(again(server, tmp_path), repeatable=repeatable)
    if repeatable:
        assert pay("Mill", 5) == "B-1"
    else:
        with pytest.raises(Uncertain):
            pay("Mill", 5)
    assert (len(effects), server.outcomes) == (runs, ["succeeded" if repeatable else "unknown"])


def began(client: Client, server: Server, folder: Path) -> None:
    """Leave the journal as a process leaves it that is killed while its function runs."""
    taken: dict[Path, bytes] = {}

    @requires_approval(client, "t")
    def pay(to: str, amount: int) -> str:
        taken.update({path: path.read_bytes() for path in folder.rglob("*.json")})
        return "B-1"

    pay("Mill", 5)
    for path, content in taken.items():
        path.write_bytes(content)
    server.stands, server.outcomes = "executing", []


def test_another_journal_does_not_run_it(client: Client, server: Server, tmp_path: Path) -> None:
    began(client, server, tmp_path)
    effects = Effects()
    with pytest.raises(Uncertain):
        effects.gated(again(server, tmp_path / "other"))("Mill", 5)
    assert effects == []


def test_tells_a_failure_again_without_running(client: Client, server: Server) -> None:
    effects = Effects()
    with pytest.raises(ValueError, match="closed"):
        effects.gated(client, ValueError("closed"))("Mill", 5)
    with pytest.raises(Failed, match="closed"):
        effects.gated(client)("Mill", 5)
    assert (len(effects), server.outcomes) == (1, ["failed"])
