"""Pages that refuse a password for now: they say until when, and everybody can read them."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import signed_in
from tests.browser.plugin import Accessibility
from tests.browser.test_exceptions import SIZES, keep
from tests.services.safety.test_passwords import wrong
from tests.world import World

ADDRESS = "127.0.0.1"


@pytest.fixture
def here(here: World) -> World:
    here.junior.groups.set(Group.objects.filter(name__in=["Reviewers", "Break-glass"]))
    return here


def fill(page: Page, url: str, **fields: str) -> None:
    page.goto(url)
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form [type=submit], #content form [type=submit]").last.click()
    # A form says it above its fields, and at the field.
    expect(page.get_by_text("Too many attempts. Try again in a minute.").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_can_be_read_by_everybody(
    context: BrowserContext, complaints: list[str], here: World, axe: Accessibility, live_server: LiveServer,
    width: int, scheme: str,
) -> None:  # fmt: skip
    wrong(5, address=ADDRESS)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    fill(page, f"{live_server.url}/admin/login/", username="junior", password="secret")
    keep(page, axe, "login-refused")
    signed_in(context, live_server, here.junior)
    new = {"new_password1": "correct horse 7", "new_password2": "correct horse 7"}
    fill(page, f"{live_server.url}/admin/password_change/", old_password="secret", **new)
    keep(page, axe, "password-refused")
    page.goto(f"{live_server.url}/admin/break-glass/")
    page.locator("[name=desk]").select_option("finance")
    page.locator("[name=reason]").fill("Nobody is here.")
    page.locator("[name=password]").fill("secret")
    page.get_by_role("button", name="Start break-glass access").click()
    expect(page.get_by_text("Too many attempts. Try again in a minute.")).to_be_visible()
    keep(page, axe, "glass-refused")
    # The browser notes every answer that says no.
    complaints[:] = [each for each in complaints if "422" not in each]
