"""Drafting a policy in a real browser: checked, kept, asked for, and readable by everybody."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action, Person
from tests import world
from tests.browser.plugin import Accessibility

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "policy: travel\ntitle: Travel\nrules:\n  - {name: all, when: 'true', outcome: review, says: A person looks.}\n"


@pytest.fixture
def author(transactional_db: None) -> Person:
    found = world.person("author")
    found.groups.set(Group.objects.filter(name__in=["Reviewers", "Policy authors"]))
    return found


@pytest.fixture
def desk(page: Page, live_server: LiveServer, author: Person) -> Page:
    page.goto(f"{live_server.url}/admin/login/?next=/admin/policies/version/draft/")
    page.fill("[name=username]", "author")
    page.fill("[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_selector("[name=source]")
    return page


def test_a_draft_is_checked_kept_and_asked_for(desk: Page) -> None:
    desk.fill("[name=source]", TEXT)
    desk.click("[name=check]")
    expect(desk.get_by_role("status").filter(has_text="It can be used")).to_be_visible()
    desk.click("[name=keep]")
    desk.get_by_role("button", name="Ask for publication").click()
    expect(desk.get_by_text("Asked.")).to_be_visible()
    assert Action.objects.get().action_type.name == "policy.publish"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_read_by_everybody(desk: Page, axe: Accessibility, width: int, scheme: str) -> None:
    desk.set_viewport_size({"width": width, "height": 850})
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.fill("[name=source]", TEXT)
    for button in ("check", "keep"):
        assert axe.faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        desk.click(f"[name={button}]")
        desk.wait_for_load_state()
    assert axe.faults(desk) == []
