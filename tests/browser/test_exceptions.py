"""What goes beyond the rules can be read by everybody: broken glass, what policy blocked, what is halted."""

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Actor, Door, system
from approvals.models import Action, Membership, Person
from approvals.services import routing
from approvals.services.intake import override
from approvals.services.safety import break_glass, halts
from approvals.states import Tier
from tests import world
from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.services.intake.test_override import BLOCKS, WHY
from tests.world import NOON, World, fresh

SIZES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
pytestmark = pytest.mark.world(low_confidence=0.6)


@pytest.fixture
def here(here: World) -> World:
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    for person in (here.junior, here.senior):
        person.groups.set(Group.objects.filter(name__in=["Reviewers", "Break-glass"]))
    return here


@pytest.fixture
def boss(here: World) -> Person:
    person = world.person("boss")
    person.groups.set(Group.objects.filter(name__in=["Reviewers", "Overriders"]))
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    return person


@pytest.fixture
def blocked(here: World) -> Action:
    return here.pending(issuer="Shady Ltd", instruction="Post it.")


def look(page: Page, url: str, axe: Accessibility, name: str) -> None:
    """Nothing serious for axe, and nothing wider than the screen; kept as a picture where a folder is named."""
    page.goto(url)
    keep(page, axe, name)


def keep(page: Page, axe: Accessibility, name: str) -> None:
    """The same of the page as it is now."""
    assert axe.faults(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    if folder := os.environ.get("HITL_SHOTS"):
        size = page.viewport_size or {}
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=str(Path(folder) / f"{name}-{size['width']}-{dark}.png"), full_page=True)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_pages_can_be_read_by_everybody(
    context: BrowserContext,
    here: World,
    boss: Person,
    blocked: Action,
    axe: Accessibility,
    live_server: LiveServer,
    width: int,
    scheme: str,
) -> None:
    page = signed_in(context, live_server, boss)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    address = f"{live_server.url}/admin/approvals/action/{{}}/review/"
    look(page, address.format(blocked.pk), axe, "blocked")
    made = override.override_block(actor=Actor(Door.ADMIN, person=boss), at=NOON, action_id=blocked.pk, reason=WHY)
    routing.route(actor=system(Door.CELERY), at=NOON, action_id=made.pk)
    look(page, address.format(blocked.pk), axe, "reopened")
    look(page, address.format(made.pk), axe, "anew")
    waiting = here.pending()
    actor = Actor(Door.ADMIN, person=here.junior)
    break_glass.start(actor=actor, at=NOON, desk="finance", reason=WHY, password="secret")
    world.decide("approve", fresh(here.pending(amount=9000)), here.junior)
    look(page, f"{live_server.url}/admin/break-glass/", axe, "break_glass")
    look(page, f"{live_server.url}/admin/", axe, "home")
    look(page, f"{live_server.url}/admin/inventory/", axe, "inventory")
    halts.start(actor=actor, at=NOON, scope="desk", name="finance", reason="Odd amounts.")
    look(page, address.format(waiting.pk), axe, "halted")
    page.keyboard.press("a")
    assert fresh(waiting).state == "pending"
    context.clear_cookies()
    page = signed_in(context, live_server, here.junior)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    look(page, f"{live_server.url}/admin/break-glass/", axe, "own-glass")
