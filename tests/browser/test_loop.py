"""Reasons in set words by keyboard, and taking back and stopping from the list, read by everybody at desk and phone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Actor, Door, system
from approvals.models import Action, Decision
from approvals.services.decisions import notes
from approvals.services.execution import run
from tests import world
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import arm
from tests.services.intake.test_reversal import SCHEMA
from tests.world import NOON, World, fresh

WORDS = [
    {"code": "wrong-account", "words": "The account is wrong.", "for": ["modify", "reject"]},
    {"code": "twice", "words": "It was sent before.", "for": ["reject"]},
]
pytestmark = pytest.mark.world(undo_seconds=0, reasons=WORDS)


@pytest.fixture
def here(here: World) -> World:
    here.kind.reversal_type = world.invoice_type(
        here.desk,
        name="invoice.reverse",
        title="Reverse invoice",
        schema=SCHEMA,
        amount_pointer="/total",
        subject_pointer="",
        automation_requires=[],
        summary="Reverse {/invoice_number}",
    )
    here.kind.save()
    return here


def executed(here: World) -> Action:
    action = here.auto()
    run.run_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
    return fresh(action)


def review(live_server: LiveServer, action: Action) -> str:
    return f"{live_server.url}/admin/approvals/action/{action.pk}/review/"


def test_a_reason_is_chosen_by_keyboard_and_added_to(desk: Page, here: World, live_server: LiveServer) -> None:
    action = here.pending()
    desk.goto(review(live_server, action))
    arm(desk)
    desk.keyboard.press("s")
    desk.keyboard.press("ArrowDown")
    assert desk.input_value("#rationale") == "The account is wrong."
    desk.keyboard.press("ArrowDown")
    assert desk.input_value("#rationale") == "It was sent before."
    desk.keyboard.press("Escape")
    desk.keyboard.press("w")
    desk.keyboard.press("End")
    desk.keyboard.type(" On Monday.")
    desk.keyboard.press("Escape")
    with desk.expect_navigation():
        desk.keyboard.press("r")
    decision = Decision.objects.get(action=action, is_final=True)
    assert (decision.reason_code, decision.reason) == ("twice", "It was sent before. On Monday.")


def test_what_she_wrote_stays_when_she_chooses_another(desk: Page, here: World, live_server: LiveServer) -> None:
    desk.goto(review(live_server, here.pending()))
    desk.locator("#say summary").click()
    desk.fill("#rationale", "Ask Kim.")
    desk.select_option("#reason-code", "twice")
    assert desk.input_value("#rationale") == "It was sent before. Ask Kim."
    desk.select_option("#reason-code", "wrong-account")
    assert desk.input_value("#rationale") == "The account is wrong. Ask Kim."
    desk.select_option("#reason-code", "")
    assert desk.input_value("#rationale") == "Ask Kim."


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_can_be_read_by_everybody(
    desk: Page, here: World, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
) -> None:
    done, asked = executed(here), here.pending()
    notes.ask(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=asked.pk, text="Is the amount right?")
    payload = asked.revision.payload | {"amount": 717.9, "memo": "Corrected."}
    notes.answer(actor=here.as_agent(), at=NOON, action_id=asked.pk, text="A typo.", payload=payload)
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    here_at = f"{live_server.url}/admin"
    for address in (
        f"{here_at}/loop/",
        f"{here_at}/halts/?target=desk:finance",
        review(live_server, done),
        f"{here_at}/approvals/action/{done.pk}/reverse/",
        review(live_server, asked),
    ):
        desk.goto(address)
        assert axe.faults(desk) == [], address
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, address
