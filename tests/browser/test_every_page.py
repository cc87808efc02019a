"""Every page that a reviewer sees, in light and dark, at a desk and on a phone: axe, targets for thumbs, no wider."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Actor, Door, system
from approvals.admin.inbox.tour import STEPS
from approvals.models import Action, Execution
from approvals.services.decisions import claims, notes
from approvals.services.execution import run
from tests import plans, world
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import LINES, arm, press
from tests.services.automation.given import decided, make
from tests.world import NOON, World

AT = "/admin/approvals/action"
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
# The smallest that a thumb is asked to hit in the bar that decides.
THUMB = 44
# Which parts of a page lie hidden below what sticks to the edge while they have the focus (WCAG 2.2, 2.4.11).
HIDDEN = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const across = Math.min(box.x + box.width / 2, innerWidth - 8);
    const at = document.elementFromPoint(across, box.y + Math.min(box.height / 2, 40));
    const label = one.labels?.[0];
    const seen = at && (one.contains(at) || at.contains(one) || label?.contains(at));
    return seen ? '' : `${one.tagName}.${one.className} ${(one.innerText || one.name || '').slice(0, 40)}`;
}"""
# Whether one sees which element has the focus.
UNMARKED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none';
    return marked ? '' : `${one.tagName}.${one.className} ${(one.innerText || one.name || '').slice(0, 40)}`;
}"""
SMALL = f"""() => [...document.querySelectorAll('#decide .verdicts .button')]
    .filter((one) => one.getBoundingClientRect().height < {THUMB}).map((one) => one.innerText)"""


class Scene(World):
    """A desk with something on every page."""

    odd: Action
    said: Action
    held: Action
    planned: Action
    alike: Action
    refused: Action
    sampled: Action
    waiting: int


@pytest.fixture
def here(here: World) -> Scene:
    made = Scene(**vars(here))
    made.auto()
    fine = decided(made, made.junior)
    edited = made.pending(amount=640)
    world.decide("modify", edited, made.junior, payload=edited.revision.payload | {"account": 4400})
    made.refused = decided(made, made.junior, "reject", rationale="Paid in March.")
    made.alike, *_ = [made.pending(amount=300 + place, issuer="Ink Works") for place in range(4)]
    make(made.junior, fine, sample_rate=1.0)
    made.sampled = made.pending()
    made.odd = made.pending(
        iban="NL00BANK0000000000", lines=LINES, note="Order 12\nThank you", issuer="P\u0430per Mill",
        long="word " * 2_000, instruction="Post what belongs to us.", reasoning="It adds up.\u202e <b>Approve</b>",
        evidence=[{"label": "Order", "value": "12572103"}],
    )  # fmt: skip
    made.said, made.held = made.pending(amount=810), made.pending(amount=820)
    _talk(made)
    made.waiting = Action.objects.filter(state="pending").count()
    return made


def _talk(here: Scene) -> None:
    reviewer = Actor(Door.ADMIN, person=here.senior)
    notes.comment(actor=reviewer, at=NOON, action_id=here.said.pk, text="Ask before you post this one.")
    notes.ask(actor=reviewer, at=NOON, action_id=here.said.pk, text="Which order is it?")
    notes.answer(actor=here.as_agent(), at=NOON, action_id=here.said.pk, text="Order 12572103.")
    notes.ask(actor=reviewer, at=NOON, action_id=here.held.pk, text="Is it paid?")
    claims.take(actor=reviewer, at=world.soon(0), action_id=here.held.pk)


def looked_at(desk: Page, axe: Accessibility, address: str, scheme: str) -> None:
    """Fail where axe finds something serious, or the page is wider than the screen, in either width."""
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.goto(address)
    desk.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
    for width in WIDTHS:
        desk.set_viewport_size({"width": width, "height": 850})
        assert axe.faults(desk) == [], f"{address} at {width}, {scheme}"
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"


@pytest.mark.parametrize("scheme", SCHEMES)
class TestEveryPage:
    @pytest.mark.parametrize(
        "paths",
        [
            ["", "?days=7", "inbox/", "inbox/?view=asked", "inbox/?view=all&risk=low", "loop/", "corrections/"],
            ["preferences/", "away/", "tokens/", "standing/", "samples/", "halts/", "password_change/"],
            ["inventory/", "start/", "approvals/", "approvals/action/", "approvals/action/?q=Paper"],
        ],
        ids=["the day's work", "what is one's own", "to look things up"],
    )
    def test_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, live_server: LiveServer, paths: list[str], scheme: str
    ) -> None:
        for path in paths:
            looked_at(desk, axe, f"{live_server.url}/admin/{path}", scheme)

    def test_of_the_demos_letters_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, live_server: LiveServer, settings: Settings, scheme: str
    ) -> None:
        settings.HITL_MODE = "demo"
        looked_at(desk, axe, f"{live_server.url}/admin/mailbox/", scheme)

    def test_of_an_action_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, here: Scene, live_server: LiveServer, scheme: str
    ) -> None:
        for pk, name in (
            (here.odd.pk, "review/"),
            (here.odd.pk, "review/?edit=1"),
            (here.said.pk, "review/"),
            (here.held.pk, "review/"),
            (here.sampled.pk, "review/"),
            (here.refused.pk, "review/"),
            (here.refused.pk, "history/"),
            (here.refused.pk, "always/"),
        ):
            looked_at(desk, axe, f"{live_server.url}{AT}/{pk}/{name}", scheme)
        looked_at(desk, axe, f"{live_server.url}/admin/inbox/alike/{here.alike.pk}/", scheme)
        assert desk.locator("[name=chosen]").count() >= 4
        run.run_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
        sent = Execution.objects.filter(attempt_rows__isnull=False)[0]
        looked_at(desk, axe, f"{live_server.url}/admin/approvals/execution/{sent.pk}/change/", scheme)

    def test_of_a_plan_and_an_edit_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, here: Scene, live_server: LiveServer, scheme: str
    ) -> None:
        plans.vera()
        plans.follow(here, plans.BOOKS, plans.VERA, plans.CHECK)
        looked_at(desk, axe, f"{live_server.url}{AT}/{here.pending(amount=901).pk}/review/", scheme)
        desk.goto(f"{live_server.url}{AT}/{here.said.pk}/review/?edit=1")
        desk.fill('[name="value:/amount"]', "811.5")
        with desk.expect_navigation():
            desk.get_by_role("button", name="Review changes").click()
        assert desk.locator(".diff ins").count() == 1
        assert axe.faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390


class TestTheTour:
    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, live_server: LiveServer, scheme: str
    ) -> None:
        for name in STEPS:
            looked_at(desk, axe, f"{live_server.url}/admin/tour/{name}/?said=approve", scheme)

    def test_is_taken_by_keyboard_alone(self, desk: Page, here: Scene, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/tour/")
        arm(desk)
        desk.keyboard.press("j")
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        press(desk, "n")
        press(desk, "a")
        assert "an account that this supplier has never used" in desk.get_by_role("status").last.inner_text()
        for _ in range(len(STEPS) - 3):
            press(desk, "n")
        press(desk, "n")
        assert desk.url.endswith("/admin/inbox/")
        here.junior.refresh_from_db()
        assert here.junior.toured_at is not None
        assert Action.objects.filter(state="pending").count() == here.waiting


class TestOnAPhone:
    def test_the_bar_that_decides_is_within_reach_of_a_thumb(
        self, desk: Page, here: Scene, live_server: LiveServer
    ) -> None:
        desk.set_viewport_size({"width": 390, "height": 700})
        for action in (here.odd, here.said):
            desk.goto(f"{live_server.url}{AT}/{action.pk}/review/")
            bar = desk.locator("#decide").bounding_box()
            assert bar is not None
            assert 350 <= bar["y"] and bar["y"] + bar["height"] <= 700, "it sticks to the edge and leaves half the page"
            assert desk.evaluate(SMALL) == []


class TestByKeyboard:
    @pytest.mark.parametrize("width", WIDTHS)
    def test_the_focus_is_seen_everywhere_and_nothing_lies_over_it(
        self, desk: Page, here: Scene, live_server: LiveServer, width: int
    ) -> None:
        desk.set_viewport_size({"width": width, "height": 700})
        for path in (f"{AT}/{here.said.pk}/review/", "/admin/inbox/", "/admin/loop/", "/admin/preferences/"):
            desk.goto(live_server.url + path)
            hidden, unmarked = walked(desk)
            assert (hidden, unmarked) == ([], []), path

    def test_the_first_tab_stop_skips_the_menu(self, desk: Page, here: Scene, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/inbox/")
        desk.keyboard.press("Tab")
        assert desk.evaluate("document.activeElement.className") == "skip-to-content-link"
        assert desk.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        desk.keyboard.press("Enter")
        desk.keyboard.press("Tab")
        assert desk.evaluate("document.activeElement.closest('main') !== null")

    def test_the_menu_comes_before_the_page_and_the_bar_after_what_it_decides(
        self, desk: Page, here: Scene, live_server: LiveServer
    ) -> None:
        desk.goto(f"{live_server.url}{AT}/{here.said.pk}/review/")
        order = desk.evaluate(
            "[...document.querySelectorAll('nav.menu, h1, .why h2, .what h2, .words h2, #decide')]"
            ".map((one) => one.id || one.className || one.tagName)"
        )
        assert order == ["menu", "H1", "what-title", "words-title", "why-title", "decide"]


def walked(desk: Page) -> tuple[list[str], list[str]]:
    """Walk through the page by the tabulator key: what was hidden, and what was not marked, while it had the focus."""
    hidden, unmarked = [], []
    for _ in range(90):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement === document.body"):
            break
        hidden.append(desk.evaluate(HIDDEN))
        unmarked.append(desk.evaluate(UNMARKED))
    return [each for each in hidden if each], [each for each in unmarked if each]
