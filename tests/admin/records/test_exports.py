"""Exporting a list of the admin: the file holds what the list shows, for everyone what they may see."""

import csv
import io
import json
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from approvals.admin.base.exported import ExportedAdmin
from approvals.models import Action, Export
from approvals.models import Client as Customer
from approvals.services.exports import requests, writing
from tests import world
from tests.admin.conftest import signed_in
from tests.services.exports.conftest import WORKER
from tests.world import World

LISTS = sorted(each.opts.label_lower for each in admin.site._registry.values() if isinstance(each, ExportedAdmin))


def take(client: Client, source: str = "approvals.action", query: str = "", name: str = "csv", **fields: Any) -> Any:
    """Press the button of the form for a list at an address."""
    url = reverse("admin:export_new", args=[source])
    form = client.get(f"{url}?{query}").context
    columns = [column["name"] for column in form["columns"] if column["is_chosen"]]
    return client.post(url, {"query": form["query"], "format": name, "columns": columns} | fields)


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.status_code
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


@pytest.fixture
def modified(here: World) -> Action:
    action = here.pending(amount=7437.37, on_behalf_of="maria")
    world.decide("modify", action, here.senior, payload=action.revision.payload | {"account": 1}, rationale="Wrong.")
    return world.fresh(action)


class TestEveryList:
    def test_is_offered(self) -> None:
        assert len(LISTS) > 20

    @pytest.mark.parametrize("source", LISTS)
    def test_can_be_exported_in_every_format(self, modified: Action, superuser: Client, source: str) -> None:
        for name in ("csv", "jsonl", "xlsx"):
            answer = take(superuser, source, name=name)
            assert answer.status_code == 200, answer.content[:300]

    def test_tells_no_secret(self, modified: Action, superuser: Client) -> None:
        for source in LISTS:
            url = reverse("admin:export_new", args=[source])
            names = {column["name"] for column in superuser.get(url).context["columns"]}
            assert not names & {"password", "hash", "seal", "mac", "salt", "secret"}, source

    def test_has_a_button_beside_its_count(self, modified: Action, compliance: Client) -> None:
        page = compliance.get("/admin/approvals/action/?decided_as=modify&p=1").content.decode()
        assert f"{reverse('admin:export_new', args=['approvals.action'])}?decided_as=modify" in page


class TestActions:
    def test_say_what_an_auditor_needs(self, modified: Action, compliance: Client) -> None:
        (row,) = rows(take(compliance))
        assert row == row | {
            "id": str(modified.pk), "amount": "7437.37", "currency": "EUR", "action_type": "invoice.post",
            "agent": "invoice-bot", "desk": "finance", "final_verdict": "modify", "decided_by": "senior",
            "reason": "Wrong.", "changes": "/account:  → 1", "state": "modified",
        }  # fmt: skip
        assert row["proposed_at"].endswith("Z") and row["decided_at"] and not row["executed_at"]

    def test_name_their_client_only_where_there_is_one(self, modified: Action, compliance: Client) -> None:
        assert "client" not in rows(take(compliance))[0]
        Customer.objects.create(key="north", name="North")
        assert [row["client"] for row in rows(take(compliance))] == [""]

    def test_hold_only_what_the_filters_leave(self, here: World, modified: Action, compliance: Client) -> None:
        here.pending()
        assert len(rows(take(compliance))) == 2
        assert [row["id"] for row in rows(take(compliance, query="decided_as=modify"))] == [str(modified.pk)]
        assert rows(take(compliance, query="q=nothing-like-it")) == []

    def test_hold_only_what_my_desks_hold(self, here: World, modified: Action, junior: Client) -> None:
        assert len(rows(take(junior))) == 1
        assert rows(take(signed_in(world.person("stranger"), "Reviewers"))) == []

    def test_are_in_the_order_of_the_list(self, here: World, compliance: Client) -> None:
        for _ in range(4):
            here.propose()
        shown = compliance.get("/admin/approvals/action/").context["cl"].result_list
        assert [row["id"] for row in rows(take(compliance))] == [str(action.pk) for action in shown]

    def test_have_the_columns_that_were_chosen(self, modified: Action, compliance: Client) -> None:
        assert list(rows(take(compliance, columns=["subject", "id"]))[0]) == ["id", "subject"]

    def test_cost_as_many_statements_however_many_there_are(
        self, here: World, modified: Action, compliance: Client
    ) -> None:
        with CaptureQueriesContext(connection) as few:
            take(compliance)
        for _ in range(10):
            here.approved()
        with CaptureQueriesContext(connection) as many:
            assert len(rows(take(compliance))) == 11
        assert len(many) <= len(few)

    def test_that_are_hostile_are_no_formula(self, here: World, compliance: Client) -> None:
        here.pending(issuer="=HYPERLINK(1)", on_behalf_of="@x")
        (row,) = rows(take(compliance, columns=["subject", "on_behalf_of"]))
        assert row == {"subject": "'=HYPERLINK(1)", "on_behalf_of": "'@x"}


class TestTheForm:
    def test_is_closed_to_who_may_not_read_the_list(self, here: World) -> None:
        nobody = signed_in(world.person("nobody"))
        assert nobody.get(reverse("admin:export_new", args=["approvals.action"])).status_code == 403

    def test_knows_no_other_list(self, compliance: Client) -> None:
        assert compliance.get(reverse("admin:export_new", args=["auth.user"])).status_code == 404

    def test_keeps_what_was_chosen_where_it_is_refused(self, modified: Action, compliance: Client) -> None:
        answer = take(compliance, columns=[], name="xlsx")
        assert answer.status_code == 422
        assert answer.context["chosen"] == "xlsx"


class TestALongList:
    @pytest.fixture(autouse=True)
    def long(self, here: World, settings: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.HITL_HOME = tmp_path
        monkeypatch.setattr(requests, "MAX_SMALL", 2)
        for _ in range(3):
            here.propose()

    def test_is_watched_and_then_downloaded(self, compliance: Client) -> None:
        page = take(compliance, name="jsonl")
        export = Export.objects.get()
        address = reverse("admin:export", args=[export.pk])
        assert page.status_code == 302 and page["Location"] == address
        assert 'http-equiv="refresh"' in compliance.get(address).content.decode()
        writing.run_due(actor=WORKER, clock=world.now, is_stopping=lambda: False)
        assert 'http-equiv="refresh"' not in compliance.get(address).content.decode()
        answer: Any = compliance.post(reverse("admin:export_download", args=[export.pk]))
        found = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
        assert len(found) == 3 and answer["Content-Disposition"].endswith('.jsonl"')
        assert str(export.pk) in compliance.get(reverse("admin:exports")).content.decode()

    def test_is_taken_by_no_link(self, compliance: Client) -> None:
        take(compliance)
        assert compliance.get(reverse("admin:export_download", args=[Export.objects.get().pk])).status_code == 405

    def test_is_no_business_of_others(self, compliance: Client, senior: Client) -> None:
        take(compliance)
        export = Export.objects.get()
        assert senior.get(reverse("admin:export", args=[export.pk])).status_code == 404
        senior.post(reverse("admin:export_cancel", args=[export.pk]))
        assert Export.objects.get().state == "queued"

    def test_can_be_canceled(self, compliance: Client) -> None:
        take(compliance)
        compliance.post(reverse("admin:export_cancel", args=[Export.objects.get().pk]))
        assert Export.objects.get().state == "canceled"
