"""`catalog/`: the set-up as files over REST, by people with the right token and permissions alone."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import ActionType, Desk, Membership, Person
from approvals.services.configuration.folder import export
from approvals.states import Tier
from tests.api.caller import as_agent, as_token
from tests.services.configuration.given import edited, furnish, go_live, keeper
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MORE = {"desks.yaml": "desks:\n  - {slug: legal, name: Legal}\n"}


def test_returns_what_is_exported(here: World) -> None:
    furnish(here)
    assert as_token(keeper(), "configure").get("catalog/").json() == {"files": export.files()}


def test_applies_and_tries(here: World) -> None:
    caller = as_token(keeper(), "configure")
    row = {
        "file": "desks.yaml", "line": 2, "operation": "add", "kind": "desk", "name": "Legal", "loosens": False,
        "fields_changed": [{"field": "name", "before": "", "after": "Legal"}],
    }  # fmt: skip
    tried = caller.post("catalog/", {"files": MORE, "dry_run": True}).json()
    assert tried == {"dry_run": True, "waits": False, "rows": [row], "policies": [], "requests": []}
    assert not Desk.objects.filter(slug="legal").exists()
    assert caller.post("catalog/", {"files": MORE}).json()["rows"] == [row]
    assert Desk.objects.filter(slug="legal").exists()


def test_names_what_a_second_person_decides_on(here: World) -> None:
    for person in (here.senior, here.junior):
        Membership.objects.create(person=person, desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
    caller = as_token(keeper(), "configure")
    go_live()
    files = edited("action_types/invoice.post.yaml", "mode: on_the_loop", "mode: autonomous")
    told = caller.post("catalog/", {"files": files}).json()
    assert told["waits"] and [each["what"] for each in told["requests"]] == ["config.change"]
    assert told["requests"][0]["action"] is not None and ActionType.objects.get(pk=here.kind.pk).mode == "on_the_loop"


def test_lists_each_fault_with_its_file(here: World) -> None:
    answer = as_token(keeper(), "configure").post("catalog/", {"files": {"action_types/a.yaml": "x: 1\n"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "set_up_invalid")
    assert answer.json()["faults"][0] == {
        "pointer": "/files/action_types~1a.yaml", "message": "action_types/a.yaml, line 1: name is missing. Add it.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "body", [{}, {"files": {}}, {"files": {"desks.yaml": 1}}, {"files": []}, {"files": MORE, "x": 1}]
)
def test_refuses_another_form(here: World, body: object) -> None:
    assert as_token(keeper(), "configure").post("catalog/", body).status_code == 400


class TestWhoMay:
    def test_no_agent(self, here: World) -> None:
        assert as_agent(here.agent).get("catalog/").status_code == 403
        assert as_agent(here.agent).post("catalog/", {"files": MORE}).status_code == 403

    def test_no_token_without_the_scope(self, here: World) -> None:
        caller = as_token(keeper(), "read", "decide")
        assert caller.get("catalog/").json()["code"] == "scope_missing"
        assert caller.post("catalog/", {"files": MORE}).json()["code"] == "scope_missing"

    def test_nobody_without_the_permissions(self, here: World) -> None:
        caller = as_token(here.junior, "configure")
        assert caller.get("catalog/").json()["code"] == "not_allowed"
        assert caller.post("catalog/", {"files": MORE}).json()["code"] == "set_up_invalid"

    def test_nobody_who_may_not_see_all_of_it(self, here: World) -> None:
        here.junior.user_permissions.set(
            Permission.objects.filter(codename__startswith="view_").exclude(codename="view_desk")
        )
        answer = as_token(Person.objects.get(pk=here.junior.pk), "configure").get("catalog/")
        assert "no permission to view: desks." in answer.json()["detail"]


def test_reads_each_table_once(here: World) -> None:
    furnish(here)
    with CaptureQueriesContext(connection) as few:
        export.files()
    for number in range(5):
        Desk.objects.create(slug=f"d{number}", name="D")
        Membership.objects.create(person=here.owner, desk=Desk.objects.get(slug=f"d{number}"))
    with CaptureQueriesContext(connection) as many:
        export.files()
    assert len(many) == len(few) <= 16
