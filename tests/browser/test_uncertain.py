"""What nobody knows the end of, in a real browser: a person says what happened, and how she knows."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Action
from approvals.services.execution import run
from tests.browser.plugin import Accessibility
from tests.world import NOON, World, fresh

pytestmark = pytest.mark.world(connector="fake", undo_seconds=0)


@pytest.fixture
def here(fake: FakeConnector, here: World) -> World:
    """A desk whose connector went silent."""
    fake.class_ = Recovery.NEITHER
    fake.script.append((True, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
    return here


@pytest.fixture
def doubtful(here: World) -> Action:
    """An action that was sent, and no answer came."""
    action = here.approved()
    run.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)
    return fresh(action)


class TestAnUncertainAction:
    @pytest.mark.parametrize("width", [1280, 390])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_be_read_by_everybody(
        self, desk: Page, doubtful: Action, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
    ) -> None:
        desk.set_viewport_size({"width": width, "height": 850})
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.goto(f"{live_server.url}/admin/approvals/action/{doubtful.pk}/review/")
        assert axe.faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width

    def test_is_settled_by_saying_what_happened(self, desk: Page, doubtful: Action, live_server: LiveServer) -> None:
        desk.goto(f"{live_server.url}/admin/approvals/action/{doubtful.pk}/review/")
        assert doubtful.state == "uncertain"
        desk.get_by_label("Evidence").fill("It is in the bank's statement.")
        desk.get_by_role("button", name="Mark as executed", exact=True).click()
        desk.wait_for_load_state()
        assert fresh(doubtful).state == "executed"
