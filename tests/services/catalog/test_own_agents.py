"""Whoever has an agent changes neither what it may propose nor its own power, in whatever order the steps come."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from approvals.actors import Actor, Door, system
from approvals.authority import own_agents
from approvals.errors import NotAllowed
from approvals.models import ActionType, Agent, ApiKey, Desk, ExchangeRate, LedgerEntry, Person
from approvals.services.accounts import api_keys
from approvals.services.catalog import rows
from approvals.states import Mode, Stakes
from policies import db
from tests import world
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.fixture
def keeper(here: World) -> Person:
    """Somebody who looks after the catalog and has no agent."""
    return world.person("keeper")


def by(person: Person, door: Door = Door.ADMIN) -> Actor:
    return Actor(door, person=person)


def save(row: Any, actor: Actor, **fields: Any) -> None:
    """Change fields of a row as a form does, in a transaction that is not the step's own."""
    found = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(found, name, value)
    with transaction.atomic():
        rows.save(found, actor, fields)


def loosen(kind: ActionType, who: Person, **fields: Any) -> None:
    save(kind, by(who), **({"mode": Mode.AUTONOMOUS} | fields))


def add(kind: ActionType, who: Person, name: str) -> None:
    """Add an action type like another one, by another name."""
    new = ActionType.objects.get(pk=kind.pk)
    new.pk, new.name = None, name
    with transaction.atomic():
        rows.save(new, by(who), (), is_new=True)


def issue(here: World, who: Person, *scopes: str, agent: Agent | None = None) -> ApiKey:
    return api_keys.issue(actor=by(who), at=db.now(), agent=agent or here.agent, scopes=scopes).key


def set_rate(who: Person) -> ExchangeRate:
    rate = ExchangeRate(currency="USD", valid_from="2026-01-01", rate="0.92")
    with transaction.atomic():
        rows.save(rate, by(who), (), is_new=True)
    return rate


def again(kind: ActionType) -> ActionType:
    """The action type as the database has it now."""
    return ActionType.objects.get(pk=kind.pk)


def in_days(days: int) -> datetime:
    return db.now() + timedelta(days=days)


class TestAnActionType:
    @pytest.mark.parametrize("scope", ["propose:*", "propose:invoice.post"])
    def test_is_not_changed_by_the_owner_of_an_agent_that_may_propose_it(self, here: World, scope: str) -> None:
        issue(here, here.owner, scope)
        with pytest.raises(NotAllowed, match="You cannot change this action type because"):
            loosen(here.kind, here.owner)
        assert again(here.kind).mode == Mode.ON_THE_LOOP

    @pytest.mark.parametrize("door", list(Door))
    def test_is_not_by_any_door(self, here: World, door: Door) -> None:
        issue(here, here.owner, "propose:*")
        with pytest.raises(NotAllowed):
            save(here.kind, by(here.owner, door), stakes=Stakes.LOW)

    @pytest.mark.parametrize(
        "fields",
        [
            {"title": "Post it"},
            {"amount_pointer": ""},
            {"target": {}},
            {"sample_rate": 0.0},
            {"valid_seconds": 1},
            {"standing_rule_approvers": None},
        ],
        ids=str,
    )
    def test_is_not_in_any_field(self, here: World, fields: dict[str, Any]) -> None:
        issue(here, here.owner, "propose:*")
        with pytest.raises(NotAllowed):
            save(here.kind, by(here.owner), **fields)

    def test_is_not_changed_by_superusers_either(self, here: World) -> None:
        Person.objects.filter(pk=here.owner.pk).update(is_superuser=True)
        issue(here, here.owner, "propose:*")
        with pytest.raises(NotAllowed):
            loosen(here.kind, Person.objects.get(pk=here.owner.pk))

    def test_is_not_changed_by_whoever_holds_any_key_of_the_agent(self, here: World) -> None:
        holder = world.person("holder", is_superuser=True)
        issue(here, here.owner, "propose:*")
        issue(here, holder, "read:own")
        with pytest.raises(NotAllowed):
            loosen(here.kind, holder)

    def test_is_changed_by_the_owner_of_an_agent_that_may_not_propose_it(self, here: World) -> None:
        issue(here, here.owner, "propose:other.kind", "read:own")
        loosen(here.kind, here.owner)
        assert again(here.kind).mode == Mode.AUTONOMOUS

    def test_is_changed_by_somebody_without_an_agent(self, here: World, keeper: Person) -> None:
        issue(here, here.owner, "propose:*")
        loosen(here.kind, keeper)
        assert again(here.kind).mode == Mode.AUTONOMOUS

    def test_is_changed_by_the_product_itself(self, here: World) -> None:
        issue(here, here.owner, "propose:*")
        save(here.kind, system(Door.COMMAND), mode=Mode.AUTONOMOUS)
        assert again(here.kind).mode == Mode.AUTONOMOUS

    def test_is_not_removed_either(self, here: World) -> None:
        issue(here, here.owner, "propose:*")
        with pytest.raises(NotAllowed), transaction.atomic():
            rows.delete(here.kind, by(here.owner))

    @pytest.mark.parametrize("scope", ["propose:*", "propose:wire.pay"])
    def test_is_not_added_either(self, here: World, scope: str) -> None:
        issue(here, here.owner, scope)
        with pytest.raises(NotAllowed):
            add(here.kind, here.owner, "wire.pay")

    def test_is_not_given_the_name_that_a_key_of_ones_own_may_propose(self, here: World) -> None:
        issue(here, here.owner, "propose:wire.pay")
        with pytest.raises(NotAllowed):
            save(here.kind, by(here.owner), name="wire.pay")


