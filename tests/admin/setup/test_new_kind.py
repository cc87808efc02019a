"""The pages of a new action type once the installation is live, and who may use them."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from approvals.actors import Actor, Door
from approvals.errors import WrongState
from approvals.models import Action, ActionType, Agent, ApiKey, Desk, Person
from approvals.services.catalog.kinds import sketch
from approvals.services.configuration import new_kind
from approvals.services.configuration.new_kind import NewKind
from policies.queries import in_force
from tests import world
from tests.admin.conftest import signed_in
from tests.journeys.test_set_up import NEW_KIND, QUOTE, Visitor
from tests.world import NOON, World

CONNECT = "/admin/setup/connect/send_a_quote/"


@pytest.fixture
def keeper(live: World) -> Person:
    """Somebody of the group that sets up."""
    found = world.person("ada")
    found.groups.set(Group.objects.filter(name="Administrators"))
    return found


@pytest.fixture
def visitor(keeper: Person) -> Visitor:
    return Visitor(keeper)


def ask_for(visitor: Visitor, live: World, **policy: str) -> None:
    visitor.open(NEW_KIND)
    visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
    visitor.send(NEW_KIND)
    visitor.send(NEW_KIND, undo="reversible", outside="yes", harm="medium", desk=str(live.desk.pk))
    visitor.send(NEW_KIND, **policy)
    visitor.send(NEW_KIND, go="create")


class TestOnceLive:
    def test_what_may_run_automatically_waits_for_a_second_person(self, visitor: Visitor, live: World) -> None:
        ask_for(visitor, live, card="amount")
        asked = set(Action.objects.values_list("action_type__name", flat=True))
        assert asked == {"config.change", "policy.publish"}
        assert not ActionType.objects.filter(name="send_a_quote").exists()
        assert in_force.in_force("send_a_quote") is None

    def test_what_always_asks_is_there_immediately(self, visitor: Visitor, live: World) -> None:
        ask_for(visitor, live, card="ask")
        assert ActionType.objects.get(name="send_a_quote").mode == "in_the_loop"
        assert [action.action_type.name for action in Action.objects.all()] == ["policy.publish"]

    def test_a_policy_in_force_is_used_as_it_is(self, visitor: Visitor, live: World) -> None:
        ask_for(visitor, live, card="existing", existing="invoices")
        assert [action.action_type.name for action in Action.objects.all()] == ["config.change"]

    def test_nobody_decides_alone_at_a_new_desk(self, visitor: Visitor) -> None:
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
        assert "I decide alone" not in visitor.send(NEW_KIND)

    def test_whoever_may_write_no_policy_chooses_one_in_force(self, live: World) -> None:
        person = world.person("ivo")
        person.groups.set(Group.objects.filter(name="Integrators"))
        visitor = Visitor(person)
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
        visitor.send(NEW_KIND)
        page = visitor.send(NEW_KIND, undo="reversible", outside="yes", harm="medium", desk=str(live.desk.pk))
        assert 'value="existing"' in page and 'value="amount"' not in page

    def test_the_service_itself_refuses_one_person_alone(self, keeper: Person, live: World) -> None:
        kind = sketch.begun("Send a quote", QUOTE).as_row(live.desk, keeper)
        with pytest.raises(WrongState, match="set-up is over"):
            new_kind.set_up(actor=Actor(Door.ADMIN, person=keeper), at=NOON, wanted=NewKind(kind=kind, desk=live.desk))


class TestAFault:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"title": "Send a quote"}, "Paste an example or choose a card."),
            ({"title": "Send a quote", "source": "{"}, "This is not valid JSON at line 1, column 2."),
            ({"source": '{"a": 1}'}, "Enter a title."),
        ],
    )
    def test_is_said_at_its_field(self, visitor: Visitor, typed: dict[str, str], words: str) -> None:
        answer = visitor.client.post(NEW_KIND, {"step": "start"} | typed)
        assert answer.status_code == 422 and words in answer.content.decode()

    def test_of_a_forged_state_leads_to_the_first_page(self, visitor: Visitor) -> None:
        answer = visitor.client.post(NEW_KIND, {"step": "policy", "state": "forged"})
        assert answer.status_code == 422 and 'data-step="start"' in answer.content.decode()


class TestConnecting:
    @pytest.fixture
    def quotes(self, visitor: Visitor, live: World) -> ActionType:
        ask_for(visitor, live, card="ask")
        return ActionType.objects.get(name="send_a_quote")

    @pytest.mark.usefixtures("quotes")
    def test_is_not_for_whoever_made_the_action_type(self, visitor: Visitor, keeper: Person) -> None:
        visitor.open(CONNECT)
        answer = visitor.client.post(CONNECT, {"agent": "new", "title": "Quoter", "owner": keeper.pk})
        assert answer.status_code == 422 and "cannot own" in answer.content.decode()
        assert not ApiKey.objects.filter(agent__title="Quoter").exists()

    @pytest.mark.usefixtures("quotes")
    def test_gives_the_key_to_the_owner_alone(self, visitor: Visitor, live: World) -> None:
        page = visitor.open(CONNECT)
        page = visitor.send(CONNECT, title="Quoter", owner=str(live.owner.pk))
        agent = Agent.objects.get(title="Quoter")
        assert "issues its key on this page" in page and not agent.keys.exists()
        owner = Visitor(live.owner)
        owner.open(f"{CONNECT}?agent={agent.pk}")
        assert "hitl_test_" in owner.send(CONNECT, agent=str(agent.pk))

    def test_tells_when_the_first_call_has_come(self, quotes: ActionType, live: World) -> None:
        client = signed_in(live.owner)
        address = f"{CONNECT}{live.agent.pk}/"
        assert client.get(address).json() == {"has_come": False, "address": ""}
        assert signed_in(world.person("stranger")).get(address).status_code == 404


@pytest.mark.usefixtures("live")
class TestWhoMay:
    def test_reviewers_may_not(self, junior: Client) -> None:
        assert junior.get(NEW_KIND).status_code == 403

    @pytest.mark.parametrize("group", ["Administrators", "Integrators"])
    def test_these_groups_may(self, group: str) -> None:
        assert signed_in(world.person("ada"), group).get(NEW_KIND).status_code == 200

    def test_administrators_get_no_key(self) -> None:
        client = signed_in(world.person("ada"), "Administrators")
        assert client.get("/admin/approvals/apikey/add/").status_code == 403

    def test_the_policies_desk_is_not_offered(self, keeper: Person) -> None:
        visitor = Visitor(keeper)
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
        page = visitor.send(NEW_KIND)
        assert f'<option value="{Desk.objects.get(slug="policies").pk}"' not in page


class TestTheChecklist:
    def test_is_for_administrators(self, keeper: Person, junior: Client) -> None:
        assert "Set-up checklist" in signed_in(keeper, "Administrators").get("/admin/").content.decode()
        assert "Set-up checklist" not in junior.get("/admin/").content.decode()

    def test_goes_when_dismissed(self, keeper: Person) -> None:
        client = signed_in(keeper, "Administrators")
        client.post("/admin/setup/checklist/end/")
        assert "Set-up checklist" not in client.get("/admin/").content.decode()


def test_help_is_there_for_everybody(junior: Client) -> None:
    page = junior.get("/admin/help/").content.decode()
    assert "When you are unsure" in page and "<kbd>a</kbd>" in page
