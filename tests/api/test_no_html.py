"""Below `/api/`, only the page of the documentation is HTML: whatever else goes wrong is a problem document."""

from typing import Any, NoReturn

import pytest
from django.test import Client

from approvals.api import discovery, docs
from tests.api.caller import Caller
from tests.api.test_hostile import is_problem

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = [
    "",
    "%0A",
    "v1/%0Ax",
    "v1/me/%0A",
    "v1/me%0A/",
    "v1/docs/%0D%0A",
    "v1/docs",
    "v1/docs/x/",
    "v1/%E2%80%A8/",
    "v1/%FF/",
]
METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]
PAGE = "/api/v1/docs/"


def fail(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError("broken")


class TestBelowTheApi:
    @pytest.mark.parametrize("path", NOWHERE)
    def test_an_address_that_is_none_is_a_problem(self, path: str) -> None:
        client = Client()
        assert is_problem(client.get(f"/api/{path}"), 404)["code"] == "not_found"
        assert is_problem(client.post(f"/api/{path}", headers={"Accept": "text/html"}), 404)["code"] == "not_found"

    @pytest.mark.parametrize("method", METHODS)
    def test_a_call_without_a_key_is_a_problem(self, method: str) -> None:
        answer = getattr(Client(), method)("/api/v1/me/", headers={"Accept": "text/html"})
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")

    def test_a_fault_of_a_call_is_a_problem(self, agent: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(discovery.Me, "get", fail)
        assert is_problem(agent.get("me/", {"Accept": "text/html"}), 500)["code"] == "internal"


class TestTheDocumentation:
    @pytest.mark.parametrize("method", METHODS[2:])
    def test_takes_no_other_method(self, senior: Caller, method: str) -> None:
        for client in (senior.client, Client()):
            answer = getattr(client, method)(PAGE)
            assert is_problem(answer, 405)["code"] == "method_not_allowed"
            assert answer["Allow"] == "GET, HEAD"

    @pytest.mark.parametrize("query", ["", "?script=", "?format=xml"])
    def test_is_what_it_is_whatever_is_accepted(self, senior: Caller, query: str) -> None:
        assert senior.client.get(PAGE + query, headers={"Accept": "application/json"}).status_code == 200

    def test_that_fails_is_a_problem(self, senior: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(docs, "render", fail)
        assert is_problem(senior.client.get(PAGE), 500)["code"] == "internal"
