"""Whose books a proposal belongs to."""

from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, UnknownType
from approvals.models import Action, Agent, Client, LedgerEntry, Membership, SubjectOwner
from approvals.queries.record import digests
from approvals.services.decisions import bulk
from approvals.services.directory import import_sheet
from approvals.services.intake import start
from approvals.states import Mode, Tier
from tests import plans, world
from tests.services.automation import given
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clients(here: World) -> None:
    """The clients `north` and `south`, for all of whom the junior and senior decide."""
    for key in ("north", "south"):
        Client.objects.create(key=key, name=key.title(), currency="CHF")
    for seat in Membership.objects.filter(desk=here.desk):
        seat.covers_clients = True
        seat.save()


def client(key: str) -> Client:
    """A client by its key."""
    return Client.objects.get(key=key)


class TestAProposal:
    def test_names_its_client(self, here: World) -> None:
        action = here.propose(client="north")
        assert action.client == client("north")
        assert '"client":"north"' in LedgerEntry.objects.get(action=action).data.replace(" ", "")

    def test_is_of_none_without(self, here: World) -> None:
        assert here.propose().client is None

    @pytest.mark.parametrize("owner", ["agent", "kind"])
    def test_is_of_the_client_of_its_agent_or_type(self, here: World, owner: str) -> None:
        row = getattr(here, owner)
        row.client = client("north")
        row.save()
        assert here.propose().client == client("north")
        assert here.propose(client="north").client == client("north")
        with pytest.raises(Malformed) as refused:
            here.propose(client="south")
        assert refused.value.details["field"] == "client"
        with pytest.raises(Malformed) as unknown:
            here.propose(client="nowhere")
        # Which clients there are is not told to an agent of one.
        assert str(unknown.value) == str(refused.value)

    def test_is_refused_where_agent_and_type_are_of_two(self, here: World) -> None:
        here.set_kind(client=client("south"))
        here.agent.client = client("north")
        here.agent.save()
        with pytest.raises(UnknownType) as refused:
            here.propose()
        # What is said of a type that there is not: of another client nobody learns even that.
        assert refused.value.details == {"action_type": here.kind.name}

    @pytest.mark.parametrize("key", ["nowhere", "north"])
    def test_names_no_unknown_or_inactive_client(self, here: World, key: str) -> None:
        row = client("north")
        row.is_active = False
        row.save()
        with pytest.raises(Malformed):
            here.propose(client=key)

    def test_has_no_parent_of_another_client(self, here: World) -> None:
        parent = here.propose(client="north")
        assert here.propose(client="north", parent=parent.pk).parent == parent
        for other in ("south", ""):
            with pytest.raises(Malformed):
                here.propose(client=other, parent=parent.pk)

    def test_is_another_request_for_another_client(self, here: World) -> None:
        first, second = (here.proposal(idempotency_key="k", client=key) for key in ("north", "south"))
        assert first.request_digest != second.request_digest


class TestTheClient:
    def test_is_what_is_approved(self, here: World) -> None:
        action = here.propose(client="north")
        assert digests.digest_now(action, action.revision) == action.revision.digest
        for other in (None, client("south").pk):
            action.client_id = other
            assert digests.digest_now(action, action.revision) != action.revision.digest

    def test_gives_an_amount_its_currency(self, here: World) -> None:
        here.set_kind(currency_pointer="")
        action = here.propose(client="north", amount=10)
        assert (action.currency, here.propose().currency) == ("CHF", "")

    def test_is_an_input_of_policy(self, here: World) -> None:
        rules = "rules:\n  - {name: north, when: 'client == \"north\"', outcome: escalate, says: Look.}\n"
        world.publish(world.POLICY + rules, "invoices", here.owner, here.senior)
        assert here.auto(client="north").required_tier == 2
        assert here.auto(client="south").state == here.auto().state == "approved"

    def test_divides_duplicates(self, here: World) -> None:
        marks = {here.propose(client=key, invoice_number="7").duplicate_fingerprint for key in ("north", "south", "")}
        assert len(marks) == 3

    def test_divides_a_bulk_decision(self, here: World) -> None:
        rows = [here.pending(client=key) for key in ("north", "south", "")]
        assert len({bulk.duplicate_fingerprint(row) for row in rows}) == 3

    def test_bounds_a_standing_rule(self, here: World) -> None:
        rule = given.make(here.junior, given.decided(here, here.junior, client="north"))
        assert rule.client == client("north")
        states = {key: here.pending(client=key).state for key in ("north", "south", "")}
        assert states == {"north": "approved", "south": "pending", "": "pending"}

    def test_has_a_responsible_person_whom_a_plan_asks(self, here: World) -> None:
        plans.follow(here, "{name: books, who: client.responsible}")
        who, row = world.person("responsible"), client("north")
        row.responsible = who
        row.save()
        assert here.pending(client="north").assigned_person == who
        # Nobody is responsible for the other.
        for other in ("south", ""):
            action = here.pending(client=other)
            assert (action.assigned_person, action.required_tier) == (None, Tier.SENIOR)

    def test_keeps_the_owner_of_a_subject_out_who_has_no_membership_for_it(self, here: World) -> None:
        plans.follow(here, "{name: books, who: owner}")
        owner = world.person("account-manager")
        row = SubjectOwner(subject="Paper Mill", owner=owner)
        import_sheet.spell(row)
        row.save()
        assert here.pending(client="").assigned_person == owner
        assert here.pending(client="north").assigned_person is None
        Membership.objects.create(person=owner, desk=here.desk, client=client("north"))
        assert here.pending(client="north").assigned_person == owner
        assert here.pending(client="south").assigned_person is None


class TestAPersonWhoStarts:
    def start(self, here: World, **more: Any) -> Action:
        return start.start(
            actor=Actor(Door.ADMIN, person=here.junior),
            at=NOON,
            name=here.kind.name,
            payload=here.proposal().payload,
            why="Because.",
            idempotency_key=f"start-{more}",
            **more,
        )

    def test_chooses_among_the_clients_of_their_memberships(self, here: World) -> None:
        here.set_kind(mode=Mode.IN_COMMAND)
        seat = Membership.objects.get(person=here.junior)
        seat.covers_clients, seat.client = False, client("north")
        seat.save()
        assert self.start(here, client="north").client == client("north")
        for other in ("south", ""):
            with pytest.raises(Malformed):
                self.start(here, client=other)

    def test_starts_no_type_of_another_client(self, here: World) -> None:
        here.set_kind(mode=Mode.IN_COMMAND, client=client("south"))
        seat = Membership.objects.get(person=here.junior)
        seat.covers_clients, seat.client = False, client("north")
        seat.save()
        with pytest.raises(NotAllowed):
            self.start(here, client="south")


class TestAnAgent:
    def test_of_one_client_needs_not_name_it(self, here: World) -> None:
        agent = Agent.objects.create(name="own", title="Own", owner=here.owner, client=client("north"))
        assert World(**(vars(here) | {"agent": agent})).propose().client == client("north")
