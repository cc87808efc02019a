"""The inbox in a real browser: many lines at a glance, none that moves under the hand, several selected by keys."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action, Membership, Person
from tests import world
from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm, press
from tests.world import World, fresh

WHOLE_LINES = """() => [...document.querySelectorAll('.line')]
    .filter((line) => line.getBoundingClientRect().bottom <= innerHeight).length"""
HEAD = """() => document.querySelector('#selection').getBoundingClientRect().top
    - document.querySelector('.inbox-head').getBoundingClientRect().top"""
IDS = "() => [...document.querySelectorAll('.line')].map((line) => line.dataset.id)"
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def inbox(page: Page, server: LiveServer, query: str = "") -> None:
    """Open the inbox, and wait until its keys count."""
    page.goto(f"{server.url}/admin/inbox/{query}")
    arm(page)


def look_again(page: Page) -> None:
    """Let the page ask for what is new, as it does from time to time."""
    with page.expect_response(lambda answer: "/admin/inbox/" in answer.url and "count" not in answer.url):
        page.evaluate(LOOK_AGAIN)


def line(page: Page, action: Action) -> str:
    return f'.line[data-id="{action.pk}"]'


class TestTheLines:
    def test_are_many_on_a_small_screen(
        self, desk: Page, here: World, live_server: LiveServer, axe: Accessibility
    ) -> None:
        for number in range(30):
            here.pending(amount=300 + number, issuer=f"Mill {number}")
        desk.set_viewport_size({"width": 1280, "height": 800})
        inbox(desk, live_server)
        assert desk.evaluate(WHOLE_LINES) >= 15
        assert desk.evaluate(HEAD) <= 125 + 40  # the offer of similar ones has a row of its own
        assert axe.faults(desk) == []

    def test_say_the_amount_once(self, desk: Page, here: World, live_server: LiveServer) -> None:
        action = here.pending(amount=717.97, invoice_number="INV-1")
        inbox(desk, live_server)
        expect(desk.locator(f"{line(desk, action)} .line-amount")).to_have_text("EUR 717.97")
        expect(desk.locator(f"{line(desk, action)} .line-what")).to_have_text("Post invoice INV-1 from Paper Mill")

    def test_that_need_a_senior_stand_apart_and_are_no_next_item(
        self, desk: Page, here: World, live_server: LiveServer
    ) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
        high, low = here.pending(amount=4_000, iban="NL00BANK0000000000"), here.pending()
        inbox(desk, live_server)
        expect(desk.locator("#beyond-senior")).to_contain_text("Needs a senior reviewer: 1")
        assert desk.evaluate(IDS) == [str(low.pk), str(high.pk)]
        desk.keyboard.press("j")
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        press(desk, "a")
        assert desk.url.split("?")[0].endswith("/admin/inbox/")


class TestAFilter:
    def test_applies_when_it_is_chosen(self, desk: Page, here: World, live_server: LiveServer) -> None:
        usual, odd = here.pending(), here.pending(iban="NL00BANK0000000000")
        inbox(desk, live_server)
        desk.select_option("[name=risk]", "low")
        expect(desk.locator(".line")).to_have_count(1)
        assert desk.evaluate(IDS) == [str(usual.pk)]
        assert "risk=low" in desk.url
        desk.select_option("[name=risk]", "")
        expect(desk.locator(line(desk, odd))).to_have_count(1)

    def test_applies_where_the_name_of_a_view_was_refused(
        self, desk: Page, here: World, live_server: LiveServer, complaints: list[str]
    ) -> None:
        here.pending()
        inbox(desk, live_server, "?risk=low")
        desk.locator(".own-view summary").click()
        desk.fill("[name=name]", "\u00a0")
        with desk.expect_navigation():
            desk.get_by_role("button", name="Save").click()
        complaints.clear()  # of the refusal itself
        desk.select_option("[name=risk]", "")
        desk.wait_for_url("**/admin/inbox/?view=")
        expect(desk.locator(".line")).to_have_count(1)

    def test_has_a_button_without_script(self, browser: Browser, here: World, live_server: LiveServer) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = signed_in(context, live_server, here.junior)
        page.goto(f"{live_server.url}/admin/inbox/")
        expect(page.get_by_role("button", name="Filter")).to_be_visible()
        context.close()


class TestNewLines:
    def test_come_in_where_nobody_is_busy(self, desk: Page, here: World, live_server: LiveServer) -> None:
        here.pending()
        inbox(desk, live_server)
        new = here.pending(iban="NL00BANK0000000000")
        desk.wait_for_timeout(2_000)
        look_again(desk)
        expect(desk.locator(line(desk, new))).to_be_visible()

    def test_wait_while_a_line_has_the_focus(self, desk: Page, here: World, live_server: LiveServer) -> None:
        first = here.pending()
        inbox(desk, live_server)
        desk.keyboard.press("j")
        before = desk.locator(line(desk, first)).bounding_box()
        new = here.pending(iban="NL00BANK0000000000")
        look_again(desk)
        expect(desk.locator("[data-news]")).to_contain_text("1")
        assert desk.locator(line(desk, first)).bounding_box() == before
        desk.keyboard.press(".")
        expect(desk.locator(line(desk, new))).to_be_visible()
        assert desk.evaluate("document.activeElement.closest('.line').dataset.id") == str(first.pk)

    def test_that_others_decided_are_struck_through_in_their_place(
        self, desk: Page, here: World, live_server: LiveServer
    ) -> None:
        Person.objects.filter(pk=here.senior.pk).update(first_name="Bob")
        one, other = here.pending(), here.pending(amount=300)
        inbox(desk, live_server)
        desk.keyboard.press("j")
        before = desk.evaluate(IDS)
        world.decide("approve", one, here.senior)
        look_again(desk)
        expect(desk.locator(f"{line(desk, one)} [data-gone]")).to_have_text("Approved by Bob")
        assert desk.evaluate(IDS) == before
        expect(desk.locator(f"{line(desk, one)} input")).to_be_disabled()
        expect(desk.locator(f"{line(desk, other)} input")).to_be_enabled()


class TestSelecting:
    @pytest.fixture
    def three(self, here: World) -> list[Action]:
        return [here.pending(amount=300 + number, issuer=f"Mill {number}") for number in range(3)]

    def test_by_keys_leads_to_the_page_that_decides(
        self, desk: Page, here: World, three: list[Action], live_server: LiveServer, axe: Accessibility
    ) -> None:
        inbox(desk, live_server)
        for key in ("j", "x", "Shift+J"):
            desk.keyboard.press(key)
        expect(desk.locator("[data-selected]")).to_have_text("2")
        assert axe.faults(desk) == []
        press(desk, "a")
        assert [fresh(action).state for action in three] == ["pending"] * 3
        assert axe.faults(desk) == []
        press(desk, "a")
        expect(desk.locator(".messagelist")).to_contain_text("2 approved.")

    def test_with_shift_takes_all_between(self, desk: Page, three: list[Action], live_server: LiveServer) -> None:
        inbox(desk, live_server)
        boxes = desk.locator("[name=chosen]")
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        expect(desk.locator("[data-selected]")).to_have_text("3")

    def test_takes_all_that_is_shown(self, desk: Page, three: list[Action], live_server: LiveServer) -> None:
        inbox(desk, live_server)
        desk.get_by_label("Select all shown").check()
        expect(desk.locator("[data-selected]")).to_have_text("3")
        desk.keyboard.press("Escape")
        expect(desk.locator("[data-selection]")).to_be_hidden()

    def test_nothing_lets_keys_do_nothing(self, desk: Page, three: list[Action], live_server: LiveServer) -> None:
        inbox(desk, live_server)
        for key in "areh":
            desk.keyboard.press(key)
        assert desk.url.endswith("/admin/inbox/")

    def test_works_without_script(
        self, browser: Browser, here: World, three: list[Action], live_server: LiveServer
    ) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = signed_in(context, live_server, here.junior)
        page.goto(f"{live_server.url}/admin/inbox/")
        for box in page.locator("[name=chosen]").all():
            box.check()
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("button", name="Reject selected").click()
        assert {fresh(action).state for action in three} == {"rejected"}
        context.close()

    def test_g_and_i_lead_to_the_inbox(self, desk: Page, here: World, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/")
        arm(desk)
        desk.keyboard.press("g")
        with desk.expect_navigation():
            desk.keyboard.press("i")
        assert desk.url.endswith("/admin/inbox/")
