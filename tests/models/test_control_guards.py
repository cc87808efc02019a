"""What the database demands of control rows and of the ledger's own: an entry that holds what was changed."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from approvals import guards
from approvals.actors import Door, system
from approvals.ids import uuid7
from approvals.models import Holiday, LedgerEntry, LedgerOutbox, LedgerPosition, Membership, Person
from approvals.models.recorded import Recorded
from approvals.services.ledger import entries, sequencing
from approvals.services.ledger.entries import Event
from policies.engine.values.canonical import canonical_bytes
from tests.models.test_guards import refused
from tests.world import NOON, World, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
FACT = Event(system(Door.CLOCK), NOON, "x.changed")


def run(statement: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def entry(**changes: Any) -> LedgerEntry:
    """An entry that holds together but for what is said."""
    made = entries._entry(FACT, None, None, "", uuid7(), is_move=False)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


class TestAControlRow:
    def test_is_not_changed_without_an_entry(self, here: World) -> None:
        with refused(guards.control.BARE):
            run("UPDATE approvals_membership SET tier = 2 WHERE tier = 1")

    def test_is_not_changed_by_an_entry_of_before(self, here: World) -> None:
        member = Membership.objects.get(person=here.junior)
        former = member.entry_id
        Membership.objects.filter(pk=member.pk).update(tier=2)
        with refused(guards.control.BARE):
            run("UPDATE approvals_membership SET tier = 1, entry_id = %s WHERE id = %s", stored(former), member.pk)

    def test_is_not_changed_by_an_entry_that_never_comes(self, here: World) -> None:
        with refused("(?i)foreign key|history row"):
            run("UPDATE approvals_membership SET tier = 2, entry_id = %s WHERE tier = 1", stored(uuid7()))

    def test_is_not_changed_to_what_its_history_does_not_hold(self, here: World) -> None:
        member = Membership.objects.get(person=here.junior)
        with refused(guards.control.UNTOLD), transaction.atomic():
            member.attach(uuid7())
            Recorded.save(member, is_recorded=True)
            member.tier = 2
            entries._of_row(member, FACT, entries.keep_history(member, FACT), member.entry_id)

    def test_is_not_removed_without_an_entry(self, here: World) -> None:
        with refused(guards.control.REMOVED):
            run("DELETE FROM approvals_membership")

    def test_is_not_added_without_an_entry(self, here: World) -> None:
        columns = "desk_id, tier, max_stakes, ceilings, seal"
        with refused(guards.control.BARE):
            run(
                f"INSERT INTO approvals_membership (person_id, {columns}) SELECT %s, {columns} FROM "
                "approvals_membership LIMIT 1",
                here.owner.pk,
            )

    def test_signs_in_without_one(self, here: World) -> None:
        before = LedgerEntry.objects.count()
        here.junior.last_login = NOON
        here.junior.save(update_fields=["last_login"])
        assert (LedgerEntry.objects.count(), Person.objects.get(pk=here.junior.pk).is_sealed) == (before, True)

    def test_takes_with_it_what_goes_with_it_each_with_an_entry(self, here: World) -> None:
        seats = here.desk.memberships.count()
        here.kind.delete()
        here.desk.delete()
        assert LedgerEntry.objects.filter(event="row.removed").count() == seats + 2
        assert not Holiday.objects.exists()


class TestAnEntry:
    # SQLite cannot hash: there only the pages of the record find it.
    @pytest.mark.postgresql_only
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("event", "y"), ("actor", "person:1"), ("door", "admin"), ("history_id", uuid7()), ("id", uuid7())),
            *(("at", NOON + timedelta(microseconds=1)), ("data", '{"row": "1"}'), ("digest", "0" * 64)),
        ],
    )
    def test_is_what_its_digest_covers(self, here: World, name: str, value: object) -> None:
        with refused(guards.ledger.OTHERWISE):
            entry(**{name: value}).save(force_insert=True)

    @pytest.mark.parametrize(("name", "value"), [("history_digest", "0" * 64), ("data", "[]")])
    def test_holds_together(self, here: World, name: str, value: object) -> None:
        made = entry(**{name: value})
        made.digest = hashlib.sha256(made.body.encode()).hexdigest()
        with refused(guards.ledger.OTHERWISE):
            made.save(force_insert=True)

    @pytest.mark.parametrize("words", ['"', "\\", "\x1f\n\t", "\x7f", "é\u2028", "\U0001f600", "</script>"])
    def test_may_hold_any_text(self, here: World, words: str) -> None:
        made = entries._entry(replace(FACT, event=words, data={"x": words}), None, None, "", uuid7(), is_move=False)
        made.save(force_insert=True)
        assert canonical_bytes(json.loads(made.body)) == made.body.encode()

    def test_of_a_change_of_state_names_its_history_row(self, here: World) -> None:
        action = here.propose()
        with refused(guards.ledger.BLANK), transaction.atomic():
            before = action.state
            action.queue()
            action.attach(uuid7())
            action.skip_history_when_saving = True
            action.save()
            fact = replace(FACT, event="action.routed")
            entries._entry(fact, action, None, before, action.entry_id).save(force_insert=True)

    def test_gets_the_next_position_only(self, here: World) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=NOON, limit=2)
        waiting = LedgerOutbox.objects.order_by("number").first()
        for number in (4, 2**63 - 1):
            with refused(guards.ledger.SPARSE):
                LedgerPosition.objects.create(number=number, entry_id=waiting.entry_id)
        assert sequencing.sequence(actor=system(Door.CLOCK), at=NOON) > 0

    def test_waits_as_itself(self, here: World) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=NOON, limit=2)
        numbered = LedgerPosition.objects.first()
        with refused(guards.ledger.WAITING):
            run("UPDATE approvals_ledgeroutbox SET entry_id = %s", stored(numbered.entry_id))
        with refused(guards.ledger.WAITING):
            run("INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (%s)", stored(numbered.entry_id))
