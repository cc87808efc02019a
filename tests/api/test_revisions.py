"""Every version of a payload over REST, with a digest that anybody can recompute by what the guide says."""

from collections.abc import Callable
from typing import Any

import pytest

from approvals.models import Action, Agent, Client
from approvals.states import Ends
from tests import attaching, world
from tests.api.caller import Caller, as_agent, as_token
from tests.api.test_hostile import is_problem
from tests.api.test_record import follow
from tests.docs import pages
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

Recipe = Callable[[dict[str, Any]], str]
# What one writer of JSON spells otherwise than another.
ODD = {"é\u2028😀": "\u00e9\x7f\ufffd/<", "whole": 5.0, "small": 1e-7, "large": 1e21, "none": None, "list": [1.50, {}]}


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """The function of the guide, as an integrator would copy it."""
    names: dict[str, Any] = {}
    exec(pages.blocks("rest-api.md", "python")[0], names)
    found: Recipe = names["digest_of"]
    return found


def revisions(caller: Caller, action: Action, **query: Any) -> list[dict[str, Any]]:
    return follow(caller, f"actions/{action.pk}/revisions/", **query)


def edit(here: World, action: Action, amount: float) -> Action:
    """A reviewer corrects the amount."""
    world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": amount})
    return world.fresh(action)


class TestTheRevisions:
    def test_are_told_from_the_first_with_their_authors(self, here: World, agent: Caller) -> None:
        action = here.pending()
        first = action.revision.payload
        edit(here, action, 5.5)
        told = revisions(agent, action)
        assert [(row["number"], row["author"], row["payload"]) for row in told] == [
            (1, here.agent.name, first),
            (2, str(here.junior), first | {"amount": 5.5}),
        ]

    def test_come_page_by_page(self, here: World, agent: Caller) -> None:
        action = here.pending()
        edit(here, action, 5.5)
        assert [row["number"] for row in revisions(agent, action, limit=1)] == [1, 2]

    def test_are_for_those_who_see_the_action(self, here: World) -> None:
        path = f"actions/{here.pending().pk}/revisions/"
        stranger = as_agent(Agent.objects.create(name="other", title="Other", owner=here.owner))
        for caller in (stranger, as_token(world.person("stranger"), "read")):
            is_problem(caller.get(path), 404)
        assert len(as_token(here.junior, "read").get(path).json()["results"]) == 1

    @pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "W10", "WzEuNV0"])
    def test_have_no_other_cursors(self, here: World, agent: Caller, cursor: str) -> None:
        answer = agent.get(f"actions/{here.pending().pk}/revisions/", cursor=cursor)
        assert is_problem(answer, 400)["code"] == "malformed"


class TestTheDigest:
    """It follows from the answer alone."""

    def test_is_recomputed_for_each_revision(self, here: World, agent: Caller, recipe: Recipe) -> None:
        action = edit(here, here.pending(extra=ODD), 5.5)
        told = revisions(agent, action)
        assert [recipe(row) for row in told] == [row["digest"] for row in told]
        assert told[-1]["digest"] == action.revision.digest

    @pytest.mark.parametrize("optional", ["until", "attachments", "client"])
    def test_covers_what_only_some_actions_have(
        self, here: World, agent: Caller, recipe: Recipe, optional: str
    ) -> None:
        given = {
            "until": lambda: {"until": world.soon(864_000.5)},
            "attachments": lambda: {"attachments": [attaching.attachment(here).pk for _ in range(2)]},
            "client": lambda: {"client": Client.objects.create(key="south", name="South").key},
        }
        here.set_kind(ends=Ends.OPTIONAL)
        action = here.propose(**given[optional]())
        (row,) = revisions(agent, action)
        assert row["bound"].keys() & given.keys() == {optional}
        assert recipe(row) == row["digest"]

    def test_is_another_for_another_payload(self, here: World, agent: Caller, recipe: Recipe) -> None:
        (row,) = revisions(agent, here.propose())
        assert recipe(row | {"payload": row["payload"] | {"amount": 717.98}}) != row["digest"]
