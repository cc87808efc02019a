"""The frame of every page: menus without JavaScript, pages of errors, Django's forms, and the API's document."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.models import Desk, Person
from tests import world
from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.browser.test_every_page import SCHEMES, looked_at
from tests.world import World

OVERFLOWING = """() => {
    const parts = [...document.querySelectorAll('.menu > *, #user-tools > *')];
    const boxes = parts.map((one) => one.getBoundingClientRect());
    const seen = boxes.filter((box) => box.width).sort((one, other) => one.left - other.left);
    return seen.some((box, at) => at && box.left < seen[at - 1].right - 1) || seen.at(-1).right > innerWidth;
}"""


@pytest.fixture
def root(context: BrowserContext, here: World, live_server: LiveServer) -> Page:
    """A page on which a superuser is signed in."""
    return signed_in(context, live_server, world.person("root", is_superuser=True))


@pytest.fixture
def plain(browser: Browser, here: World, live_server: LiveServer) -> Iterator[Page]:
    """A phone without JavaScript, on which the junior is signed in."""
    fresh = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    yield signed_in(fresh, live_server, here.junior)
    fresh.close()


def forget_failures(complaints: list[str]) -> None:
    """A browser complains of each page that is an error; that is no fault of the page."""
    complaints[:] = [each for each in complaints if "Failed to load resource" not in each]


class TestTheMenu:
    def test_of_a_phone_opens_without_javascript(self, plain: Page, live_server: LiveServer) -> None:
        plain.goto(f"{live_server.url}/admin/")
        help_link = plain.get_by_role("link", name="Help", exact=True)
        expect(help_link).to_have_count(0)
        plain.locator(".folded-menu summary").press("Enter")
        help_link.click()
        assert plain.url.endswith("/admin/help/")

    @pytest.mark.parametrize("language", ["en", "de", "fr"])
    @pytest.mark.parametrize("width", [390, 1279, 1280])
    def test_is_never_cut(self, desk: Page, here: World, live_server: LiveServer, language: str, width: int) -> None:
        Person.objects.filter(pk=here.junior.pk).update(language=language, first_name="Maximiliane", last_name="Weber")
        desk.set_viewport_size({"width": width, "height": 800})
        desk.goto(f"{live_server.url}/admin/halts/")
        assert not desk.evaluate(OVERFLOWING)

    @pytest.mark.parametrize("language", ["en", "de", "fr"])
    def test_stands_over_pages_that_fit_a_phone_in_each_language(
        self, desk: Page, here: World, live_server: LiveServer, language: str
    ) -> None:
        Person.objects.filter(pk=here.junior.pk).update(language=language)
        desk.set_viewport_size({"width": 390, "height": 800})
        for path in ("", "inbox/", "corrections/", "inventory/", "preferences/"):
            desk.goto(f"{live_server.url}/admin/{path}")
            assert desk.evaluate("document.documentElement.scrollWidth") <= 390, path

    def test_closes_at_escape_and_gives_the_focus_back(self, desk: Page, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/")
        more = desk.locator(".more-menu")
        more.locator("summary").press("Enter")
        desk.keyboard.press("Tab")
        desk.keyboard.press("Escape")
        expect(more.locator("summary")).to_be_focused()
        assert more.get_attribute("open") is None

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, live_server: LiveServer, scheme: str
    ) -> None:
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.goto(f"{live_server.url}/admin/halts/")
        for width in (1280, 390):
            desk.set_viewport_size({"width": width, "height": 800})
            desk.locator("#header summary:visible").click()
            assert axe.faults(desk) == [], width
            assert desk.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", SCHEMES)
class TestEveryPageOfTheFrame:
    def test_of_an_error_can_be_read_by_everybody(
        self, desk: Page, axe: Accessibility, live_server: LiveServer, scheme: str, complaints: list[str]
    ) -> None:
        for path in ("approvals/apikey/add/", "nothing/", "tightenings/"):
            looked_at(desk, axe, f"{live_server.url}/admin/{path}", scheme)
        desk.context.clear_cookies()
        looked_at(desk, axe, f"{live_server.url}/nothing/", scheme)
        forget_failures(complaints)

    def test_of_django_can_be_read_by_everybody(
        self, root: Page, axe: Accessibility, here: World, live_server: LiveServer, scheme: str
    ) -> None:
        at = f"{live_server.url}/admin"
        for path in (
            f"approvals/desk/{here.desk.pk}/change/",
            f"approvals/person/{here.junior.pk}/change/",
            f"approvals/person/{here.junior.pk}/password/",
            f"approvals/actiontype/{here.kind.pk}/change/",
            f"approvals/membership/{here.junior.memberships.get().pk}/delete/",
            "auth/group/add/",
            "password_change/",
        ):
            looked_at(root, axe, f"{at}/{path}", scheme)

    def test_of_the_api_can_be_read_by_everybody(self, desk: Page, live_server: LiveServer, scheme: str) -> None:
        asked: list[str] = []
        desk.on("request", lambda request: asked.append(request.url))
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in (1280, 390):
            desk.set_viewport_size({"width": width, "height": 800})
            desk.goto(f"{live_server.url}/api/v1/docs/")
            expect(desk.locator(".opblock").first).to_be_visible(timeout=20_000)
            assert desk.evaluate("document.documentElement.scrollWidth") <= width
            assert desk.locator("#header summary:visible").count() == 1
        assert desk.evaluate("document.documentElement.classList.contains('dark-mode')") == (scheme == "dark")
        assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


class TestAForm:
    def test_leads_from_each_error_to_its_field(self, root: Page, axe: Accessibility, live_server: LiveServer) -> None:
        root.goto(f"{live_server.url}/admin/approvals/desk/add/")
        root.get_by_role("button", name="Save", exact=True).click()
        root.locator(".error-summary").get_by_role("link", name="Name").click()
        expect(root.locator("#id_name")).to_be_in_viewport()
        assert root.url.endswith("#id_name")
        assert axe.faults(root) == []
        assert not Desk.objects.filter(name="").exists()

    def test_keeps_its_buttons_in_sight(self, root: Page, here: World, live_server: LiveServer) -> None:
        root.goto(f"{live_server.url}/admin/approvals/actiontype/{here.kind.pk}/change/")
        expect(root.get_by_role("button", name="Save", exact=True)).to_be_in_viewport(ratio=1)


def test_a_page_has_one_title(here: World) -> None:
    """What is read first names the row, once."""
    client = Client()
    client.force_login(world.person("root", is_superuser=True))
    for path in (f"desk/{here.desk.pk}/change/", f"desk/{here.desk.pk}/delete/", "desk/add/"):
        assert client.get(f"/admin/approvals/{path}").text.count("<h1") == 1, path
