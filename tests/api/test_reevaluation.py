"""What policy says by now of an action that waits, as the API tells it after a refused approval."""

import pytest

from approvals.models import Action
from tests import world
from tests.api.caller import Caller, seen
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
BLOCK = "{name: never, when: 'true', outcome: block, says: Not any more.}"


@pytest.fixture
def blocked(here: World, senior: Caller) -> Action:
    """An action that a senior could not approve, because policy has come to block it."""
    action = here.pending()
    world.publish(f"{world.POLICY}rules: [{BLOCK}]\n", "invoices", here.owner, here.senior)
    answer = senior.post(f"actions/{action.pk}/approve/", seen(action))
    assert (answer.status_code, answer.json()["code"]) == (422, "blocked_by_policy")
    return action


def test_the_evaluation_names_the_rule_that_blocks(blocked: Action, senior: Caller) -> None:
    told = senior.get(f"actions/{blocked.pk}/").json()
    assert (told["state"], told["evaluation"]["outcome"]) == ("pending", "block")
    assert {"rule": "never", "text": "Not any more.", "outcome": "block"} in told["evaluation"]["reasons"]


def test_the_timeline_has_the_reevaluation(blocked: Action, senior: Caller) -> None:
    told = senior.get(f"actions/{blocked.pk}/timeline/").json()
    assert "action.reevaluated" in str(told)
