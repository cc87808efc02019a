"""The document beside the fields in a real browser: wide, small and on a phone, light and dark, without script too."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.models import Action
from approvals.services.decisions import checks
from policies import db
from tests import attaching
from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm
from tests.documents import corpus
from tests.world import World, fresh

pytestmark = pytest.mark.usefixtures("store")
SIZES = {"wide": (1440, 900), "small": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def bill(here: World) -> Action:
    """An invoice with two documents: where its amount stands, and a quote that stands nowhere."""
    paper = attaching.attachment(here, corpus.pdf(), "bill.pdf")
    note = attaching.attachment(here, b"Delivered 20 boxes.\n", "note.txt")
    evidence = [
        {"label": "amount", "field": "/amount", "attachment": str(paper.pk), "page": 1, "quote": "Total 717.97"},
        {"label": "issuer", "field": "/issuer", "attachment": str(paper.pk), "page": 1, "quote": "Paper Mill"},
        {"label": "boxes", "attachment": str(note.pk), "page": 1, "quote": "20 boxes", "value": "20"},
    ]
    action = here.propose(db.now(), attachments=[paper.pk, note.pk], evidence=evidence)
    checks.run_due(actor=system(Door.CELERY), clock=db.now)
    return here.route(action)


@pytest.fixture
def address(live_server: LiveServer, bill: Action) -> str:
    return f"{live_server.url}/admin/approvals/action/{bill.pk}/review/"


def box(page: Page, selector: str) -> dict[str, float]:
    found: Any = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return dict(found)


def loaded(page: Page) -> bool:
    """Whether the picture of the page that is looked at is there."""
    picture = page.locator(".document:not([hidden]) img").first
    picture.scroll_into_view_if_needed()
    return bool(picture.evaluate("(image) => image.decode().then(() => image.naturalWidth === 1240, () => false)"))


class TestBesideTheFields:
    @pytest.mark.parametrize("size", ["small", "wide"])
    def test_document_fields_and_reasons_stand_side_by_side(self, desk: Page, address: str, size: str) -> None:
        width, height = SIZES[size]
        desk.set_viewport_size({"width": width, "height": height})
        desk.goto(address)
        document, fields, reasons = (box(desk, each) for each in ("#documents", ".what", ".why"))
        assert document["x"] + document["width"] <= fields["x"]
        assert fields["x"] + fields["width"] <= reasons["x"]
        assert loaded(desk)
        # Legible in both at once: the marked amount is not covered by the bar, nor is its field.
        bar = box(desk, ".bar")["y"]
        assert box(desk, "#quote-1 rect")["y"] < bar and box(desk, '[id="at-/amount"]')["y"] < bar

    def test_looking_at_a_field_shows_its_place(self, desk: Page, address: str) -> None:
        desk.goto(address)
        desk.set_viewport_size({"width": 1440, "height": 900})
        desk.goto(address)
        assert desk.locator("#quote-1.is-shown").count() == 0
        desk.locator('[id="at-/amount"]').hover()
        assert desk.locator("#quote-1.is-shown").count() == 1

    def test_its_link_and_a_tab_open_the_other_document(self, desk: Page, address: str) -> None:
        desk.set_viewport_size({"width": 1440, "height": 900})
        desk.goto(address)
        desk.locator(".evidence a.source").click()
        assert desk.locator("#document-2 mark.is-shown").inner_text() == "20 boxes"
        desk.get_by_role("link", name="bill.pdf").first.click()
        assert desk.locator("#document-1").is_visible() and desk.locator("#document-2").is_hidden()
        assert desk.url == address

    def test_actual_size_is_wider_than_its_frame(self, desk: Page, address: str) -> None:
        desk.set_viewport_size({"width": 1280, "height": 800})
        desk.goto(address)
        desk.locator("#document-1 [data-zoom]").click()
        assert box(desk, "#document-1 img")["width"] == 1240
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestTheFirstDecision:
    def test_takes_one_page_and_three_keys_with_the_document_in_sight(
        self, desk: Page, bill: Action, live_server: LiveServer
    ) -> None:
        desk.set_viewport_size({"width": 1280, "height": 800})
        desk.goto(f"{live_server.url}/admin/inbox/")
        arm(desk)
        desk.keyboard.press("j")
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        arm(desk)
        assert f"/{bill.pk}/review/" in desk.url and loaded(desk)
        assert box(desk, "#quote-1 rect")["y"] < box(desk, ".bar")["y"]
        with desk.expect_navigation():
            desk.keyboard.press("a")
        assert fresh(bill).state == "approved"


class TestOnAPhone:
    def test_values_come_first_and_the_document_is_folded(self, desk: Page, address: str) -> None:
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.goto(address)
        what, document, why = (box(desk, each)["y"] for each in (".what", "#documents", ".why"))
        assert what < document < why
        assert not desk.locator("#documents").get_attribute("open")
        desk.locator('[id="at-/amount"] a.source').click()
        assert desk.locator("#document-1 img").is_visible()
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestWithoutScript:
    def test_links_and_tabs_work(self, browser: Browser, here: World, live_server: LiveServer, address: str) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
        page = signed_in(context, live_server, here.junior)
        page.goto(address)
        page.locator("#documents > summary").click()
        page.locator('[id="at-/amount"] a.source').click()
        assert page.url.endswith("#quote-1")
        page.locator(".document-tabs a").last.click()
        assert page.locator("#document-2").is_visible() and page.locator("#document-1").is_hidden()
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
class TestForEverybody:
    def test_has_no_serious_fault(
        self,
        browser: Browser,
        here: World,
        live_server: LiveServer,
        address: str,
        axe: Accessibility,
        size: str,
        scheme: Any,
    ) -> None:
        width, height = SIZES[size]
        context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = signed_in(context, live_server, here.junior)
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}?document=1")
        assert loaded(page)
        assert axe.faults(page) == []
        assert not wrong
        context.close()
