"""Drafting a policy in a real browser: checked, kept, asked for, and readable by everybody."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action, Person
from policies.models import Version
from tests import world
from tests.browser.plugin import Accessibility

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "policy: travel\ntitle: Travel\nrules:\n  - {name: all, when: 'true', outcome: review, says: A person looks.}\n"
FULL = (
    TEXT
    + """\
  - {name: odd, when: 'amonut > 5.0', outcome: review, says: Odd.}
confidence: {bands: [{at_least: 0.9, outcome: auto}, {at_least: 0.0, outcome: review}]}
amounts: {base: EUR, ladders: {EUR: [{up_to: "250.00", outcome: auto}, {outcome: review}]}}
reversibility: {reversible_low: auto}
budgets: {per_agent_day: {count: 3}}
plans: {two: {stages: [{name: boss, who: manager}, {name: money, check: 'amount < 900.0', says: Covered.}]}}
tests: [{name: one, given: {amount: "3.00"}, expect: {outcome: review}}]
"""
)


@pytest.fixture
def author(transactional_db: None) -> Person:
    found = world.person("author")
    found.groups.set(Group.objects.filter(name__in=["Reviewers", "Policy authors"]))
    return found


@pytest.fixture
def editor(page: Page, live_server: LiveServer, author: Person) -> Page:
    page.goto(f"{live_server.url}/admin/login/?next=/admin/policies/version/draft/")
    page.fill("[name=username]", "author")
    page.fill("[name=password]", "secret")
    page.click("[type=submit]")
    page.wait_for_selector("[name=policy]")
    show(page, "Text")
    return page


def show(page: Page, part: str) -> None:
    """Go to one part of the editor."""
    page.locator(".parts").get_by_role("button", name=part, exact=True).click()
    page.wait_for_load_state()


def test_a_draft_is_checked_kept_and_asked_for(editor: Page) -> None:
    editor.fill("[name=source]", TEXT)
    editor.click("[name=check]")
    expect(editor.get_by_role("status").filter(has_text="The draft is valid")).to_be_visible()
    editor.click("[name=keep]")
    editor.get_by_role("button", name="Request publication").click()
    expect(editor.get_by_text("Publication requested.")).to_be_visible()
    assert Action.objects.get().action_type.name == "policy.publish"


def test_a_condition_is_checked_when_its_field_is_left(editor: Page) -> None:
    editor.fill("[name=source]", TEXT)
    show(editor, "Rules")
    editor.get_by_role("button", name="all", exact=True).click()
    field = editor.locator('[name="rules/0/when"]')
    if not field.is_visible():
        editor.get_by_text("Edit as text (CEL)").click()
    field.fill("external && amonut > 5.0")
    expect(editor.locator("[data-faults-for='rules/0/when'] mark")).to_have_count(0)
    field.blur()
    expect(editor.locator("[data-faults-for='rules/0/when'] mark")).to_have_text("amonut")
    expect(editor.get_by_role("status").filter(has_text="The draft has errors")).to_be_visible()
    field.fill("'amount' in known && ")
    if not editor.get_by_role("button", name="external", exact=True).is_visible():
        editor.get_by_text("Condition inputs").click()
    editor.get_by_role("button", name="external", exact=True).click()
    expect(field).to_have_value("'amount' in known && external")
    expect(editor.get_by_role("status").filter(has_text="The draft is valid")).to_be_visible()
    assert Version.objects.count() == 0


def test_a_condition_is_built_by_choosing(editor: Page) -> None:
    editor.fill("[name=source]", TEXT.replace("when: 'true'", "when: external"))
    show(editor, "Rules")
    editor.get_by_role("button", name="all", exact=True).click()
    editor.get_by_role("button", name="Add condition").click()
    editor.get_by_label("Field 2").select_option("score")
    editor.get_by_label("Value 2").fill("40")
    editor.get_by_label("Value 2").blur()
    expect(editor.locator(".builder-says code")).to_have_text("external == true && score > 40")
    editor.get_by_role("button", name="Remove: 1", exact=True).click()
    expect(editor.locator(".builder-says code")).to_have_text("score > 40")
    editor.click("[name=keep]")
    expect(editor.get_by_text("If risk score is above 40, a junior reviewer decides.").first).to_be_visible()


def test_leaving_with_unsaved_work_asks_first(editor: Page) -> None:
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.fill("[name=source]", TEXT)
    editor.locator(".more-menu summary").click()
    editor.get_by_role("link", name="Inventory").click()
    editor.wait_for_url("**/inventory/")
    assert asked == ["beforeunload"]


def test_a_try_becomes_a_test(editor: Page) -> None:
    editor.fill("[name=source]", TEXT)
    show(editor, "Try and test")
    editor.fill("[name=try_facts]", '{"amount": "20.00", "currency": "EUR"}')
    editor.get_by_role("button", name="Try", exact=True).click()
    expect(editor.get_by_role("heading", name="Result of each rule")).to_be_visible()
    editor.fill("[name=test_name]", "a small one")
    editor.get_by_role("button", name="Save as test").click()
    expect(editor.get_by_role("row").filter(has_text="a small one").get_by_text("passes")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_parts_can_be_read_by_everybody(editor: Page, axe: Accessibility, width: int, scheme: str) -> None:
    editor.set_viewport_size({"width": width, "height": 850})
    editor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    editor.fill("[name=source]", FULL)
    for part in ("About", "Rules", "Tables", "Plans", "Try and test"):
        show(editor, part)
        if part == "Try and test":
            editor.fill("[name=try_facts]", '{"amount": "20.00", "currency": "EUR"}')
            editor.get_by_role("button", name="Try", exact=True).click()
            editor.wait_for_load_state()
        assert axe.faults(editor) == [], part
        assert editor.evaluate("document.documentElement.scrollWidth") <= width, part
    for part, opened in (("Rules", "odd"), ("Plans", "two"), ("Try and test", "one")):
        show(editor, part)
        editor.get_by_role("button", name=opened, exact=True).click()
        editor.wait_for_load_state()
        assert axe.faults(editor) == [], opened
        assert editor.evaluate("document.documentElement.scrollWidth") <= width, opened


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_read_by_everybody(editor: Page, axe: Accessibility, width: int, scheme: str) -> None:
    editor.set_viewport_size({"width": width, "height": 850})
    editor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    editor.fill("[name=source]", TEXT)
    for button in ("check", "keep"):
        assert axe.faults(editor) == []
        assert editor.evaluate("document.documentElement.scrollWidth") <= width
        editor.click(f"[name={button}]")
        editor.wait_for_load_state()
    assert axe.faults(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_policy_and_a_new_draft_can_be_read_by_everybody(
    editor: Page, axe: Accessibility, width: int, scheme: str
) -> None:
    editor.set_viewport_size({"width": width, "height": 850})
    editor.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    editor.on("dialog", lambda dialog: dialog.accept())
    editor.fill("[name=source]", FULL.replace("amonut", "amount").replace("tests:", "# tests:"))
    editor.click("[name=keep]")
    editor.get_by_role("heading", name="At a glance").wait_for()
    for summary in editor.locator("#content summary").all():
        summary.click()
    assert axe.faults(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width
    editor.goto(editor.url.split("/admin/")[0] + "/admin/policies/version/draft/")
    assert axe.faults(editor) == []
    editor.get_by_role("button", name="Use the template: Sensitive domains").click()
    editor.wait_for_load_state()
    editor.get_by_text("Start again from a template").click()
    show(editor, "About")
    editor.fill("[name=title]", "Mine")
    editor.get_by_text("Start again from a template").click()
    editor.get_by_role("button", name="Use the template: Global rules").click()
    expect(editor.get_by_role("button", name="Keep my draft")).to_be_visible()
    assert axe.faults(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width
