"""The pages for integrators name every call, field, error and setting as the product has them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from approvals.api import problems
from approvals.api.serializers.requests import StandingRuleIn
from approvals.models import ApiKey, Person
from approvals.states import FINAL
from policies.errors import Refused
from tests.docs import pages
from tests.management.running import ROOT

PAGE = "rest-api.md"
CALLS = ("Calls of agents", "Calls of agents and people", "Calls of people")
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "api" / "openapi.yaml").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]


def refusals(family: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Refusals of approvals: no request of an agent changes a policy."""
    if family is Refused or family.__module__ != Refused.__module__:
        yield family
    for child in family.__subclasses__():
        yield from refusals(child)


def codes() -> dict[str, int]:
    """The status that the page gives each code."""
    rows = re.findall(r"^\| (\d+) \| `([a-z_]+)` \| .+ \|$", pages.section(PAGE, "Errors"), re.M)
    return {code: int(status) for status, code in rows}


def fields(heading: str) -> set[str]:
    """The names in the first table of fields under a heading."""
    table = pages.section(PAGE, heading).split("| field | contents |\n")[1].split("\n\n")[0]
    return {name for cell in re.findall(r"^\|([^|]+)\|", table, re.M) for name in re.findall(r"`(\w+)`", cell)}


class TestCalls:
    def test_are_all_named_and_all_there(self) -> None:
        rows = {row for heading in CALLS for row in pages.first_cells(PAGE, heading)}
        named = {(method, path) for method, _, path in (row.partition(" ") for row in rows)}
        there = {
            (method.upper(), path.removeprefix("/api/v1/"))
            for path, item in DOCUMENT["paths"].items()
            for method in item
        }
        assert named == there

    def test_take_the_fields_that_are_named(self) -> None:
        assert fields("Propose: `POST actions/`") == set(SCHEMAS["ProposalIn"]["properties"])

    def test_filter_by_what_is_named(self) -> None:
        said = pages.text_of(PAGE).split("`GET actions/` filters by ")[1].split(";")[0]
        known = {item["name"] for item in DOCUMENT["paths"]["/api/v1/actions/"]["get"]["parameters"]}
        assert set(re.findall(r"`([a-z_]+)`", said)) == known - {"cursor", "limit"}

    def test_are_final_in_the_states_that_are_named(self) -> None:
        said = pages.text_of(PAGE).split("`final` is reached with ")[1].split(".")[0]
        assert set(re.findall(r"`([a-z]+)`", said)) == set(FINAL)

    @pytest.mark.parametrize(
        ("heading", "schema"),
        [("Read an action: `GET actions/{action_id}/`", "ActionOut"), ("`evaluation`", "PolicyEvaluationOut")],
    )
    def test_return_the_fields_that_are_named(self, heading: str, schema: str) -> None:
        assert fields(heading)
        assert fields(heading) <= set(SCHEMAS[schema]["properties"])


class TestErrors:
    def test_are_all_named_with_their_status(self) -> None:
        ours = [
            found
            for found in refusals()
            if found.__module__.startswith("approvals.")
            # What pages alone say.
            and not found.__module__.startswith(("approvals.admin", "approvals.documents"))
        ]
        named = codes()
        given = {found.code: problems.of_refusal(found())["status"] for found in ours}
        assert {code: status for code, status in given.items() if named.get(code) != status} == {}

    def test_of_keys_are_those_that_authentication_gives(self) -> None:
        source = (ROOT / "approvals" / "api" / "auth" / "authentication.py").read_text()
        given = set(re.findall(r'"(key_[a-z_]+)"', source))
        assert given == {code for code, status in codes().items() if status == 401 and code.startswith("key_")}


class TestDecidingOverRest:
    @pytest.mark.django_db(transaction=True)
    def test_with_a_token_that_is_issued_as_the_page_says(self, capsys: pytest.CaptureFixture[str]) -> None:
        person = Person.objects.create(username="junior")
        exec(pages.blocks("decide-over-rest.md", "python")[0], {})
        assert capsys.readouterr().out.startswith("hitl_test_")
        assert ApiKey.objects.get(person=person).scopes == ["decide", "read"]

    def test_with_standing_rules_of_the_form_that_the_page_shows(self) -> None:
        shown = [json.loads(block) for block in pages.blocks("decide-over-rest.md", "json")]
        rule = next(body for body in shown if "sample_rate" in body)
        assert set(rule) == set(SCHEMAS["StandingRuleIn"]["properties"])
        assert StandingRuleIn(data=rule).is_valid(raise_exception=True)