class TestWhatWasUntilLately:
    def test_counts_for_an_owner_who_handed_the_agent_over(self, here: World, keeper: Person) -> None:
        issue(here, here.owner, "propose:*")
        save(here.agent, by(keeper), owner=here.senior)
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.owner)

    def test_counts_for_somebody_who_owned_it_in_between(self, here: World, keeper: Person) -> None:
        issue(here, here.owner, "propose:*")
        save(here.agent, by(keeper), owner=here.senior)
        save(here.agent, by(keeper), owner=here.owner)
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.senior)

    def test_counts_a_month_and_no_longer(self, here: World, keeper: Person) -> None:
        issue(here, world.person("root", is_superuser=True), "propose:*")
        save(here.agent, by(keeper), owner=here.senior)
        assert own_agents.proposing(here.owner, {"invoice.post"}, in_days(29)) == here.agent
        assert own_agents.proposing(here.owner, {"invoice.post"}, in_days(31)) is None
        assert own_agents.proposing(here.senior, {"invoice.post"}, in_days(31)) == here.agent

    def test_counts_for_a_key_that_was_revoked(self, here: World) -> None:
        key = issue(here, here.owner, "propose:*")
        api_keys.revoke(actor=by(here.owner), at=db.now(), identifier=key.identifier)
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.owner)

    def test_counts_for_a_key_that_expired(self, here: World) -> None:
        key = issue(here, here.owner, "propose:*")
        ApiKey.objects.filter(pk=key.pk).update(expires_at=db.now() - timedelta(days=29))
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.owner)
        ApiKey.objects.filter(pk=key.pk).update(expires_at=db.now() - timedelta(days=31))
        loosen(here.kind, here.owner)


class TestTheOtherOrder:
    @pytest.mark.parametrize("scope", ["propose:*", "propose:invoice.post"])
    def test_gives_no_key_to_whoever_changed_what_it_proposes(self, here: World, scope: str) -> None:
        loosen(here.kind, here.owner)
        with pytest.raises(NotAllowed, match="changed the action type “Post invoice” within the last 30 days"):
            issue(here, here.owner, scope)

    def test_gives_no_key_by_another_to_such_an_owner(self, here: World) -> None:
        loosen(here.kind, here.owner)
        with pytest.raises(NotAllowed):
            issue(here, world.person("root", is_superuser=True), "propose:*")

    def test_gives_no_key_to_such_a_holder_of_somebody_elses_agent(self, here: World) -> None:
        holder = world.person("holder", is_superuser=True)
        loosen(here.kind, holder)
        with pytest.raises(NotAllowed):
            issue(here, holder, "propose:*")

    def test_gives_no_key_for_a_type_that_one_has_just_added(self, here: World) -> None:
        add(here.kind, here.owner, "wire.pay")
        with pytest.raises(NotAllowed):
            issue(here, here.owner, "propose:wire.pay")

    def test_gives_no_key_for_the_name_that_the_type_had(self, here: World) -> None:
        save(here.kind, by(here.owner), name="invoice.book")
        with pytest.raises(NotAllowed):
            issue(here, here.owner, "propose:invoice.post")

    def test_gives_keys_for_other_types_and_after_a_month(self, here: World) -> None:
        loosen(here.kind, here.owner)
        issue(here, here.owner, "propose:other.kind", "read:own")
        assert own_agents.changed_by(here.owner, {"propose:*"}, in_days(29)) == [here.kind]
        assert own_agents.changed_by(here.owner, {"propose:*"}, in_days(31)) == []

    def test_makes_nobody_owner_who_changed_what_the_agent_proposes(self, here: World, keeper: Person) -> None:
        issue(here, here.owner, "propose:*")
        loosen(here.kind, here.senior)
        with pytest.raises(NotAllowed, match="senior changed"):
            save(here.agent, by(keeper), owner=here.senior)
        save(here.agent, by(keeper), owner=here.junior)


