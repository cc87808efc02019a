"""Notes: comments, questions to the agent and its answers; none of them decides."""

import pytest
from django.db import DatabaseError

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound, NotYourDesk, TooLarge, WrongState
from approvals.models import Action, Agent, Delivery, LedgerEntry, Note, Person
from approvals.models.deliveries import ANSWERED
from approvals.services.decisions import notes
from approvals.states import ActionState
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def say(verb: str, action: Action, who: Person, text: str) -> Note:
    actor = Actor(door=Door.ADMIN, person=who)
    note: Note = getattr(notes, verb)(actor=actor, at=NOON, action_id=action.pk, text=text)
    return note


def answer(here: World, action: Action, text: str, **more: object) -> Note:
    return notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text=text, **more)  # type: ignore[arg-type]


class TestComment:
    def test_stays_with_the_action(self, here: World, action: Action) -> None:
        note = say("comment", action, here.junior, "Ask Kim about this one.")
        assert (note.author, note.words, note.entry.event) == (
            here.junior,
            "Ask Kim about this one.",
            "action.commented",
        )

    def test_puts_no_words_on_the_ledger(self, here: World, action: Action) -> None:
        note = say("comment", action, here.junior, "Ask Kim about this one.")
        assert "Kim" not in note.entry.body
        assert note.text.digest in note.entry.body

    def test_is_possible_after_the_decision(self, here: World, action: Action) -> None:
        world.decide("approve", action, here.junior)
        assert say("comment", action, here.senior, "Right.").author == here.senior

    @pytest.mark.parametrize("text", ["", "  ", "x" * 5_001], ids=["nothing", "blanks", "too much"])
    def test_needs_some_words_and_not_too_many(self, here: World, action: Action, text: str) -> None:
        with pytest.raises(Malformed):
            say("comment", action, here.junior, text)

    def test_is_for_those_who_review_there(self, action: Action) -> None:
        with pytest.raises(NotFound):
            say("comment", action, world.person("stranger"), "Hello.")
        with pytest.raises(NotYourDesk):
            say("comment", action, world.auditor(), "Hello.")

    def test_never_changes(self, here: World, action: Action) -> None:
        note = say("comment", action, here.junior, "Ask Kim.")
        with pytest.raises(DatabaseError):
            Note.objects.filter(pk=note.pk).update(person=here.senior)
        with pytest.raises(DatabaseError):
            Note.objects.filter(pk=note.pk).delete()


class TestAsk:
    def test_leaves_a_question_open(self, here: World, action: Action) -> None:
        note = say("ask", action, here.junior, "Which order is this for?")
        assert notes.open_question(action) == note
        assert Action.objects.get(pk=action.pk).state == ActionState.PENDING

    def test_is_refused_while_one_is_open(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "Which order?")
        with pytest.raises(WrongState):
            say("ask", action, here.senior, "Which order?")

    def test_is_refused_where_nothing_waits(self, here: World) -> None:
        with pytest.raises(WrongState):
            say("ask", here.approved(), here.senior, "Which order?")

    def test_keeps_nobody_from_deciding(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "Which order?")
        world.decide("reject", action, here.junior)
        assert Action.objects.get(pk=action.pk).state == ActionState.REJECTED


class TestAnswer:
    def test_closes_the_question_and_tells_who_asked(self, here: World, action: Action) -> None:
        question = say("ask", action, here.junior, "Which order?")
        note = answer(here, action, "Order 7.", evidence=[{"label": "Order", "value": "7"}])
        assert (note.answers, note.author, note.words) == (question, here.agent, "Order 7.")
        assert note.evidence == [{"label": "Order", "value": "7"}]
        assert notes.open_question(action) is None
        assert Delivery.objects.get(kind="information.given").person == here.junior
        assert LedgerEntry.objects.get(event="information.given").actor == f"agent:{here.agent.pk}"

    def test_tells_of_each_answer_of_a_round(self, here: World, action: Action) -> None:
        for turn in ("first", "second"):
            say("ask", action, here.junior, f"The {turn} question?")
            answer(here, action, f"The {turn} answer.")
        told = [delivery for delivery in Delivery.objects.filter(person=here.junior) if delivery.event == ANSWERED]
        assert sorted(delivery.number for delivery in told) == [1, 2]

    def test_has_its_secrets_taken_out(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "How did you sign in?")
        note = answer(
            here, action, "With Bearer abcdefghijklmnopqrstuv", evidence=[{"label": "key", "password": "x1y2"}]
        )
        assert "abcdefghijklmnop" not in note.words
        assert "x1y2" not in str(note.evidence)

    def test_needs_a_question(self, here: World, action: Action) -> None:
        with pytest.raises(WrongState):
            answer(here, action, "Nobody asked.")

    def test_is_refused_once_decided(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "Which order?")
        world.decide("approve", action, here.junior)
        with pytest.raises(WrongState):
            answer(here, action, "Order 7.")

    def test_is_bounded(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "Which order?")
        with pytest.raises(TooLarge):
            answer(here, action, "All of it.", evidence=[{"label": "Log", "value": "x" * 70_000}])

    def test_is_for_the_actions_own_agent(self, here: World, action: Action) -> None:
        say("ask", action, here.junior, "Which order?")
        other = Agent.objects.create(name="other", title="Other", owner=here.owner)
        with pytest.raises(NotFound):
            notes.answer(actor=Actor(Door.API, agent=other), at=NOON, action_id=action.pk, text="Order 8.")
        with pytest.raises((NotAllowed, NotFound)):
            notes.answer(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, action_id=action.pk, text="Order 8.")
