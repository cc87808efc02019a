"""Where an action goes is told before it is decided on, and named by every decision that lets it run."""

from typing import Any

import pytest
from pytest_django import Settings

from approvals.connectors.fake import FakeConnector
from approvals.models import Action, ActionType, Execution, LedgerEntry
from approvals.services.execution import schedule
from tests import doubles, world
from tests.api.caller import Caller, as_session, as_token, seen
from tests.api.test_hostile import is_problem
from tests.doubles import CheckingConnector
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
GRANTING = ["approve", "modify"]
STOPPING = ["reject", "escalate"]


def move() -> None:
    """Somebody has it carried out elsewhere."""
    ActionType.objects.update(connector="email", target={"to": "issuer", "reply_to": "evil@evil.example"})


def body(action: Action, verb: str, **more: Any) -> dict[str, Any]:
    changed = {"payload": action.revision.payload | {"amount": 700.5}} if verb == "modify" else {}
    return seen(action, **changed, **more)


def send(caller: Caller, action: Action, verb: str, sent: dict[str, Any]) -> Any:
    return caller.post(f"actions/{action.pk}/{verb}/", sent)


class TestAnOpenAction:
    @pytest.mark.parametrize("state", ["proposed", "pending"])
    def test_says_how_it_would_be_carried_out(self, here: World, junior: Caller, state: str) -> None:
        action = here.propose() if state == "proposed" else here.pending()
        told = junior.get(f"actions/{action.pk}/").json()["execution"]
        digest = schedule.target_digest(action.action_type)
        target = {"connector": "journal", "summary": "Journal", "preview": [], "digest": digest}
        nothing = dict.fromkeys(("state", "waits_for", "result", "error", "cancel_asked_at"))
        nothing |= {"attempts": 0, "redeemable_at": None, "valid_until": None}
        assert told == {"mode": "connector", **nothing, "target": target}

    def test_says_it_in_the_answer_to_its_agent_and_in_lists(self, here: World, agent: Caller, junior: Caller) -> None:
        proposed = agent.propose().json()["execution"]["target"]
        action = here.pending()
        listed = agent.get("actions/").json()["results"][0]["execution"]["target"]
        queued = junior.get("queue/").json()["results"][0]["execution"]["target"]
        assert proposed == listed == queued
        assert queued["digest"] == schedule.target_digest(action.action_type)

    def test_says_it_again_after_an_undo(self, here: World, junior: Caller) -> None:
        action = here.approved()
        told = junior.post(f"actions/{action.pk}/undo/", {}).json()["execution"]
        assert (told["state"], told["target"]["summary"]) == (None, "Journal")

    def test_says_it_as_it_is_now(self, here: World, junior: Caller) -> None:
        action = here.pending()
        move()
        told = junior.get(f"actions/{action.pk}/").json()["execution"]["target"]
        said = "Email to the address in /issuer, reply to evil@evil.example"
        assert (told["connector"], told["summary"]) == ("email", said)

    @pytest.mark.world(connector="checking")
    def test_says_what_its_connector_will_do(self, checking: CheckingConnector, here: World, junior: Caller) -> None:
        checking.lines = ["Adds Mara to the group."]
        action = here.pending()
        target = junior.get(f"actions/{action.pk}/").json()["execution"]["target"]
        assert target["preview"] == ["Adds Mara to the group."]
        approved = junior.post(f"actions/{action.pk}/approve/", seen(action)).json()["execution"]["target"]
        assert approved["preview"] == []

    @pytest.mark.world(connector="email", target={"to": "issuer", "subject": "invoice_number"})
    def test_previews_in_english(self, here: World, junior: Caller) -> None:
        action = here.pending(issuer="kim@example.com", invoice_number="HL-1")
        told = junior.get(f"actions/{action.pk}/", headers={"Accept-Language": "de"}).json()["execution"]["target"]
        assert told["preview"] == ["Sends an email to kim@example.com with the subject “HL-1”."]

    def test_says_that_its_agent_carries_it_out(self, here: World, junior: Caller) -> None:
        ActionType.objects.update(execution="agent", connector="journal")
        told = junior.get(f"actions/{here.pending().pk}/").json()["execution"]
        assert (told["mode"], told["target"]["connector"]) == ("agent", None)
        assert told["target"]["summary"] == "The agent runs it"


