"""The page of a restored database: what to check before execution is resumed, at desk and phone, in light and dark."""

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.connectors.base import Recovery
from approvals.connectors.fake import FakeConnector
from approvals.services.safety import restores
from tests import world
from tests.browser.plugin import Accessibility
from tests.services.safety.given import lose, work
from tests.world import NOON, World

HOST = "a-target-system-with-quite-a-long-name.accounting.example.com:8443"


@pytest.mark.world(connector="fake", undo_seconds=0)
@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everybody(
    desk: Page, here: World, fake: FakeConnector, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
) -> None:
    here.junior.user_permissions.add(Permission.objects.get(codename="change_halt"))
    fake.class_ = Recovery.NEITHER
    doubtful, waiting = here.approved(), here.pending()
    restores.announce(actor=system(Door.COMMAND), at=NOON)
    lose(doubtful, connector="fake")
    work()
    lose(waiting, connector="http", host=HOST, is_end=True)
    lose(world.fresh(waiting), connector="http", host=HOST)
    desk.set_viewport_size({"width": width, "height": 850})
    desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.goto(f"{live_server.url}/admin/restore/")
    check = desk.locator("section[aria-labelledby=check-title]")
    assert HOST in check.inner_text()
    assert check.locator(f'a[href="/admin/approvals/action/{doubtful.pk}/review/"]').count() == 1
    button = desk.locator("form.stop-form button")
    assert check.bounding_box()["y"] < button.bounding_box()["y"]  # type: ignore[index]
    assert axe.faults(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
