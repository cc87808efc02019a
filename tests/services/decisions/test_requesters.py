"""Who asked for an action stays who asked for it, whatever they are called later, by every door and for every power."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from approvals import guards
from approvals.actors import Actor, Door, system
from approvals.authority import conflicts
from approvals.errors import NotAllowed, SelfApproval
from approvals.models import Action, Employee, Membership, Person
from approvals.services import routing
from approvals.services.accounts import delegations
from approvals.services.catalog import rows
from approvals.services.decisions import bulk, undo
from approvals.services.decisions.bulk import ReviewedItem
from approvals.services.directory import import_sheet
from approvals.services.execution import schedule
from approvals.services.intake import override, propose
from approvals.services.safety import break_glass
from approvals.states import DecisionType, Tier
from approvals.text.csv_sheet import SheetFaults
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
COMMAND = system(Door.COMMAND)


@pytest.fixture
def here(here: World) -> World:
    here.junior.first_name, here.junior.last_name = "June", "Low"
    here.junior.save()
    return here


def rename(person: Person, **names: str) -> Person:
    """Somebody else gives this person other names, in the admin."""
    found = Person.objects.get(pk=person.pk)
    vars(found).update(names)
    rows.save(found, Actor(Door.ADMIN, person=world.person(f"admin-{datetime.now(UTC).timestamp()}")), names)
    return found


def anew(person: Person) -> Person:
    """Give a person other names of every kind."""
    return rename(person, username="other", email="other@example.com", first_name="Other", last_name="Name")


def take(text: str, actor: Actor = COMMAND) -> None:
    import_sheet.import_sheet(actor=actor, at=NOON, sheet="people", content=text.encode())


def refused(action: Action, who: Person, door: Door = Door.ADMIN, verdict: str = "approve", **more: Any) -> None:
    with pytest.raises(SelfApproval):
        world.decide(verdict, world.fresh(action), who, door=door, **more)
    assert world.fresh(action).state == "pending"


class TestWhoAsked:
    @pytest.mark.parametrize(
        "name",
        [
            "Low, June",
            "Mr. Junior",
            "Frau junior",
            "Low June",
            "Ms June Low",
            "FIRM\\junior",
            "junior+tag@example.com",
            "Dr. LOW, June",
            "junior",
            "JUNIOR",
            "junior@example.com",
            "June Low",
            "Ann <junior@example.com>",
            "ｊｕｎｉｏｒ",
            "june  low",
            "jun\u0456or",
            "\u0458unior",
            "June L\u0585w",
        ],
    )
    def test_is_kept_as_a_person(self, here: World, name: str) -> None:
        assert here.pending(on_behalf_of=name).requesters == [here.junior.pk]

    def test_is_kept_by_id(self, here: World) -> None:
        assert here.pending(on_behalf_of=f"person:{here.junior.pk}").requesters == [here.junior.pk]

    @pytest.mark.parametrize("name", ["E4711", "Jo Niemand"])
    def test_is_kept_as_the_directory_knows_them(self, here: World, name: str) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        assert here.pending(on_behalf_of=name).requesters == [here.junior.pk]

    def test_is_everybody_of_a_name(self, here: World) -> None:
        twin = world.person("twin", first_name="June", last_name="Low")
        assert here.pending(on_behalf_of="June Low").requesters == [here.junior.pk, twin.pk]

    @pytest.mark.parametrize("name", ["", "nobody@example.com", "person:999999999999999999", "person:0", "@", "…"])
    def test_is_nobody_where_nobody_is_named(self, here: World, name: str) -> None:
        action = here.pending(on_behalf_of=name)
        assert action.requesters is None
        assert world.decide("approve", action, here.junior).is_final

    def test_is_found_by_names_that_were_saved_in_part_or_in_bulk(self, here: World) -> None:
        here.junior.email = "new@example.com"
        here.junior.save(update_fields=["email"])
        Person.objects.bulk_create([Person(username="bulk", email="bulk@example.com")])
        asked = [here.pending(on_behalf_of=f"{name}@example.com").requesters for name in ("new", "bulk")]
        assert asked == [[here.junior.pk], [Person.objects.get(username="bulk").pk]]

    def test_never_changes(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior")
        for value in ("[]", None, f"[{here.senior.pk}]"):
            refusal = pytest.raises(IntegrityError, match=guards.rows.CHANGED)
            with refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE approvals_action SET requesters = %s", [value])
        assert world.fresh(action).requesters == [here.junior.pk]

    def test_is_asked_in_one_statement_for_a_batch_and_by_indexes(self, here: World) -> None:
        names = ["junior", "senior@example.com", "June Low", "nobody", "person:1"]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = conflicts.named(names)
        assert len(captured) <= 1
        assert found["junior"] == [here.junior.pk]
        proposals = [here.proposal(on_behalf_of=name) for name in names]
        plain = [here.proposal() for _ in names]
        counts = []
        for batch in (plain, proposals):
            with CaptureQueriesContext(connection) as captured:
                propose.propose_many(actor=here.as_agent(), at=NOON, proposals=batch)
            counts.append(len(captured))
        assert counts[1] <= counts[0] + 1


class TestAfterANewName:
    @pytest.mark.parametrize("name", ["junior", "junior@example.com", "June Low"])
    @pytest.mark.parametrize("door", [Door.ADMIN, Door.API, Door.TOKEN])
    def test_they_decide_by_no_door(self, here: World, name: str, door: Door) -> None:
        action = here.pending(on_behalf_of=name)
        refused(action, anew(here.junior), door)

    def test_they_correct_nothing_and_decide_nothing_in_a_batch(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior@example.com")
        who = anew(here.junior)
        refused(action, who, verdict="modify", payload=action.revision.payload | {"amount": 700.5})
        seen = ReviewedItem(action.pk, 1, action.revision.digest, schedule.target_digest(here.kind))
        actor = Actor(Door.ADMIN, person=who)
        answers = bulk.decide(actor=actor, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=[seen])
        assert isinstance(answers[0].refusal, SelfApproval)

    def test_a_superuser_decides_no_more_than_others(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior")
        who = anew(here.junior)
        Person.objects.filter(pk=who.pk).update(is_superuser=True)
        refused(action, Person.objects.get(pk=who.pk))

    def test_they_lend_nobody_what_they_do_not_have(self, here: World) -> None:
        action = here.pending(amount=9_000, on_behalf_of="senior@example.com")
        friend, now = world.person("friend"), datetime.now(UTC)
        lender = anew(here.senior)
        delegations.grant(
            actor=Actor(Door.ADMIN, person=lender),
            at=now, person=lender, delegate=friend, ends_at=now + timedelta(days=1), desk=here.desk,
        )  # fmt: skip
        refused(action, friend)

    def test_they_decide_for_nobody(self, here: World) -> None:
        friend, now = world.person("friend"), datetime.now(UTC)
        action = here.pending(amount=9_000, on_behalf_of="friend")
        delegations.grant(
            actor=Actor(Door.ADMIN, person=here.senior),
            at=now, person=here.senior, delegate=friend, ends_at=now + timedelta(days=1), desk=here.desk,
        )  # fmt: skip
        refused(action, anew(friend))

    def test_they_are_passed_over_as_one_of_a_group(self, here: World) -> None:
        given.in_group(here.senior)
        given.follow(here, given.LEADS)
        action = here.pending(on_behalf_of="senior")
        refused(action, anew(here.senior))

    def test_they_take_nothing_by_escalating(self, here: World) -> None:
        given.in_group(given.at_desk("lead"))
        given.follow(here, given.LEADS)
        action = here.pending(on_behalf_of="junior")
        refused(action, anew(here.junior), verdict="escalate")

    def test_they_are_not_asked_by_name(self, here: World) -> None:
        vera = given.vera()
        given.follow(here, given.VERA)
        action = here.propose(on_behalf_of="vera@example.com")
        rename(vera, email="other@example.com")
        assert here.route(action).assigned_person_id is None

    def test_they_do_not_decide_with_broken_glass(self, here: World) -> None:
        helper = world.person("helper")
        helper.groups.add(Group.objects.get(name="Break-glass"))
        action = here.pending(on_behalf_of="helper")
        who = anew(Person.objects.get(pk=helper.pk))
        break_glass.start(
            actor=Actor(Door.ADMIN, person=who), at=NOON, desk="finance", reason="All are away.", password="secret"
        )
        refused(action, who)

    def test_they_do_not_decide_on_what_another_reopened(self, here: World) -> None:
        rule = "{name: never, when: 'true', outcome: block, says: Not any more.}"
        world.publish(f"{world.POLICY}rules: [{rule}]\n", "invoices", here.owner, here.senior)
        boss = world.person("boss")
        Membership.objects.create(person=boss, desk=here.desk, tier=Tier.SENIOR)
        boss.groups.add(Group.objects.get(name="Overriders"))
        blocked = here.pending(on_behalf_of="senior@example.com")
        who = anew(here.senior)
        actor = Actor(Door.ADMIN, person=Person.objects.get(pk=boss.pk))
        again = override.override_block(actor=actor, at=NOON, action_id=blocked.pk, reason="It is needed.")
        routing.route(actor=COMMAND, at=NOON, action_id=again.pk)
        refused(again, who)

    def test_they_are_barred_by_a_login_that_the_directory_took_away(self, here: World) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        action = here.pending(on_behalf_of="E4711")
        take("key,name,person\nE4711,Jo Niemand,\n")
        refused(action, here.junior)

    def test_others_decide_as_ever(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior@example.com")
        anew(here.junior)
        assert world.decide("approve", action, here.senior).is_final


class TestANameOfMeanwhile:
    @pytest.mark.parametrize("field", ["username", "email"])
    def test_bars_whoever_had_it_since(self, here: World, field: str) -> None:
        name = "guest@example.com" if field == "email" else "guest"
        action = here.pending(on_behalf_of=name)
        before = getattr(here.junior, field)
        rename(here.junior, **{field: name})
        refused(action, rename(here.junior, **{field: before}))

    def test_bars_whom_the_directory_called_so_since(self, here: World) -> None:
        action = here.pending(on_behalf_of="Guest")
        take("key,name,person\nE4711,Guest,junior\n")
        take("key,name,person\nE4711,Jo Niemand,\n")
        refused(action, here.junior)

    def test_bars_whoever_gave_it_up_before_where_nobody_has_it(self, here: World) -> None:
        rename(here.junior, email="former@example.com")
        who = rename(here.junior, email="now@example.com")
        refused(here.pending(on_behalf_of="former@example.com"), who)

    def test_bars_nobody_who_gave_it_up_before_another_had_it(self, here: World) -> None:
        rename(here.junior, email="former@example.com")
        who = rename(here.junior, email="now@example.com")
        rename(here.senior, email="former@example.com")
        after = datetime.now(UTC)
        action = here.pending(after, on_behalf_of="former@example.com")
        assert world.decide("approve", action, who, after).is_final


class TestOnesOwnName:
    @pytest.mark.parametrize("field", ["username", "email", "first_name", "last_name"])
    @pytest.mark.parametrize("is_superuser", [False, True])
    def test_is_changed_by_another(self, here: World, field: str, is_superuser: bool) -> None:
        me = world.person("me", is_superuser=is_superuser)
        setattr(me, field, "else")
        with pytest.raises(NotAllowed):
            rows.save(me, Actor(Door.ADMIN, person=me), [])
        assert getattr(Person.objects.get(pk=me.pk), field) != "else"

    def test_leaves_the_rest_to_oneself(self, here: World) -> None:
        me = world.person("me", is_superuser=True)
        me.time_zone = "Europe/Berlin"
        rows.save(me, Actor(Door.ADMIN, person=me), ["time_zone"])
        assert Person.objects.get(pk=me.pk).time_zone == "Europe/Berlin"

    @pytest.mark.parametrize(
        "line", ["E4711,Other Name,junior", "E4711,Jo Niemand,", "E4711,Jo Niemand,senior", "X1,Jo Niemand,junior"]
    )
    def test_is_changed_by_no_sheet_of_ones_own(self, here: World, line: str) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        with pytest.raises(SheetFaults, match="Line 2"):
            take(f"key,name,person\n{line}\n", Actor(Door.ADMIN, person=here.junior))
        assert Employee.objects.get().person_id == here.junior.pk

    @pytest.mark.parametrize("change", [{"key": "x"}, {"name": "x"}, {"person": None}], ids=str)
    def test_is_kept_in_the_directory_by_the_service(self, here: World, change: dict[str, Any]) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        row = Employee.objects.get()
        for field, value in change.items():
            setattr(row, field, value)
        import_sheet.spell(row)
        with pytest.raises(NotAllowed):
            rows.save(row, Actor(Door.ADMIN, person=here.junior), change)

    def test_is_not_taken_out_of_the_directory(self, here: World) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        with pytest.raises(NotAllowed):
            rows.delete(Employee.objects.get(), Actor(Door.ADMIN, person=here.junior))

    def test_may_be_changed_by_others_there(self, here: World) -> None:
        take("key,name,person\nE4711,Jo Niemand,junior\n")
        take("key,name,person\nE4711,Jo Jemand,junior\n", Actor(Door.ADMIN, person=here.senior))
        assert Employee.objects.get().name == "Jo Jemand"


class TestARecall:
    def test_is_open_to_whoever_asked(self, here: World) -> None:
        action = here.pending(on_behalf_of="junior")
        world.decide("approve", action, here.senior)
        undo.undo(actor=Actor(Door.ADMIN, person=anew(here.junior)), at=NOON, action_id=action.pk, rationale="Not yet.")
        refused(action, Person.objects.get(pk=here.junior.pk))
