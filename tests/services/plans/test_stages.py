"""Plans of several stages: who is asked, what an approval opens, and what no way round skips."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.authority import visibility
from approvals.errors import (
    AboveCeiling,
    NotAllowed,
    NotAsked,
    NotFound,
    NotYourDesk,
    SelfApproval,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, ActionType, Decision, Delivery, Execution, LedgerEntry, Membership, Stage
from approvals.queries.inbox import waiting
from approvals.queries.record import timeline
from approvals.queries.record.actions import complete
from approvals.services import locks
from approvals.services.deadlines import overdue
from approvals.services.decisions import grant, undo
from approvals.services.execution import run
from approvals.services.ledger.entries import Event
from approvals.services.plans import stages
from approvals.states import Tier
from policies.db import service
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True)]
WORKER = system(Door.CELERY)


def states(action: Action) -> list[tuple[str, str]]:
    record = complete([world.fresh(action)], WORKER)[0]
    return [(stage.name, stage.state) for stage in record.plan]


def waits_for(person: Any) -> list[Action]:
    return waiting.page(person).rows


def is_seen_by(person: Any, action: Action) -> bool:
    return visibility.visible_to(Actor(Door.ADMIN, person=person)).filter(pk=action.pk).exists()


@service
def check(*, actor: Actor, at: datetime, action_id: Any, passes: bool) -> object:
    """What the runner of checks does, without looking anything up."""
    action = locks.action(action_id)
    stage = stages.current(action)
    assert stage is not None
    step = grant.check_passed if passes else grant.check_failed
    event, said = ("check.passed", "The budget covers it.") if passes else ("check.failed", "The budget is used up.")
    return step(action, stage, Event(actor, at, event, said))


def run_check(action: Action, *, passes: bool) -> None:
    check(actor=WORKER, at=NOON, action_id=action.pk, passes=passes)


class TestAPlan:
    def test_goes_from_stage_to_stage_and_then_lets_it_run(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        assert states(action) == [("books", "open"), ("vera", "waiting")]
        first = world.decide("approve", action, here.junior)
        assert (first.is_final, world.fresh(action).state) == (False, "pending")
        assert states(action) == [("books", "satisfied"), ("vera", "open")]
        last = world.decide("approve", world.fresh(action), vera)
        assert (last.is_final, world.fresh(action).state) == (True, "approved")
        assert Execution.objects.filter(action=action, state="ready").count() == 1

    def test_has_one_entry_for_each_decision(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("approve", world.fresh(action), vera)
        rows = LedgerEntry.objects.filter(action=action, event__startswith="decision").order_by("id")
        assert list(rows.values_list("event", flat=True)) == ["decision.counted", "decision.approved"]

    def test_starts_the_time_of_a_stage_when_it_opens(self, here: World) -> None:
        given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        assert Stage.objects.get(name="vera").due_at is None
        world.decide("approve", action, here.junior, world.soon(600))
        stage = Stage.objects.get(name="vera")
        assert (stage.opened_at, stage.due_at) == (world.soon(600), world.soon(600 + 7200))
        assert world.fresh(action).due_at == stage.due_at

    def test_tells_whom_the_next_stage_asks(self, here: World) -> None:
        given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        world.decide("approve", here.pending(), here.junior)
        assert Delivery.objects.get(person__username="vera").kind == "decision.counted.2"

    def test_says_who_authorized_it_in_all_its_stages(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("approve", world.fresh(action), vera)
        assert timeline.of_action(world.fresh(action)).headline.startswith("Authorized by junior and vera (")

    def test_ends_with_a_rejection_at_any_stage(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA, given.BOOKS.replace("books", "again"))
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("reject", world.fresh(action), vera)
        assert world.fresh(action).state == "rejected"
        assert states(action) == [("books", "satisfied"), ("vera", "refused"), ("again", "superseded")]

    def test_adds_what_its_tier_demands_at_the_end(self, here: World) -> None:
        given.follow(here, given.BOOKS)
        action = here.pending(amount=9000)
        assert states(action) == [("books", "open"), ("senior_review", "waiting")]
        world.decide("approve", action, here.junior)
        assert world.fresh(action).required_tier == 2
        world.decide("approve", world.fresh(action), here.senior)
        assert world.fresh(action).state == "approved"


class TestWhoIsAsked:
    def test_is_the_named_person_and_nobody_else(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.VERA)
        action = here.pending()
        assert (waits_for(vera), waits_for(here.senior)) == ([action], [])
        with pytest.raises(NotAsked, match="assigned to vera"):
            world.decide("approve", action, here.senior)
        assert LedgerEntry.objects.filter(action=action, event="decision.refused").count() == 1
        assert world.decide("approve", action, vera).is_final

    def test_is_bound_by_the_ceilings_of_her_own_seat(self, here: World) -> None:
        vera = given.vera()
        Membership.objects.create(person=vera, desk=here.desk, tier=Tier.JUNIOR, ceilings={"EUR": "500.00"})
        given.follow(here, given.VERA)
        with pytest.raises(AboveCeiling):
            world.decide("approve", here.pending(), vera)

    @pytest.mark.parametrize("who", ["person:nobody", "person:owner", "group:None such", "desk:none", "manager"])
    def test_is_a_senior_where_nobody_can_be_found(self, here: World, who: str) -> None:
        given.follow(here, f"{{name: odd, who: '{who}'}}")
        action = here.pending()
        stage = Stage.objects.get()
        assert (stage.tier, stage.person, waits_for(here.senior), waits_for(here.junior)) == (2, None, [action], [])
        assert str(stage.note).endswith(". The desk’s senior reviewers decide instead.")

    def test_is_not_the_requester(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.VERA)
        action = here.pending(on_behalf_of="vera@example.com")
        with pytest.raises(NotFound):
            world.decide("approve", action, vera)
        assert (
            Stage.objects.get().note == "vera cannot decide on this action. The desk’s senior reviewers decide instead."
        )

    def test_is_another_desk_which_sees_the_action_from_then_on(self, here: World) -> None:
        expert = given.at_desk("expert")
        given.follow(here, given.BOOKS, given.IT)
        action = here.pending()
        assert is_seen_by(expert, action) and waits_for(expert) == []
        with pytest.raises(NotYourDesk):
            world.decide("approve", action, expert)
        world.decide("approve", action, here.junior)
        assert (waits_for(expert), waits_for(here.senior)) == ([action], [])
        world.decide("approve", world.fresh(action), expert)
        assert world.fresh(action).state == "approved" and is_seen_by(expert, action)

    def test_is_a_group_of_reviewers_with_the_power_of_their_seats(self, here: World) -> None:
        lead, guest = given.at_desk("lead", Tier.JUNIOR), world.person("guest")
        given.in_group(lead, guest)
        given.follow(here, given.LEADS)
        action = here.pending()
        assert (waits_for(lead), waits_for(guest)) == ([action], [])
        with pytest.raises(NotAsked):
            world.decide("approve", action, guest)
        assert world.decide("approve", action, lead).is_final

    def test_of_a_group_needs_the_tier(self, here: World) -> None:
        lead = given.at_desk("lead", Tier.JUNIOR)
        given.in_group(lead, given.at_desk("chief"))
        given.follow(here, given.LEADS.replace("}", ", tier: senior}"))
        with pytest.raises(TierTooLow):
            world.decide("approve", here.pending(), lead)

    def test_sees_nothing_of_what_asks_others(self, here: World) -> None:
        stranger = given.at_desk("stranger", desk="hr")
        given.vera()
        given.follow(here, given.VERA)
        action = here.pending()
        assert not is_seen_by(stranger, action)
        with pytest.raises(NotFound):
            world.decide("approve", action, stranger)


class TestNobody:
    def test_approves_two_stages(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.BOOKS.replace("books", "again"))
        action = here.pending()
        world.decide("approve", action, here.senior)
        with pytest.raises(NotAllowed, match="an earlier stage"):
            world.decide("approve", world.fresh(action), here.senior)
        world.decide("approve", world.fresh(action), here.junior)
        assert world.fresh(action).state == "approved"

    def test_but_whom_the_later_stage_names(self, here: World) -> None:
        vera = given.vera()
        Membership.objects.create(person=vera, desk=here.desk, tier=Tier.JUNIOR)
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, vera)
        assert world.decide("approve", world.fresh(action), vera).is_final


class TestEscalating:
    def test_asks_the_seniors_in_place_of_the_one_named(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.VERA)
        action = here.pending()
        world.decide("escalate", action, here.junior)
        assert (waits_for(vera), waits_for(here.senior)) == ([], [action])
        with pytest.raises(NotYourDesk):
            world.decide("approve", world.fresh(action), vera)
        assert world.decide("approve", world.fresh(action), here.senior).is_final

    def test_happens_by_itself_when_the_one_named_is_late(self, here: World) -> None:
        given.vera()
        given.follow(here, given.VERA)
        past = datetime.now(UTC) - timedelta(hours=3)
        action = here.pending(past)
        overdue.expire_due(actor=WORKER, clock=lambda: datetime.now(UTC))
        assert waits_for(here.senior) == [action]
        assert Stage.objects.get().is_escalated

    def test_leaves_the_stages_after_it_as_they_were(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.VERA, given.BOOKS)
        action = here.pending()
        world.decide("escalate", action, vera)
        world.decide("approve", world.fresh(action), here.senior)
        assert states(action) == [("vera", "satisfied"), ("books", "open")]
        assert world.fresh(action).required_tier == 1


class TestAnEdit:
    def payload(self, action: Action, amount: float = 700.5) -> dict[str, Any]:
        return action.revision.payload | {"amount": amount}

    def test_at_the_first_stage_satisfies_it(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("modify", action, here.junior, payload=self.payload(action))
        assert states(action) == [("books", "satisfied"), ("vera", "open")]
        world.decide("approve", world.fresh(action), vera)
        assert world.fresh(action).state == "modified"

    def test_at_a_later_stage_asks_those_before_again(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("modify", world.fresh(action), vera, payload=self.payload(action))
        assert sorted(states(action)) == [("books", "open"), ("vera", "satisfied")]
        with pytest.raises(NotYourDesk):
            world.decide("approve", world.fresh(action), vera)
        world.decide("approve", world.fresh(action), here.junior)
        assert world.fresh(action).state == "modified"

    def test_is_not_approved_by_its_author_elsewhere(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.BOOKS.replace("books", "again"))
        action = here.pending()
        world.decide("modify", action, here.junior, payload=self.payload(action))
        with pytest.raises(SelfApproval):
            world.decide("approve", world.fresh(action), here.junior)

    def test_does_not_count_where_two_are_asked(self, here: World) -> None:
        other = given.at_desk("other", Tier.JUNIOR, desk="finance")
        given.follow(here, given.PAIR)
        action = here.pending()
        world.decide("modify", action, here.junior, payload=self.payload(action))
        world.decide("approve", world.fresh(action), here.senior)
        assert world.fresh(action).state == "pending"
        world.decide("approve", world.fresh(action), other)
        assert world.fresh(action).state == "modified"

    def test_that_needs_a_senior_gets_one_at_the_end(self, here: World) -> None:
        given.follow(here, given.BOOKS)
        action = here.pending()
        world.decide("modify", action, here.junior, payload=self.payload(action, 9000))
        assert states(action) == [("books", "satisfied"), ("senior_review", "open")]


class TestAChangedPolicy:
    def test_adds_the_stages_that_it_asks_for_by_now(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS)
        action = here.pending()
        given.follow(here, given.BOOKS, given.VERA)
        world.decide("approve", action, here.junior)
        assert states(action) == [("books", "satisfied"), ("vera", "open")]
        assert world.decide("approve", world.fresh(action), vera).is_final

    def test_drops_none(self, here: World) -> None:
        given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        given.follow(here, given.BOOKS)
        world.decide("approve", action, here.junior)
        assert states(action) == [("books", "satisfied"), ("vera", "open")]

    def test_is_asked_before_it_runs_stage_by_stage(self, here: World) -> None:
        vera = given.vera()
        ActionType.objects.update(undo_seconds=0)
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("approve", world.fresh(action), vera)
        given.follow(here, given.BOOKS, given.VERA, given.IT)
        run.run_ready(actor=WORKER, clock=lambda: NOON)
        after = world.fresh(action)
        assert (after.state, after.round) == ("pending", 2)
        assert states(action) == [("books", "open"), ("vera", "waiting"), ("it", "waiting")]


class TestACheck:
    def test_asks_nobody_while_it_is_made(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        world.decide("approve", action, here.junior)
        assert (waits_for(here.junior), waits_for(here.senior)) == ([], [])
        with pytest.raises(WrongState, match="An automatic check is running"):
            world.decide("approve", world.fresh(action), here.senior)

    def test_that_passes_opens_the_next_stage(self, here: World) -> None:
        given.follow(here, given.CHECK, given.BOOKS)
        action = here.pending()
        run_check(action, passes=True)
        assert states(action) == [("budget", "satisfied"), ("books", "open")]
        assert waits_for(here.junior) == [action]

    def test_at_the_end_grants_what_people_decided(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        world.decide("approve", action, here.junior)
        run_check(action, passes=True)
        final = Decision.objects.get(action=action, is_final=True)
        assert (world.fresh(action).state, final.source, final.person) == ("approved", "check", None)
        headline = timeline.of_action(world.fresh(action)).headline
        assert headline.startswith("Authorized by junior and automatic check")

    def test_that_fails_asks_a_senior_in_its_place(self, here: World) -> None:
        given.follow(here, given.CHECK, given.BOOKS)
        action = here.pending()
        run_check(action, passes=False)
        assert states(action) == [("budget", "refused"), ("budget_by_hand", "open"), ("books", "waiting")]
        assert (waits_for(here.senior), waits_for(here.junior)) == ([action], [])
        world.decide("approve", world.fresh(action), here.senior)
        world.decide("approve", world.fresh(action), here.junior)
        assert world.fresh(action).state == "approved"

    def test_that_fails_rejects_where_the_plan_says_so(self, here: World) -> None:
        given.follow(here, given.STRICT, given.BOOKS)
        action = here.pending()
        run_check(action, passes=False)
        assert (world.fresh(action).state, Decision.objects.get().source) == ("rejected", "check")
        assert states(action) == [("budget", "refused"), ("books", "superseded")]


class TestARecall:
    def test_asks_everybody_again(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.BOOKS, given.VERA)
        action = here.pending()
        world.decide("approve", action, here.junior)
        world.decide("approve", world.fresh(action), vera)
        undo.undo(actor=Actor(Door.ADMIN, person=vera), at=NOON, action_id=action.pk, rationale="Wait.")
        assert (world.fresh(action).round, states(action)) == (2, [("books", "open"), ("vera", "waiting")])
        world.decide("approve", world.fresh(action), here.junior)
        assert world.decide("approve", world.fresh(action), vera).is_final
