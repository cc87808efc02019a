"""Setting up in a browser: every page can be read by everybody, in light and dark, at a desk and on a phone."""

import json

import pytest
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import ActionType, Person
from tests import world
from tests.admin.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.browser.test_every_page import WIDTHS
from tests.journeys.test_set_up import QUOTE

SCHEMES = ("light", "dark")


@pytest.fixture
def founder(transactional_db: None) -> Person:
    return world.person("founder", is_superuser=True)


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the console said that is no mere information."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    return found


@pytest.fixture
def visitor(page: Page, founder: Person, live_server: LiveServer) -> Page:
    """The founder, signed in."""
    client = signed_in(founder)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def look(page: Page, axe: Accessibility) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 850})
            assert axe.faults(page) == [], f"{page.url} at {width}, {scheme}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} is wider than {width}"


def on(page: Page) -> None:
    page.click(".wizard-bar button[value=next]")
    page.wait_for_load_state()


def test_leads_to_a_key_without_a_fault(
    visitor: Page, axe: Accessibility, said: list[str], live_server: LiveServer
) -> None:
    visitor.goto(f"{live_server.url}/admin/setup/new-kind/")
    look(visitor, axe)
    visitor.fill("[name=title]", "Send a quote")
    visitor.fill("[name=source]", json.dumps(QUOTE))
    on(visitor)
    look(visitor, axe)
    on(visitor)
    visitor.check("[name=undo][value=reversible]")
    visitor.check("[name=outside][value=yes]")
    visitor.check("[name=harm][value=medium]")
    visitor.fill("[name=desk_name]", "Sales")
    visitor.select_option("[name=reviewer]", "alone")
    look(visitor, axe)
    on(visitor)
    look(visitor, axe)
    on(visitor)
    look(visitor, axe)
    visitor.click("button[value=create]")
    visitor.wait_for_load_state()
    assert ActionType.objects.filter(name="send_a_quote").exists()
    look(visitor, axe)
    visitor.click("text=Create agent and key")
    visitor.wait_for_load_state()
    assert visitor.input_value("#key-text").startswith("hitl_test_")
    look(visitor, axe)
    assert said == []


@pytest.mark.parametrize("path", ["", "help/", "approvals/actiontype/add/"])
def test_can_be_read_by_everybody(visitor: Page, axe: Accessibility, live_server: LiveServer, path: str) -> None:
    visitor.goto(f"{live_server.url}/admin/{path}")
    look(visitor, axe)
