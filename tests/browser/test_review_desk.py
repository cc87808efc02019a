"""The review desk in a real browser: by keyboard alone, in light and dark, on a desk and on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action, Claim, Decision
from tests import world
from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.world import World, fresh

LINES = [{"name": "Paper, A4", "price": 12.5}, {"name": "Ink", "price": 30.0, "note": "blue"}]


@pytest.fixture
def here(here: World) -> World:
    """A desk with an odd invoice on top, a senior one, and a few usual ones, decided and not."""
    for _ in range(4):
        here.auto()
    world.decide("reject", here.pending(), here.junior, rationale="Paid in March.")
    here.pending()
    here.pending(amount=9000)
    return here


@pytest.fixture
def odd(here: World) -> Action:
    """An invoice that has everything: lines, flags, hidden characters, fields beyond the schema, words and evidence."""
    return here.pending(
        iban="NL00BANK0000000000",
        lines=LINES,
        note="Order 12\nThank you",
        instruction="Post what belongs to us.",
        reasoning="Net and tax add up.\u202e <b>Approve</b>",
        evidence=[{"label": "Order", "value": "12572103"}],
    )


def arm(page: Page) -> None:
    """Wait until keys count: right after a page came they do not, so that none decides the next item unseen."""
    page.wait_for_load_state()
    page.wait_for_timeout(500)


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    arm(page)
    with page.expect_navigation():
        page.keyboard.press(key)


class TestByKeyboardAlone:
    def test_somebody_signs_in_modifies_approves_and_takes_back(
        self, page: Page, here: World, odd: Action, live_server: LiveServer
    ) -> None:
        page.goto(f"{live_server.url}/")
        page.keyboard.type("junior")
        page.keyboard.press("Tab")
        page.keyboard.type("secret")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        press(page, "b")
        arm(page)
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert str(odd.pk) in page.url
        press(page, "m")
        _change_the_amount(page)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert page.locator(".diff ins").all_text_contents() == ["700.5"]
        press(page, "Enter")
        assert fresh(odd).state == "modified"
        assert fresh(odd).revision.payload["amount"] == 700.5
        press(page, "u")
        assert fresh(odd).state == "pending"
        assert fresh(odd).revision.payload["amount"] == 700.5
        press(page, "a")  # whoever may do it may do it again
        assert fresh(odd).state == "modified"

    def test_somebody_decides_one_after_the_other(self, desk: Page, here: World, live_server: LiveServer) -> None:
        here.pending()
        here.pending()
        waiting = [action.pk for action in Action.objects.filter(state="pending", required_tier=1)]
        assert len(waiting) == 3
        desk.goto(f"{live_server.url}/admin/inbox/")
        arm(desk)
        desk.keyboard.press("j")
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        press(desk, "a")
        press(desk, "r")
        press(desk, "e")
        assert desk.url.split("?")[0].endswith("/admin/inbox/")
        states = Action.objects.filter(pk__in=waiting).values_list("state", "required_tier")
        assert sorted(states) == [("approved", 1), ("pending", 2), ("rejected", 1)]

    def test_writing_a_reason_decides_nothing(self, desk: Page, odd: Action, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        arm(desk)
        desk.keyboard.press("w")
        desk.keyboard.type("are we sure?")
        desk.keyboard.press("Escape")
        assert desk.input_value("#rationale") == "are we sure?"
        assert fresh(odd).state == "pending"
        press(desk, "a")
        assert Decision.objects.get(action=odd).reason == "are we sure?"

    def test_a_key_hit_twice_does_not_decide_the_next_item(
        self, desk: Page, here: World, odd: Action, live_server: LiveServer
    ) -> None:
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        press(desk, "a")
        desk.keyboard.press("a")
        desk.wait_for_timeout(300)
        assert Action.objects.filter(state="approved").exclude(pk=odd.pk).count() == 4  # those that policy approved

    def test_a_key_hit_twice_does_not_confirm_an_edit_unseen(
        self, desk: Page, odd: Action, live_server: LiveServer
    ) -> None:
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/?edit=1")
        desk.fill("[name='value:/amount']", "700.5")
        with desk.expect_navigation(wait_until="domcontentloaded"):
            desk.keyboard.press("Enter")
        desk.wait_for_function("document.activeElement.matches('[data-start]')")
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(600)
        assert desk.get_by_role("heading", name="Confirm 1 change").is_visible()
        press(desk, "Enter")
        assert fresh(odd).state == "modified"

    def test_a_reason_survives_a_comment_an_edit_and_signing_in_anew(
        self, desk: Page, here: World, odd: Action, live_server: LiveServer
    ) -> None:
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        desk.locator("#say summary").click()
        desk.fill("#rationale", "Ordered in May.")
        desk.fill("#comment", "I know them.")
        with desk.expect_navigation():
            desk.get_by_role("button", name="Comment").click()
        assert desk.input_value("#rationale") == "Ordered in May."
        press(desk, "m")
        assert desk.input_value("#edit [name=rationale]") == "Ordered in May."
        desk.keyboard.press("Escape")  # out of the field
        press(desk, "Escape")
        desk.context.clear_cookies(name="sessionid")
        press(desk, "a")
        assert desk.get_by_label("Password").is_visible()
        signed_in(desk.context, live_server, here.junior).close()
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        assert desk.input_value("#rationale") == "Ordered in May."
        press(desk, "a")
        assert Decision.objects.get(action=odd).reason == "Ordered in May."
        desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        assert "Ordered in May." not in desk.evaluate("Object.values(sessionStorage)")

    def test_looking_at_the_keys_keeps_the_action_in_hand(
        self, desk: Page, odd: Action, live_server: LiveServer
    ) -> None:
        with desk.expect_response(lambda answer: answer.url.endswith("/claim/")):
            desk.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        desk.keyboard.press("?")
        desk.locator("#keys button").click()
        assert Claim.objects.exists()
        desk.goto(f"{live_server.url}/admin/")
        for _ in range(50):
            desk.wait_for_timeout(100 * Claim.objects.count())
        assert not Claim.objects.exists()

    def test_a_question_mark_shows_the_keys(self, desk: Page, here: World, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/inbox/")
        desk.keyboard.press("?")
        assert desk.locator("#keys").is_visible()
        desk.keyboard.press("Escape")
        assert not desk.locator("#keys").is_visible()


class TestWhatMustBeOpened:
    def test_holds_approval_back_until_it_was(self, desk: Page, here: World, live_server: LiveServer) -> None:
        action = here.pending(note="word " * 1200)
        desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
        arm(desk)
        desk.keyboard.press("a")
        desk.wait_for_timeout(200)
        assert fresh(action).state == "pending"
        desk.locator("details.must-open summary").click()
        press(desk, "a")
        assert fresh(action).state == "approved"

    def test_is_not_opened_by_printing(self, desk: Page, here: World, live_server: LiveServer) -> None:
        action = here.pending(note="word " * 1200)
        desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
        desk.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        desk.wait_for_timeout(200)
        assert desk.locator("details.must-open").get_attribute("open") is not None
        desk.evaluate("window.dispatchEvent(new Event('afterprint'))")
        desk.wait_for_timeout(200)
        expect(desk.locator("[name=opened]")).not_to_be_checked()


class TestWithoutScript:
    def test_everything_can_be_decided(
        self, browser: Browser, here: World, odd: Action, live_server: LiveServer
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = signed_in(context, live_server, here.junior)
        page.goto(f"{live_server.url}/admin/approvals/action/{odd.pk}/review/")
        page.get_by_role("button", name="Modify").click()
        page.fill('[name="value:/amount"]', "650")
        page.get_by_role("button", name="Review changes").click()
        page.get_by_role("button", name="Confirm and approve").click()
        assert fresh(odd).revision.payload["amount"] == 650
        context.close()


class TestEveryPage:
    @pytest.mark.parametrize("width", [1280, 390])
    def test_to_sign_in_can_be_read_by_everybody(
        self, page: Page, here: World, axe: Accessibility, live_server: LiveServer, width: int
    ) -> None:
        page.set_viewport_size({"width": width, "height": 850})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(f"{live_server.url}/admin/login/")
            assert axe.faults(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_holds_a_payload_meant_to_burst_it(self, desk: Page, here: World, live_server: LiveServer) -> None:
        deep: dict[str, Any] = {"k": "x" * 300}
        for _ in range(20):
            deep = {"inner": deep}
        wide = [{f"column {at}": "word" for at in range(25)}] * 3
        action = here.pending(issuer="W" * 200, deep=deep, lines=wide, x=[1] * 9_000, **{"n" * 150: "y" * 3_000})
        desk.set_viewport_size({"width": 390, "height": 850})
        for query in ("", "?edit=1"):
            desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/{query}")
            assert desk.evaluate("document.documentElement.scrollWidth") <= 390, query

    def test_of_a_usual_invoice_shows_all_that_matters_on_the_first_screen(
        self, desk: Page, here: World, live_server: LiveServer
    ) -> None:
        action = here.pending(iban="NL00BANK0000000000")
        desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
        for name in ("h1", ".why", ".what .field:last-of-type", "#decide"):
            box = desk.locator(name).last.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 900, name

    def test_of_the_stock_admin_keeps_the_content_policy(
        self, context: BrowserContext, here: World, live_server: LiveServer
    ) -> None:
        page = signed_in(context, live_server, world.auditor())
        for path in (
            "approvals/",
            "approvals/actiontype/",
            f"approvals/actiontype/{here.kind.pk}/change/",
            "approvals/person/add/",
            f"approvals/person/{here.junior.pk}/change/",
            "approvals/desk/add/",
            "approvals/apikey/add/",
            "approvals/ledgerentry/",
            "auth/group/add/",
            "policies/",
            "policies/policy/",
            "policies/version/",
            "password_change/",
        ):
            page.set_viewport_size({"width": 1280, "height": 900})
            answer = page.goto(f"{live_server.url}/admin/{path}")
            assert answer is not None
            assert answer.status == 200, path
            page.wait_for_load_state("networkidle")
            page.set_viewport_size({"width": 390, "height": 850})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{path} is wider than a phone"


def _change_the_amount(page: Page) -> None:
    """Walk to the amount by the tabulator key, as somebody without a mouse does."""
    for _ in range(40):
        if page.evaluate("document.activeElement.name") == "value:/amount":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("700.5")
