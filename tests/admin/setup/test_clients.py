"""The pages of clients, and what of other pages appears with the first one."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser

from approvals.actors import Door, system
from approvals.models import Agent, Calendar, Client, Membership
from approvals.services.catalog.gathering import WaitsForApproval
from approvals.services.directory import import_sheet
from approvals.services.directory.sheet_rows import Change
from approvals.text.csv_sheet import SheetFaults
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
FILE = b"key,name,responsible,currency,active\nnorth,North Ltd,junior,chf,yes\nsouth,South Ltd,,,no\n"


@pytest.fixture
def root(here: World) -> Browser:
    """A browser of somebody who may change every row."""
    browser = Browser()
    browser.force_login(world.person("admin", is_superuser=True))
    return browser


def take_in(content: bytes) -> list[Change]:
    return import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="clients", content=content)


class TestTheFile:
    def test_makes_clients(self, here: World) -> None:
        take_in(FILE)
        north, south = Client.objects.order_by("key")
        assert (north.name, north.responsible, north.currency, north.is_active) == (
            "North Ltd",
            here.junior,
            "CHF",
            True,
        )
        assert (south.responsible, south.currency, south.is_active) == (None, "", False)
        assert all(change.is_none for change in take_in(FILE))

    @pytest.mark.parametrize(
        "line", ["a b,A", ",A", "a,", "a,A,nobody", "a,A,,EURO", "a,A,,,nodesk", "a,A,,,,perhaps", f"{'a' * 65},A"]
    )
    def test_is_refused_whole(self, here: World, line: str) -> None:
        with pytest.raises(SheetFaults):
            take_in(f"key,name,responsible,currency,calendar,active\nnorth,North\n{line}\n".encode())
        assert not Client.objects.exists()

    def test_holds_two_hundred(self, here: World) -> None:
        lines = "".join(f"client-{place},Client {place}\n" for place in range(200))
        take_in(f"key,name\n{lines}".encode())
        assert Client.objects.count() == 200


class TestTheFileOfALiveInstallation:
    @pytest.mark.parametrize("cells", ["junior,", ",chf"])
    def test_waits_for_a_second_person_where_a_new_client_gives_power(self, live: World, cells: str) -> None:
        """Who is responsible decides without a membership, and a currency weighs amounts."""
        with pytest.raises(WaitsForApproval):
            take_in(f"key,name,responsible,currency\nnorth,North,{cells}\n".encode())
        assert not Client.objects.exists()

    def test_waits_with_the_calendar_that_it_names(self, live: World) -> None:
        Calendar.objects.create(desk=live.desk)
        with pytest.raises(WaitsForApproval) as waits:
            take_in(b"key,name,responsible,calendar\nnorth,North,junior,finance\n")
        (change,) = waits.value.change.rows
        assert change.fields["calendar"] == (None, "finance")

    def test_is_taken_at_once_where_it_gives_none(self, live: World) -> None:
        take_in(b"key,name\nnorth,North\n")
        assert Client.objects.exists()


class TestThePages:
    def test_come_with_the_first_client(self, root: Browser) -> None:
        pages = ("/admin/approvals/", "/admin/approvals/membership/add/", "/admin/approvals/agent/add/")
        assert not any("lient" in root.get(page).text for page in pages)
        sent = {"name": "North Ltd", "key": "north", "currency": "EUR", "is_active": "on"}
        assert root.post("/admin/approvals/client/add/", sent).status_code == 302
        assert all("lient" in root.get(page).text for page in pages)

    def test_list_the_clients_with_their_memberships(self, here: World, root: Browser) -> None:
        take_in(FILE)
        client = Client.objects.get(key="north")
        Membership.objects.create(person=here.owner, desk=here.desk, client=client)
        text = root.get("/admin/approvals/client/").text
        assert 'class="field-shown_memberships">1<' in text
        assert root.get(f"/admin/approvals/client/{client.pk}/history/").status_code == 200

    def test_count_no_rows_of_other_clients(self, here: World, root: Browser) -> None:
        """Where the list is narrowed for a reader, its number of rows is not told."""
        reader = world.person("reader")
        reader.user_permissions.set(Permission.objects.filter(codename="view_agent"))
        browser = Browser()
        browser.force_login(reader)

        def size(who: Browser) -> Any:
            groups = who.get("/admin/approvals/").context["groups"]
            return next(row["size"] for group in groups for row in group["models"] if row["model"] is Agent)

        assert size(browser) is not None
        Client.objects.create(key="north", name="North")
        assert size(browser) is None
        assert size(root) is not None

    def test_never_change_a_key(self, root: Browser) -> None:
        take_in(b"key,name\nnorth,North\n")
        client = Client.objects.get()
        sent = {"name": "New", "key": "other", "currency": "", "is_active": "on"}
        root.post(f"/admin/approvals/client/{client.pk}/change/", sent)
        client.refresh_from_db()
        assert (client.key, client.name) == ("north", "New")

    def test_filter_actions_and_figures(self, here: World, root: Browser) -> None:
        take_in(FILE)
        north = Client.objects.get(key="north")
        named, other = here.propose(client="north"), here.propose()
        auditor = Browser()
        auditor.force_login(world.auditor())
        text = auditor.get("/admin/approvals/action/", {"client": north.pk}).text
        assert str(named.pk) in text
        assert str(other.pk) not in text
        assert auditor.get("/admin/", {"client": north.pk}).context["client"] == north

    def test_export_the_client_of_an_action(self, here: World) -> None:
        take_in(FILE)
        auditor = Browser()
        auditor.force_login(world.auditor())
        rows = {
            key: auditor.get(f"/admin/approvals/action/{here.propose(client=key).pk}/history.csv").text
            for key in ("north", "")
        }
        assert '"client"' in rows["north"].splitlines()[0]
        assert rows["north"].splitlines()[1].endswith('"north"')
        assert "client" not in rows[""].splitlines()[0]


class TestAMembership:
    def test_is_for_one_client_or_for_each(self, here: World, root: Browser) -> None:
        take_in(FILE)
        client = Client.objects.get(key="north")
        sent = {"person": here.owner.pk, "desk": here.desk.pk, "tier": 1, "max_stakes": "high"}
        sent |= {"client": client.pk, "covers_clients": "on"}
        assert root.post("/admin/approvals/membership/add/", sent).status_code == 200
        assert not Membership.objects.filter(person=here.owner).exists()

    def test_can_be_had_once_for_each_client(self, here: World, root: Browser) -> None:
        take_in(FILE)
        sent = {"person": here.owner.pk, "desk": here.desk.pk, "tier": 1, "max_stakes": "high"}
        for client in [*Client.objects.all(), None]:
            for _again in range(2):
                root.post("/admin/approvals/membership/add/", sent | ({"client": client.pk} if client else {}))
        assert Membership.objects.filter(person=here.owner).count() == 3
