"""What nobody knows the end of, in a real browser: a person says what happened, and how she knows."""

from collections.abc import Generator

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.models import Action
from approvals.services.execution import run
from tests import doubles, world
from tests.browser.plugin import Accessibility
from tests.browser.test_review_desk import signed_in
from tests.world import NOON, World, fresh


@pytest.fixture
def here(transactional_db: None, settings: Settings) -> Generator[World]:
    """A desk whose connector went silent."""
    settings.HITL_CONNECTORS = doubles.NAMES
    fake = doubles.fresh_connector()
    fake.class_ = Recovery.NEITHER
    fake.script.append((True, CallResult(CallStatus.UNKNOWN, None, "Timed out.")))
    made = world.make(connector="fake", undo_seconds=0)
    made.junior.groups.add(Group.objects.get(name="Reviewers"))
    yield made
    doubles.fresh_connector()


@pytest.fixture
def doubtful(here: World) -> Action:
    """An action that was sent, and no answer came."""
    action = here.approved()
    run.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)
    return fresh(action)


@pytest.fixture
def desk(context: BrowserContext, here: World, live_server: LiveServer) -> Page:
    """A page on which the junior is signed in."""
    return signed_in(context, live_server, here.junior)


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
