"""The directory's page for sheets, and facts beside a decision: read by everybody, on a desk and on a phone."""

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Door, system
from approvals.models import ActionType, Employee
from approvals.services.decisions import checks
from policies import db
from tests.browser.plugin import Accessibility
from tests.world import World

SHEET = b"key,name,department,title\nann@example.com,Ann Lee,Sales,A rather long title that has to fit on a phone\n"
VALUE = {"role": "editor", "teams": [{"name": "Sales", "lead": "Ann Lee"}], "since": {"year": 2024}}


@pytest.fixture
def keeper(here: World) -> World:
    """The junior keeps the directory, too."""
    names = ["add_employee", "change_employee", "view_employee"]
    here.junior.user_permissions.set(Permission.objects.filter(codename__in=names))
    return here


class TestASheet:
    @pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
    def test_is_chosen_looked_at_and_taken_in(
        self, keeper: World, desk: Page, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
    ) -> None:
        desk.set_viewport_size({"width": width, "height": 850})
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.goto(f"{live_server.url}/admin/approvals/employee/import/")
        assert axe.faults(desk) == []
        desk.get_by_label("CSV file").set_input_files({"name": "p.csv", "mimeType": "text/csv", "buffer": SHEET})
        desk.get_by_role("button", name="Preview changes").click()
        expect(desk.get_by_text("1 row will be added or changed")).to_be_visible()
        assert axe.faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert not Employee.objects.exists()
        with desk.expect_navigation():
            desk.get_by_role("button", name="Import").click()
        assert Employee.objects.get().name == "Ann Lee"
        assert axe.faults(desk) == []


class TestTheFacts:
    @pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
    def test_stand_beside_the_decision(
        self, here: World, desk: Page, axe: Accessibility, live_server: LiveServer, width: int, scheme: str
    ) -> None:
        target = {"by": "{/issuer}", "rows": {"Paper Mill": VALUE}, "called": "the register"}
        ActionType.objects.update(lookups=[{"name": "vendor", "source": "table", "target": target}])
        action = here.propose(db.now())
        checks.run_due(actor=system(Door.CELERY), clock=db.now)
        here.route(action, db.now())
        desk.set_viewport_size({"width": width, "height": 850})
        desk.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
        expect(desk.get_by_role("region", name="Lookup results").get_by_text("from the register")).to_be_visible()
        assert axe.faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
