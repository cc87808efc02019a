"""An agent answers with a new revision: judged as a proposal is, asked anew, and never an easier way through."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from approvals.actors import Actor, Door, system
from approvals.errors import (
    BlockedByPolicy,
    Expired,
    Halted,
    NotFound,
    NothingChanged,
    SchemaFault,
    ScopeMissing,
    StaleRevision,
    TierTooLow,
    TooLarge,
    UnknownType,
    WrongState,
)
from approvals.models import (
    Action,
    Claim,
    Decision,
    Delivery,
    Execution,
    LedgerEntry,
    Note,
    PolicyEvaluation,
    Revision,
    Stage,
)
from approvals.queries.insight import corrections
from approvals.queries.record import timeline
from approvals.queries.record.actions import complete
from approvals.services.decisions import checks, claims, notes
from approvals.services.safety import halts
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
BLOCK = "rules: [{name: rude, when: 'payload.issuer == \"Rogue\"', outcome: block, says: Nothing goes to Rogue.}]"


def asked(action: Action, who: Any) -> Action:
    notes.ask(actor=Actor(Door.ADMIN, person=who), at=NOON, action_id=action.pk, text="Is the amount right?")
    return action


def answer(here: World, action: Action, **changes: Any) -> Note:
    """What stands as None is taken out."""
    payload = {
        name: value for name, value in (world.fresh(action).revision.payload | changes).items() if value is not None
    }
    return notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="Corrected.", payload=payload)


def stage_of(action: Action) -> Stage:
    return Stage.objects.get(action=action, state="open")


class TestAnAnswerWithAPayload:
    def test_makes_the_agents_next_revision(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        note = answer(here, action, amount=700)
        found = world.fresh(action)
        assert (found.revision.number, found.revision.agent, found.amount, found.state) == (
            2,
            here.agent,
            700,
            "pending",
        )
        assert (note.revision, note.revision.payload["amount"]) == (found.revision, 700)
        assert notes.open_question(action) is None

    def test_is_one_entry_that_names_its_revision(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        note = answer(here, action, amount=700)
        entry = LedgerEntry.objects.get(event="information.given")
        assert entry == note.entry
        assert all(part in entry.body for part in (note.text.digest, note.revision.digest, '"revision":2'))
        assert action.history.count() == 3

    def test_is_ruled_on_anew(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=None)
        found = world.fresh(action)
        assert (found.missing, found.evaluation.revision_number) == (["/amount"], 2)
        assert PolicyEvaluation.objects.filter(action=action).count() == 2

    def test_makes_what_was_seen_before_stale(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=700)
        with pytest.raises(StaleRevision):
            world.decide("approve", action, here.junior)
        world.decide("approve", world.fresh(action), here.junior)
        assert Execution.objects.get().digest == Revision.objects.get(number=2).digest

    def test_never_runs_by_itself(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=20)
        assert (world.fresh(action).state, stage_of(action).tier) == ("pending", 1)

    def test_asks_seniors_where_policy_does_and_tells_them(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=9_000)
        assert (stage_of(action).tier, world.fresh(action).required_tier) == (2, 2)
        assert here.senior in {row.person for row in Delivery.objects.filter(kind="action.corrected.2")}
        with pytest.raises(TierTooLow):
            world.decide("approve", world.fresh(action), here.junior)

    def test_never_lowers_the_bar(self, here: World) -> None:
        action = asked(here.pending(amount=9_000), here.senior)
        answer(here, action, amount=400)
        assert stage_of(action).tier == 2

    def test_leaves_the_claim_and_the_deadline_as_they_are(self, here: World) -> None:
        action, actor = here.pending(), Actor(Door.ADMIN, person=here.junior)
        claims.take(actor=actor, at=NOON, action_id=action.pk)
        due = stage_of(asked(action, here.junior)).due_at
        answer(here, action, amount=700)
        assert (Claim.objects.get(action=action).person, stage_of(action).due_at) == (here.junior, due)

    def test_does_not_reach_another_agents_action(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        other = Actor(Door.API, agent=type(here.agent).objects.create(name="other", title="Other", owner=here.owner))
        with pytest.raises(NotFound):
            notes.answer(actor=other, at=NOON, action_id=action.pk, text="Mine.", payload={})


class TestApprovalsOfTheFormerRevision:
    def test_count_no_more_towards_a_quorum(self, here: World) -> None:
        given.follow(here, given.PAIR)
        action = here.pending()
        world.decide("approve", action, here.junior)
        answer(here, asked(action, here.senior), amount=700)
        told = Delivery.objects.exclude(kind="action.routed").values_list("kind", "person")
        assert set(told) == {("action.corrected.2", here.junior.pk), ("action.corrected.2", here.senior.pk)}
        world.decide("approve", world.fresh(action), here.senior)
        assert world.fresh(action).state == "pending"
        world.decide("approve", world.fresh(action), here.junior)
        assert world.fresh(action).state == "modified"

    def test_are_asked_for_again_each_time(self, here: World) -> None:
        given.follow(here, given.PAIR)
        action = here.pending()
        for amount in (700, 800):
            world.decide("approve", world.fresh(action), here.junior)
            answer(here, asked(action, here.senior), amount=amount)
        mine = Delivery.objects.filter(person=here.junior, kind__startswith="action.corrected")
        assert set(mine.values_list("kind", flat=True)) == {"action.corrected.2", "action.corrected.3"}

    def test_open_their_stage_again(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.VERA)
        vera, action = given.vera(), here.pending()
        world.decide("approve", action, here.junior)
        answer(here, asked(action, vera), amount=700)
        plan = complete([world.fresh(action)], here.as_agent())[0].plan
        assert [(stage.name, stage.state) for stage in plan] == [("books", "open"), ("vera", "waiting")]
        assert not Decision.objects.filter(action=action, is_final=True).exists()

    def test_give_nobody_more_time_than_was_left(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.VERA)
        vera, action = given.vera(), here.pending()
        world.decide("approve", action, here.junior)
        left = stage_of(asked(action, vera)).due_at
        answer(here, action, amount=700)
        assert stage_of(action).due_at == left == NOON + timedelta(hours=2)
        assert world.fresh(action).due_at == left

    def test_give_nobody_more_time_behind_a_check_either(self, here: World) -> None:
        given.follow(here, given.CHECK, given.BOOKS)
        action = here.pending()
        checks.run_due(actor=system(Door.CELERY), clock=lambda: NOON)
        left = stage_of(asked(action, here.junior)).due_at
        answer(here, action, amount=700)
        assert stage_of(action).is_check
        checks.run_due(actor=system(Door.CELERY), clock=lambda: NOON + timedelta(minutes=30))
        assert (stage_of(action).name, stage_of(action).due_at) == ("books", left)

    def test_let_a_check_be_made_again(self, here: World) -> None:
        given.follow(here, given.CHECK, given.BOOKS)
        action = here.pending()
        checks.run_due(actor=system(Door.CELERY), clock=lambda: NOON)
        assert stage_of(asked(action, here.junior)).name == "books"
        answer(here, action, amount=900)
        assert stage_of(action).is_check
        checks.run_due(actor=system(Door.CELERY), clock=lambda: NOON)
        assert stage_of(action).name == "budget_by_hand"


class TestARefusedPayload:
    def refuse(self, here: World, action: Action, error: type[Exception], **changes: Any) -> Any:
        entries, revision = LedgerEntry.objects.count(), world.fresh(action).revision
        with pytest.raises(error) as refusal:
            answer(here, action, **changes)
        assert notes.open_question(action) is not None
        assert (LedgerEntry.objects.count(), world.fresh(action).revision) == (entries, revision)
        return refusal.value

    def test_says_why_policy_blocks_it_and_changes_nothing(self, here: World) -> None:
        world.publish(f"{world.POLICY}{BLOCK}\n", "invoices", here.owner, here.senior)
        refusal = self.refuse(here, asked(here.pending(), here.junior), BlockedByPolicy, issuer="Rogue")
        assert "Nothing goes to Rogue." in refusal.message
        assert refusal.details["rules"] == ["rude"]

    def test_has_the_types_form(self, here: World) -> None:
        self.refuse(here, asked(here.pending(), here.junior), SchemaFault, issuer="")

    def test_is_no_larger_than_a_proposals(self, here: World) -> None:
        self.refuse(here, asked(here.pending(), here.junior), TooLarge, memo="x" * 140_000)

    def test_differs_from_what_is_there(self, here: World) -> None:
        self.refuse(here, asked(here.pending(), here.junior), NothingChanged)

    def test_starts_nothing_under_a_halt(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        halts.start(
            actor=Actor(Door.ADMIN, person=here.senior),
            at=NOON,
            scope="desk",
            name="finance",
            reason="Something is odd.",
        )
        self.refuse(here, action, Halted, amount=700)
        notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="In words.")

    def test_is_of_a_kind_that_is_still_there(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        here.kind.is_active = False
        here.kind.save()
        self.refuse(here, action, UnknownType, amount=700)

    def test_comes_by_a_key_that_may_propose_it(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        here.scopes = frozenset({"propose:other", "read:own"})
        self.refuse(here, action, ScopeMissing, amount=700)

    def test_comes_in_time(self, here: World) -> None:
        action = asked(here.pending(world.NOON - timedelta(days=4), amount=9_000), here.senior)
        self.refuse(here, action, Expired, amount=700)

    def test_needs_a_question(self, here: World) -> None:
        with pytest.raises(WrongState):
            answer(here, here.pending(), amount=700)

    def test_comes_before_the_decision(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        world.decide("approve", action, here.junior)
        with pytest.raises(WrongState):
            answer(here, action, amount=700)


class TestTheRecordOfAnAnswer:
    def test_shows_what_the_agent_changed(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=700)
        told = next(each for each in timeline.of_action(action).moments if each.event == "information.given")
        assert [(change.pointer, change.before, change.after) for change in told.changes] == [("/amount", 717.97, 700)]
        assert told.rationale == "Corrected."

    def test_is_no_correction_of_a_reviewers(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        answer(here, action, amount=700)
        world.decide("approve", world.fresh(action), here.junior)
        assert complete([world.fresh(action)], here.as_agent())[0].changes == []
        assert corrections.page(here.as_agent()).rows == []

    def test_keeps_which_revision_it_brought(self, here: World) -> None:
        action = asked(here.pending(), here.junior)
        note = answer(here, action, amount=700)
        with pytest.raises(DatabaseError):
            Note.objects.filter(pk=note.pk).update(revision=None)