class TestAnAgent:
    @pytest.mark.parametrize("fields", [{"mode": Mode.AUTONOMOUS}, {"mode": Mode.IN_THE_LOOP}], ids=str)
    def test_of_ones_own_keeps_its_mode(self, here: World, fields: dict[str, Any]) -> None:
        with pytest.raises(NotAllowed, match="You cannot activate"):
            save(here.agent, by(here.owner), **fields)

    def test_of_ones_own_is_handed_over_by_another(self, here: World, keeper: Person) -> None:
        with pytest.raises(NotAllowed):
            save(here.agent, by(here.owner), owner=here.senior)
        save(here.agent, by(keeper), owner=here.senior)
        assert Agent.objects.get().owner == here.senior

    def test_of_ones_own_is_stopped_but_not_started_again(self, here: World) -> None:
        save(here.agent, by(here.owner), is_active=False)
        with pytest.raises(NotAllowed):
            save(here.agent, by(here.owner), is_active=True)
        assert not Agent.objects.get().is_active

    def test_of_ones_own_takes_another_title_and_version(self, here: World) -> None:
        save(here.agent, by(here.owner), title="Bot", version="2")
        assert (Agent.objects.get().title, Agent.objects.get().version) == ("Bot", "2")

    def test_is_not_made_ones_own(self, here: World, keeper: Person) -> None:
        with pytest.raises(NotAllowed):
            save(here.agent, by(keeper), owner=keeper)
        assert Agent.objects.get().owner == here.owner

    def test_is_ones_own_for_whoever_holds_its_key(self, here: World) -> None:
        holder = world.person("holder", is_superuser=True)
        issue(here, holder, "read:own")
        with pytest.raises(NotAllowed):
            save(here.agent, by(holder), mode=Mode.AUTONOMOUS)


class TestAnExchangeRate:
    def test_is_set_by_nobody_whose_agent_proposes_amounts(self, here: World, keeper: Person) -> None:
        issue(here, here.owner, "propose:invoice.post")
        with pytest.raises(NotAllowed, match="You cannot change exchange rates because"):
            set_rate(here.owner)
        rate = set_rate(keeper)
        with pytest.raises(NotAllowed):
            save(rate, by(here.owner), rate="0.0001")
        with pytest.raises(NotAllowed), transaction.atomic():
            rows.delete(rate, by(here.owner))

    def test_is_set_by_the_owner_of_an_agent_that_proposes_none(self, here: World) -> None:
        issue(here, here.owner, "propose:other.kind", "read:own")
        set_rate(here.owner)
        assert ExchangeRate.objects.exists()

    def test_gives_no_key_and_no_agent_to_whoever_set_one_lately(self, here: World, keeper: Person) -> None:
        set_rate(here.owner)
        with pytest.raises(NotAllowed, match="owner changed an exchange rate within the last 30 days"):
            issue(here, here.owner, "propose:*")
        issue(here, here.owner, "propose:other.kind", "read:own")

    def test_is_an_exception_in_a_firm_of_one(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        issue(here, here.owner, "propose:*")
        set_rate(here.owner)
        assert '"exception":"solo"' in LedgerEntry.objects.get(event="setup.exchange_rate.added").body


class TestAFirmOfOne:
    def test_changes_its_types_and_the_entry_says_that_it_is_an_exception(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        issue(here, here.owner, "propose:*")
        loosen(here.kind, here.owner)
        assert '"exception":"solo"' in LedgerEntry.objects.get(event="setup.action_type.changed").body

    def test_takes_keys_and_changes_its_agent_as_an_exception(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        loosen(here.kind, here.owner)
        issue(here, here.owner, "propose:*")
        save(here.agent, by(here.owner), mode=Mode.AUTONOMOUS)
        for event in ("key.issued", "setup.agent.changed"):
            assert '"exception":"solo"' in LedgerEntry.objects.get(event=event).body

    def test_is_none_where_the_type_comes_from_another_desk(self, here: World) -> None:
        issue(here, here.owner, "propose:*")
        mine = Desk.objects.create(slug="mine", name="Mine", is_solo=True)
        with pytest.raises(NotAllowed):
            save(here.kind, by(here.owner), desk=mine)

    def test_is_none_that_one_has_just_declared_among_others(self, here: World) -> None:
        issue(here, here.owner, "propose:*")
        save(here.desk, by(here.owner), is_solo=True)
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.owner)
        save(here.desk, by(here.owner), name="Money")
        with pytest.raises(NotAllowed):
            loosen(here.kind, here.owner)

    def test_is_one_where_there_is_really_nobody_else(self, here: World) -> None:
        issue(here, here.owner, "propose:*")
        Person.objects.exclude(pk=here.owner.pk).update(is_active=False)
        save(here.desk, by(here.owner), is_solo=True)
        loosen(here.kind, here.owner)
        assert again(here.kind).mode == Mode.AUTONOMOUS

    def test_leaves_no_exception_where_none_was_needed(self, here: World, keeper: Person) -> None:
        Desk.objects.update(is_solo=True)
        loosen(here.kind, keeper)
        assert "exception" not in LedgerEntry.objects.get(event="setup.action_type.changed").body
