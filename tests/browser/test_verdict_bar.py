"""The bar of a decision in a real browser: one row that covers nothing, a reason and a question of their own."""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action, Decision, Note
from approvals.states import RejectNeeds
from tests import world
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm, press
from tests.world import World, fresh

SIZES = {"desk": (1280, 800, 64), "phone": (390, 844, 844 / 6)}
REASONS = [{"code": "fraud", "words": "It looks like fraud.", "for": ["reject"]}]
WHY = "{name: why, when: 'amount > 500.0', outcome: review, says: Say why., requires_rationale: true}"
COVERED = """() => {
    const bar = document.querySelector('.verdict-bar');
    const one = document.activeElement;
    if (bar.contains(one) || one === document.body) return false;
    return one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
}"""


def opened(desk: Page, live_server: LiveServer, action: Action, width: int = 1280, height: int = 800) -> None:
    desk.set_viewport_size({"width": width, "height": height})
    desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
    arm(desk)


def box(desk: Page, selector: str) -> dict[str, Any]:
    found: Any = desk.locator(selector).bounding_box()
    return dict(found)


@pytest.mark.parametrize("size", SIZES)
class TestItsSize:
    @pytest.mark.parametrize("is_required", [False, True])
    def test_is_one_row(
        self, desk: Page, here: World, live_server: LiveServer, size: str, *, is_required: bool
    ) -> None:
        width, height, most = SIZES[size]
        here.set_kind(reasons=REASONS)
        if is_required:
            world.publish(f"{world.POLICY}rules: [{WHY}]\n", "invoices", here.owner, here.senior)
        action = here.pending()
        opened(desk, live_server, action, width, height)
        assert desk.locator("#rationale").is_visible() is is_required
        assert box(desk, ".verdict-bar")["height"] <= most
        assert desk.evaluate("document.documentElement.scrollWidth") <= width

    def test_covers_nothing_that_has_the_focus(
        self, desk: Page, here: World, live_server: LiveServer, size: str
    ) -> None:
        width, height, _most = SIZES[size]
        action = here.pending(lines=[{"name": f"Paper {at}", "price": at + 0.5} for at in range(12)])
        opened(desk, live_server, action, width, height)
        seen = 0
        for _ in range(70):
            desk.keyboard.press("Tab")
            assert not desk.evaluate(COVERED), desk.evaluate("document.activeElement.outerHTML.slice(0, 200)")
            seen += 1
            if desk.evaluate("document.activeElement === document.body"):
                break
        assert seen > 10


class TestAReason:
    def test_is_unfolded_by_its_key_and_folded_else(self, desk: Page, here: World, live_server: LiveServer) -> None:
        opened(desk, live_server, here.pending())
        assert desk.locator("#rationale").is_hidden()
        desk.keyboard.press("w")
        assert desk.locator("#rationale").is_visible()
        assert box(desk, ".verdict-bar")["height"] <= 64

    def test_is_asked_for_where_the_type_wants_one_to_reject(
        self, desk: Page, here: World, live_server: LiveServer
    ) -> None:
        here.set_kind(reject_needs=RejectNeeds.REASON)
        action = here.pending()
        opened(desk, live_server, action)
        desk.keyboard.press("r")
        assert desk.evaluate("document.activeElement.id") == "rationale"
        desk.keyboard.type("Paid in March.")
        with desk.expect_navigation():
            desk.keyboard.press("Control+Enter")
        assert fresh(action).state == "rejected"
        assert Decision.objects.get(action=action).reason == "Paid in March."


class TestAQuestion:
    def test_has_a_box_of_its_own_and_a_chip_that_says_it_waits(
        self, desk: Page, here: World, axe: Accessibility, live_server: LiveServer
    ) -> None:
        action = here.pending()
        opened(desk, live_server, action)
        desk.keyboard.press("i")
        desk.keyboard.type("Which order?")
        assert axe.faults(desk) == []
        with desk.expect_navigation():
            desk.keyboard.press("Control+Enter")
        assert Note.objects.get().words == "Which order?"
        chip = box(desk, ".waits")
        assert chip["y"] + chip["height"] < 400
        press(desk, "a")
        assert fresh(action).state == "approved"
        assert Decision.objects.get(action=action).reason == ""
