"""Two people on one item: the holder is shown, nobody decides past the other, and whatever passes is recorded."""

from collections.abc import Generator

import pytest
from django.db import transaction
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.models import Action, Claim, Decision, LedgerEntry
from approvals.services.catalog import rows
from tests.browser.conftest import signed_in
from tests.browser.plugin import REPORT_CSP, Accessibility
from tests.browser.test_review_desk import arm
from tests.world import World, fresh


@pytest.fixture
def here(here: World) -> World:
    """Ann, who is a junior, and Bob, who is a senior of the same desk."""
    for person, name in ((here.junior, "Ann"), (here.senior, "Bob")):
        person.first_name = name
        with transaction.atomic():
            rows.save(person, system(Door.COMMAND), {"first_name"})
    return here


@pytest.fixture
def ann(context: BrowserContext, here: World, live_server: LiveServer) -> Page:
    """The page on which Ann is signed in."""
    return signed_in(context, live_server, here.junior)


@pytest.fixture
def bob(browser: Browser, here: World, live_server: LiveServer) -> Generator[Page]:
    """A browser of his own, in which Bob is signed in."""
    own = browser.new_context(viewport={"width": 1280, "height": 900})
    own.set_default_timeout(10_000)
    own.add_init_script(REPORT_CSP)
    yield signed_in(own, live_server, here.senior)
    own.close()


def review(page: Page, server: LiveServer, action: Action) -> None:
    """Open the decision page as it is from now on."""
    page.goto(f"{server.url}/admin/approvals/action/{action.pk}/review/")


def claims(page: Page, server: LiveServer, action: Action) -> None:
    """Open the decision page, and wait until its script has taken the action in hand."""
    with page.expect_response(lambda answer: answer.url.endswith("/claim/")):
        review(page, server, action)


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    arm(page)
    with page.expect_navigation():
        page.keyboard.press(key)


def holder() -> str:
    return str(Claim.objects.select_related("person").get().person)


def history(page: Page, server: LiveServer, action: Action) -> str:
    page.goto(f"{server.url}/admin/approvals/action/{action.pk}/history/")
    return page.locator("main").inner_text()


class TestTwoPeople:
    def test_see_who_has_it_and_take_over_on_the_record(
        self, ann: Page, bob: Page, action: Action, live_server: LiveServer, complaints: list[str]
    ) -> None:
        claims(ann, live_server, action)
        review(bob, live_server, action)
        since = f"{Claim.objects.get().since:%H:%M}"
        expect(bob.locator(".holder")).to_contain_text(f"Claimed by Ann at {since}.")
        expect(bob.get_by_role("button", name="Approve")).to_have_count(0)
        press(bob, "t")
        assert holder() == "Bob"
        press(ann, "a")
        assert f"Bob claimed this action at {Claim.objects.get().since:%H:%M} UTC" in ann.inner_text("[role=alert]")
        assert (fresh(action).state, Decision.objects.count()) == ("pending", 0)
        assert [entry.event for entry in LedgerEntry.objects.filter(action=action).order_by("id")][-2:] == [
            "claim.taken_over",
            "decision.refused",
        ]
        said = history(ann, live_server, action)
        assert said.index("claim.taken_over") > 0
        complaints.clear()  # the browser notes each refusal, 409, as a failed request

    def test_hand_it_over_and_only_one_decides(
        self,
        ann: Page,
        bob: Page,
        action: Action,
        live_server: LiveServer,
        axe: Accessibility,
        complaints: list[str],
    ) -> None:
        claims(ann, live_server, action)
        tab = ann.context.new_page()
        review(tab, live_server, action)
        press(ann, "h")
        ann.keyboard.type("Bo")
        ann.keyboard.press("Tab")
        ann.keyboard.type("You know this supplier.")
        assert axe.faults(ann) == []
        with ann.expect_navigation():
            ann.get_by_role("button", name="Hand over").click()
        expect(ann.locator(".messagelist")).to_contain_text("Handed over to Bob")
        bob.goto(f"{live_server.url}/admin/inbox/?view=mine")
        expect(bob.locator(".line-handed")).to_have_text("handed over by Ann: You know this supplier.")
        claims(bob, live_server, action)
        expect(bob.locator(".holder")).to_contain_text("Ann handed this action over to you: “You know this supplier.”")
        assert axe.faults(bob) == []
        bob.goto(f"{live_server.url}/admin/inbox/")  # he looks elsewhere meanwhile, and keeps it
        assert holder() == "Bob"
        review(bob, live_server, action)
        press(bob, "a")
        final = Decision.objects.get(is_final=True)
        press(tab, "a")
        assert f"Bob already approved this action on {final.at:%Y-%m-%d at %H:%M} UTC" in tab.inner_text("[role=alert]")
        expect(tab.get_by_role("button", name="Take over")).to_have_count(0)
        said = history(ann, live_server, action)
        assert "To Bob: You know this supplier." in said
        assert said.index("action.handed_over") > 0
        complaints.clear()  # the browser notes the refusal, 409, as a failed request
