"""Always do this, from the decision page to the rule in force, and its pages read by everybody at desk and phone."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import StandingRule
from approvals.states import StandingRuleApprovers
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm
from tests.services.automation.given import decided, make
from tests.world import World, fresh


def test_it_is_made_by_keyboard_from_the_decision_page(desk: Page, here: World, live_server: LiveServer) -> None:
    action = here.pending()
    desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
    arm(desk)
    desk.locator(".more summary").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Approve and create rule").focus()
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert fresh(action).state == "approved"
    assert desk.url.endswith("/always/")
    arm(desk)
    desk.locator("#id_reason").focus()
    desk.keyboard.type("A supplier whom we know.")
    desk.keyboard.press("Tab")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    rule = StandingRule.objects.get()
    assert (rule.state, rule.reason) == ("active", "A supplier whom we know.")
    assert here.pending().state == "approved"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_can_be_read_by_everybody(
    desk: Page, here: World, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
) -> None:
    odd = decided(here, here.junior, confidence=None)
    fine, other = decided(here, here.junior), decided(here, here.senior, amount=800)
    make(here.junior, fine, sample_rate=1.0)
    sampled = here.pending()
    here.kind.standing_rule_approvers = StandingRuleApprovers.TWO
    here.kind.save()
    make(here.senior, other, max_amount=Decimal(800))
    waiting = here.pending(amount=4_000)
    desk.set_viewport_size({"width": width, "height": 850})
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    at = "/admin/approvals/action"
    pages = [f"{at}/{pk}/always/" for pk in (odd.pk, fine.pk)]
    pages += [f"{at}/{sampled.pk}/review/", f"{at}/{waiting.pk}/review/", "/admin/standing/", "/admin/samples/"]
    for path in pages:
        desk.goto(live_server.url + path)
        assert desk.locator("main").inner_text().strip(), path
        if (always := desk.locator(".more summary")).count():
            always.click()
        assert axe.faults(desk) == [], path
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the screen"
