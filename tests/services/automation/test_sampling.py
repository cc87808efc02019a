"""Sampling: a share of what ran by itself is looked at afterwards, and what was wrong has consequences."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models.deletion import ProtectedError

from approvals import guards
from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound, NotYourDesk, RationaleMissing, SelfApproval, WrongState
from approvals.models import Action, Desk, LedgerEntry, Person, SampleCheck
from approvals.queries.automation import samples
from approvals.queries.insight import inventory
from approvals.queries.insight.figures.proportions import Share
from approvals.services.automation import sampling
from approvals.states import Mode
from tests import world
from tests.services.automation.given import fresh, granting
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def sampled(here: World, who: Person | None = None) -> SampleCheck:
    """An action that a standing rule of this person let through and that was drawn."""
    granting(here, who, sample_rate=1.0)
    return SampleCheck.objects.get(action=here.pending())


def check(who: Person, sample: SampleCheck, is_right: bool = True, note: str = "", door: Door = Door.ADMIN) -> Any:
    actor = Actor(door, person=who)
    return sampling.check(actor=actor, at=NOON, sample_id=sample.pk, is_right=is_right, note=note)


class TestTheShare:
    def test_is_the_same_for_ever_and_about_as_large_as_was_asked(self) -> None:
        ids = [uuid.UUID(int=number) for number in range(4_000)]
        drawn = [each for each in ids if sampling.is_drawn("salt", each, 0.05)]
        assert drawn == [each for each in ids if sampling.is_drawn("salt", each, 0.05)]
        assert 140 < len(drawn) < 260
        assert drawn != [each for each in ids if sampling.is_drawn("other", each, 0.05)]

    def test_of_nothing_is_nothing_and_of_all_is_all(self) -> None:
        ids = [uuid.UUID(int=number) for number in range(100)]
        assert not any(sampling.is_drawn("salt", each, 0.0) for each in ids)
        assert all(sampling.is_drawn("salt", each, 1.0) for each in ids)

    def test_of_a_rule_is_drawn_in_the_transaction_that_routes(self, here: World) -> None:
        sample = sampled(here)
        assert (sample.state, sample.rule and sample.rule.made_by, sample.desk) == ("open", here.junior, here.desk)
        assert LedgerEntry.objects.filter(event="sample.drawn").count() == 1

    @pytest.mark.parametrize(("rate", "is_drawn"), [(None, True), (0.0, False)])
    def test_of_an_action_type_that_says_none_is_a_twentieth(
        self, here: World, rate: float | None, is_drawn: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here.kind.mode, here.kind.sample_rate = Mode.ON_THE_LOOP, rate
        here.kind.save()
        shares: list[float] = []
        monkeypatch.setattr(sampling, "is_drawn", lambda _salt, _key, share: bool(shares.append(share)) or True)
        here.auto()
        assert (SampleCheck.objects.exists(), shares) == (is_drawn, [0.05] if is_drawn else [])

    @pytest.mark.parametrize(("mode", "count"), [(Mode.ON_THE_LOOP, 1), (Mode.AUTONOMOUS, 1), (Mode.IN_THE_LOOP, 0)])
    def test_of_what_policy_lets_run_is_the_kinds_where_nobody_looks_before(
        self, here: World, mode: str, count: int
    ) -> None:
        here.kind.mode, here.kind.sample_rate = mode, 1.0
        here.kind.save()
        here.auto()
        here.pending()
        assert SampleCheck.objects.filter(rule__isnull=True).count() == count


class TestACheck:
    def test_finds_it_right(self, here: World) -> None:
        sample = check(here.senior, sampled(here))
        assert (sample.state, sample.checked_by, sample.checked_at) == ("ok", here.senior, NOON)
        assert fresh(sample.rule).state == "active"
        assert [row.state for row in sample.history.order_by("history_id")] == ["open", "ok"]

    def test_that_finds_it_wrong_stops_the_rule(self, here: World) -> None:
        sample = check(here.senior, sampled(here), is_right=False, note="Posted twice.")
        rule = fresh(sample.rule)
        assert (rule.state, rule.ended_by, rule.end_reason) == (
            "stopped",
            here.senior,
            "A spot check found an incorrect action.",
        )
        assert here.pending().state == "pending"

    def test_that_finds_it_wrong_says_what(self, here: World) -> None:
        with pytest.raises(RationaleMissing):
            check(here.senior, sampled(here), is_right=False)

    def test_is_in_the_error_rate(self, here: World) -> None:
        sample = sampled(here)  # made from one approval by a person
        check(here.senior, sample, is_right=False, note="Posted twice.")
        actor = Actor(Door.ADMIN, person=here.junior)
        day = timedelta(days=1)
        (line,) = inventory.lines(actor, NOON - day, NOON + day)
        assert (line.by_itself, line.by_people, line.sampled, line.wrong) == (1, 1, 1, 1)
        assert (line.of_checked, line.of_people) == (Share(1, 1), Share(0, 1))

    def test_by_the_rules_maker_may_only_find_it_wrong(self, here: World) -> None:
        sample = sampled(here)
        with pytest.raises(SelfApproval):
            check(here.junior, sample)
        assert LedgerEntry.objects.filter(event="sample.check_refused").count() == 1
        assert check(here.junior, sample, is_right=False, note="Mine was wrong.").state == "wrong"

    def test_in_a_firm_of_one_is_by_that_one(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        assert check(here.junior, sampled(here)).state == "ok"

    def test_is_not_for_tokens_strangers_or_readers(self, here: World) -> None:
        sample = sampled(here)
        with pytest.raises(NotAllowed):
            check(here.senior, sample, door=Door.TOKEN)
        with pytest.raises(NotFound):
            check(here.owner, sample)
        with pytest.raises(NotYourDesk):
            check(world.auditor(), sample)

    def test_happens_once(self, here: World) -> None:
        sample = sampled(here)
        check(here.senior, sample)
        with pytest.raises(WrongState, match="senior"):
            check(here.senior, sample)

    def test_keeps_notes_short(self, here: World) -> None:
        with pytest.raises(Malformed):
            check(here.senior, sampled(here), note="x" * 501)


class TestWhatWaits:
    def test_is_of_ones_own_desks_and_oldest_first(self, here: World) -> None:
        first = sampled(here)
        second = SampleCheck.objects.get(action=here.pending())
        assert list(samples.waiting(here.senior)) == [first, second]
        assert list(samples.waiting(here.owner)) == []
        check(here.senior, first)
        assert list(samples.waiting(here.senior)) == [second]
        assert set(samples.visible_to(here.senior)) == {first, second}


class TestTheDatabase:
    def test_keeps_what_was_found(self, here: World) -> None:
        check(here.senior, sampled(here))
        with pytest.raises(DatabaseError, match=guards.automation.SETTLED), connection.cursor() as cursor:
            cursor.execute("UPDATE approvals_samplecheck SET state = 'wrong'")

    def test_keeps_a_drawn_one(self, here: World) -> None:
        sampled(here)
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM approvals_samplecheck")
        with pytest.raises(ProtectedError):
            Action.objects.latest("id").delete()
        assert datetime.now(UTC)
