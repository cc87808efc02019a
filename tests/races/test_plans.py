"""Several people at one stage of a plan at once: everybody counts once, and the next stage opens once."""

import pytest
from django.db import connection

from approvals.models import Action, Decision, Execution, LedgerEntry, Stage
from policies.errors import Refused
from tests import plans as given
from tests import world
from tests.races.test_verdicts import rush
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TIMES = {"postgresql": 60, "sqlite": 20}


@pytest.mark.timeout(600)
def test_two_approvals_of_two_both_count_and_open_the_next_stage_once(here: World) -> None:
    given.vera()
    given.follow(here, given.PAIR, given.VERA)
    pair = (here.junior, here.senior)
    for _ in range(TIMES[connection.vendor]):
        action = here.pending()
        answers = rush([lambda who=who, action=action: world.decide("approve", action, who) for who in pair])
        assert all(isinstance(answer, Decision) for answer in answers), answers
        rows = Stage.objects.filter(action=action).order_by("number").values_list("state", flat=True)
        assert list(rows) == ["satisfied", "open"]
        assert LedgerEntry.objects.filter(action=action, event="decision.counted").count() == 2


@pytest.mark.timeout(600)
def test_two_approvals_of_two_in_the_last_stage_grant_it_once(here: World) -> None:
    given.follow(here, given.PAIR)
    pair = (here.junior, here.senior)
    for _ in range(TIMES[connection.vendor]):
        action = here.pending()
        rush([lambda who=who, action=action: world.decide("approve", action, who) for who in pair])
        assert Decision.objects.filter(action=action, is_final=True).count() == 1
        assert Execution.objects.filter(action=action).count() == 1


@pytest.mark.timeout(600)
def test_an_approval_of_the_first_stage_and_a_rejection_at_once_have_one_winner(here: World) -> None:
    given.vera()
    given.follow(here, given.BOOKS, given.VERA)
    for _ in range(TIMES[connection.vendor]):
        action = here.pending()
        answers = rush(
            [
                lambda action=action: world.decide("approve", action, here.junior),
                lambda action=action: world.decide("reject", action, here.senior),
            ]
        )
        assert sum(isinstance(answer, Refused) for answer in answers) == 1, answers
        # Who comes second finds the action rejected, or at a stage that asks somebody else.
        rows = list(Stage.objects.filter(action=action).order_by("number").values_list("state", flat=True))
        state = Action.objects.values_list("state", flat=True).get(pk=action.pk)
        assert (state, rows) in [("pending", ["satisfied", "open"]), ("rejected", ["refused", "superseded"])]
