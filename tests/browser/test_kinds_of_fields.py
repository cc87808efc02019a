"""A mail with days, figures, choices and lines, read and changed in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action
from tests.browser.corpus import MAIL
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm
from tests.world import World, fresh

PAYLOAD: dict[str, Any] = {
    "issuer": "Coolblue B.V.",
    "amount": "1234.50",
    "currency": "EUR",
    "to": ["ana@example.com", '"ceo@bank.example" <eve@evil.example>'],
    "subject": "Your renewal \u202efdp",
    "body": '<p>Dear Ana,</p><p>see <a href="https://evil.example/x">https://bank.example</a></p><p hidden>secret</p>',
    "text": "Dear Ana,\n\nOn Monday you wrote:\n> Please renew\n> by Friday\n\nBest\nSofia",
    "day": "2026-12-31",
    "at": "2026-12-01T09:30:00+01:00",
    "link": "https://bank.example@evil.example/login",
    "share": 0.125,
    "account": "NL91ABNA0417164300",
    "template": "delete-everything",
    "lines": [{"day": "2026-11-02", "price": "12000.00"}, {"day": "99999-01-01", "price": "3.5"}],
}


@pytest.fixture
def here(here: World) -> World:
    here.kind.write_schema(MAIL)
    here.kind.save()
    return here


@pytest.fixture
def mail(here: World) -> Action:
    return here.pending(payload=PAYLOAD)


def opened(desk: Page, live_server: LiveServer, mail: Action, query: str = "") -> Page:
    desk.goto(f"{live_server.url}/admin/approvals/action/{mail.pk}/review/{query}")
    return desk


@pytest.mark.parametrize("query", ["", "?edit=1"])
def test_is_read_by_everybody(
    desk: Page, live_server: LiveServer, mail: Action, axe: Accessibility, query: str
) -> None:
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        opened(desk, live_server, mail, query)
        for width in (1280, 390):
            desk.set_viewport_size({"width": width, "height": 900})
            assert axe.faults(desk) == []
            assert desk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_says_what_each_value_is_and_shows_it_as_it_was_sent(desk: Page, live_server: LiveServer, mail: Action) -> None:
    opened(desk, live_server, mail)
    words = desk.inner_text(".what")
    for said in ("A friendly reminder", "delete-everything", "12.5 %", "0.125", "2026-12-31", "evil.example", "secret"):
        assert said in words
    assert desk.text_content("[id='at-/account'] .value bdi") == "NL91ABNA0417164300"
    assert desk.locator(".letter .quoted").inner_text().strip() == "> Please renew\n> by Friday"
    assert desk.locator(".what .prose a").count() == 0


def test_is_changed_and_grows_by_keyboard(desk: Page, live_server: LiveServer, mail: Action) -> None:
    opened(desk, live_server, mail, "?edit=1")
    desk.fill("[name='value:/at']", "2026-12-01T10:45")
    desk.focus("[name='value:/lines/2/price']")
    desk.keyboard.type("7.00")
    desk.focus("[name='value:/lines/3/price']")
    desk.keyboard.type("8.00")
    desk.focus("[name='value:/to/2']")
    desk.keyboard.type("bob@example.com")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("table.diff")
    assert "Lines 4: Price" in desk.inner_text("table.diff")
    arm(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".messagelist, .notices li")
    changed = fresh(mail).revision.payload
    assert changed == PAYLOAD | {
        "at": "2026-12-01T10:45:00+01:00",
        "to": [*PAYLOAD["to"], "bob@example.com"],
        "lines": [*PAYLOAD["lines"], {"price": "7.00"}, {"price": "8.00"}],
    }
