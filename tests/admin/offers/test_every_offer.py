"""Whatever a page offers works: every role presses every link and button of every page."""

import pytest
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.urls import reverse

from tests.admin.offers.everything import ROLES, Everything
from tests.admin.offers.walk import Portions, Walk, rolled_back
from tests.proof import IS_PROOF, times

pytestmark = pytest.mark.django_db
START = "/admin/"
# Each of whom sees other records; who else reviews sees what the junior sees.
READERS = ("junior", "owner", "compliance", "administrator", "root")


# One test presses a part of what a role is offered, so that none takes long; together they press all of it.
PARTS = range(4)
PORTION = 20
Pages = dict[str, Portions[tuple[str, str]]]


@pytest.fixture(scope="module")
def walks(world: Everything) -> dict[str, Walk]:
    """Each role's walk; what it pressed on one page it does not press on the next."""
    return {role: Walk(world.signed_in(role)) for role in ROLES}


@pytest.fixture(scope="module")
def pages(walks: dict[str, Walk]) -> Pages:
    """The pages that each role is led to, read when they are asked for."""
    led = {role: walk.pages([START], IS_PROOF or role in READERS) for role, walk in walks.items()}
    return {role: Portions(page for page in found if "/review/" not in page[0]) for role, found in led.items()}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_led_to_pages(pages: Pages, role: str, part: int) -> None:
    assert len(pages[role].up_to(PORTION * (part + 1))) > len(PARTS)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_what_the_pages_offer_is_not_refused(walks: dict[str, Walk], pages: Pages, role: str, part: int) -> None:
    mine = pages[role].up_to(None)[part :: len(PARTS)]
    refused = [each for address, text in mine for each in walks[role].refused_in(address, text)]
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_what_the_page_of_an_action_offers_is_not_refused(
    world: Everything, walks: dict[str, Walk], role: str, part: int
) -> None:
    share = times(6, 1)
    states = list(world.states.items())[list(ROLES).index(role) % share :: share][part :: len(PARTS)]
    refused = [
        f"{state} - {each}"
        for state, action in states
        for each in walks[role].refused_on(f"/admin/approvals/action/{action.pk}/review/", state)
    ]
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize("model", site._registry, ids=lambda model: model.__name__)
def test_a_record_links_only_to_what_its_reader_may_open(world: Everything, model: type[Model]) -> None:
    row = model._default_manager.order_by("-pk").first()
    if row is None:
        pytest.skip("The world has no such row.")
    with rolled_back():
        client = world.signed_in_to_read(model)
        address = reverse(admin_urlname(model._meta, "change"), args=[row.pk])
        answer = client.get(address)
        assert answer.status_code == 200
        assert not Walk(client).refused_on(address, "")
