"""Reopening over REST: a session's call, never a key's or a token's."""

import pytest
from django.contrib.auth.models import Group

from approvals.models import Action, Person
from tests import world
from tests.api.caller import Caller, as_session, as_token
from tests.services.intake.test_override import BLOCKS, WHY, overrider
from tests.world import World


@pytest.fixture
def blocked(here: World) -> Action:
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    return here.pending(issuer="Shady Ltd")


@pytest.fixture
def boss(here: World) -> Person:
    return overrider("boss", here)


class TestReopen:
    def test_answers_with_the_new_action(self, boss: Person, agent: Caller, blocked: Action) -> None:
        told = as_session(boss).post(f"actions/{blocked.pk}/override/", {"reason": WHY}).json()
        assert (told["reopens"], told["state"], told["reopened_as"]) == (str(blocked.pk), "proposed", None)
        assert told["revision"]["payload"] == blocked.revision.payload
        assert agent.get(f"actions/{blocked.pk}/").json()["reopened_as"] == told["id"]
        assert agent.get(f"actions/{told['id']}/").json()["reopens"] == str(blocked.pk)

    def test_wants_a_reason(self, boss: Person, blocked: Action) -> None:
        caller = as_session(boss)
        assert caller.post(f"actions/{blocked.pk}/override/", {}).status_code == 400
        assert caller.post(f"actions/{blocked.pk}/override/", {"reason": " "}).status_code in {400, 422}

    def test_is_not_for_keys_tokens_and_others(
        self, boss: Person, agent: Caller, senior: Caller, blocked: Action
    ) -> None:
        path, body = f"actions/{blocked.pk}/override/", {"reason": WHY}
        for caller in (agent, senior, as_token(boss, "read", "decide")):
            assert (caller.post(path, body).status_code, Action.objects.count()) == (403, 1)

    def test_of_what_was_not_blocked_is_a_conflict(self, here: World, boss: Person) -> None:
        answer = as_session(boss).post(f"actions/{here.pending().pk}/override/", {"reason": WHY})
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")

    def test_of_another_desks_is_not_found(self, blocked: Action) -> None:
        stranger = world.person("stranger")
        stranger.groups.add(Group.objects.get(name="Overriders"))
        assert as_session(stranger).post(f"actions/{blocked.pk}/override/", {"reason": WHY}).status_code == 404