class TestADecidedAction:
    def test_says_what_was_decided_on(self, here: World, junior: Caller) -> None:
        action = here.approved()
        decided = Execution.objects.get().target_digest
        move()
        told = junior.get(f"actions/{action.pk}/").json()["execution"]["target"]
        assert (told["digest"], told["connector"]) == (decided, "journal")
        assert told["summary"] == "The execution settings have changed since the decision"

    def test_says_nothing_where_it_ended_without_it(self, here: World, junior: Caller) -> None:
        rejected, withdrawn = here.pending(), here.approved()
        world.decide("reject", rejected, here.junior)
        world.withdraw(here, withdrawn)
        told = [junior.get(f"actions/{each.pk}/").json()["execution"] for each in (rejected, withdrawn)]
        assert told == [None, None]


class TestWhatLetsItRun:
    @pytest.mark.parametrize("verb", GRANTING)
    def test_names_the_target(self, here: World, junior: Caller, verb: str) -> None:
        action = here.pending()
        sent = body(action, verb)
        del sent["target_digest"]
        problem = is_problem(send(junior, action, verb, sent), 400)
        assert (problem["code"], problem["faults"][0]["pointer"]) == ("malformed", "/target_digest")
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("verb", GRANTING)
    @pytest.mark.parametrize("given", ["", None, 7, "0" * 63, ["0" * 64]], ids=repr)
    def test_names_it_in_its_form(self, here: World, junior: Caller, verb: str, given: object) -> None:
        action = here.pending()
        answer = send(junior, action, verb, body(action, verb, target_digest=given))
        assert is_problem(answer, 400)["faults"][0]["pointer"] == "/target_digest"

    @pytest.mark.parametrize("verb", GRANTING)
    def test_is_refused_once_it_goes_elsewhere(self, here: World, junior: Caller, verb: str) -> None:
        action = here.pending()
        sent = body(action, verb)
        move()
        assert is_problem(send(junior, action, verb, sent), 409)["code"] == "stale_target"
        assert (world.fresh(action).state, Execution.objects.count()) == ("pending", 0)
        assert LedgerEntry.objects.filter(event="decision.refused").exists()

    @pytest.mark.parametrize("verb", GRANTING)
    def test_is_refused_with_a_token_as_well(self, here: World, verb: str) -> None:
        action = here.pending()
        answer = send(as_token(here.junior, "read", "decide"), action, verb, body(action, verb, target_digest="0" * 64))
        assert is_problem(answer, 409)["code"] == "stale_target"

    def test_is_taken_after_another_look(self, here: World, junior: Caller) -> None:
        action = here.pending()
        move()
        told = junior.get(f"actions/{action.pk}/").json()
        sent = body(action, "approve", target_digest=told["execution"]["target"]["digest"])
        assert send(junior, action, "approve", sent).json()["execution"]["target"]["connector"] == "email"


class TestWhatLetsNothingRun:
    @pytest.mark.parametrize("verb", STOPPING)
    def test_may_leave_the_target_out(self, here: World, verb: str) -> None:
        action = here.pending()
        sent = body(action, verb)
        del sent["target_digest"]
        assert send(as_session(here.junior), action, verb, sent).status_code == 200

    @pytest.mark.parametrize("verb", STOPPING)
    def test_is_told_when_what_it_names_has_changed(self, here: World, junior: Caller, verb: str) -> None:
        action = here.pending()
        answer = send(junior, action, verb, body(action, verb, target_digest="0" * 64))
        assert is_problem(answer, 409)["code"] == "stale_target"


class TestAConnectorOfOnesOwn:
    def test_says_itself_where_it_goes(
        self, here: World, junior: Caller, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        settings.HITL_CONNECTORS = doubles.NAMES
        monkeypatch.setattr(FakeConnector, "summary", lambda _self, target: f"By pigeon to {target['loft']}")
        ActionType.objects.update(connector="fake", target={"loft": "Ghent"})
        told = junior.get(f"actions/{here.pending().pk}/").json()["execution"]["target"]
        assert told["summary"] == "By pigeon to Ghent"

    def test_that_is_gone_is_told_so(self, here: World, junior: Caller) -> None:
        ActionType.objects.update(connector="pigeon")
        told = junior.get(f"actions/{here.pending().pk}/").json()["execution"]["target"]
        assert told["summary"] == "Unknown connector 'pigeon'"
