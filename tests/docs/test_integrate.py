"""The page for integrators names every call, field, error and setting as the product has them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from approvals import errors
from approvals.api import problems
from approvals.models import ApiKey, Person
from approvals.states import FINAL
from tests.docs import pages
from tests.management.running import ROOT

PAGE = "integrate.md"
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "api" / "openapi.yaml").read_text())


def refusals(family: type[errors.Refused] = errors.Refused) -> Iterator[type[errors.Refused]]:
    yield family
    for child in family.__subclasses__():
        yield from refusals(child)


def codes() -> dict[str, int]:
    """The status that the page gives each code."""
    found: dict[str, int] = {}
    for statuses, names in re.findall(r"^\| ([0-9, ]+) \| (.+) \|$", pages.section(PAGE, "When it is refused"), re.M):
        listed = [int(status) for status in statuses.split(",")]
        named = [name for name in re.findall(r"`([a-z_]+)`", names) if name != "request_id"]
        found |= dict(zip(named, listed if len(listed) > 1 else listed * len(named), strict=True))
    return found


class TestCalls:
    def test_are_all_named_and_all_there(self) -> None:
        rows = pages.first_cells(PAGE, "Every call")
        named = {(method, path) for method, _, path in (row.partition(" ") for row in rows)}
        there = {
            (method.upper(), path.removeprefix("/api/v1/"))
            for path, item in DOCUMENT["paths"].items()
            for method in item
        }
        assert named == there

    def test_take_the_fields_that_are_named(self) -> None:
        table = pages.section(PAGE, "Propose").split("\n\n")[1]
        named = set(re.findall(r"`([a-z_]+)`", "\n".join(row.split("|")[1] for row in table.splitlines())))
        assert named == set(DOCUMENT["components"]["schemas"]["ProposalIn"]["properties"])

    def test_filter_by_what_is_named(self) -> None:
        said = pages.text_of(PAGE).split("`GET actions/` filters by ")[1].split(";")[0]
        known = {item["name"] for item in DOCUMENT["paths"]["/api/v1/actions/"]["get"]["parameters"]}
        assert set(re.findall(r"`([a-z_]+)`", said)) == known - {"cursor", "limit"}

    def test_are_final_in_the_states_that_are_named(self) -> None:
        said = pages.text_of(PAGE).split("`final` is reached with ")[1].split(";")[0]
        assert set(re.findall(r"`([a-z]+)`", said)) == set(FINAL)


class TestErrors:
    def test_are_all_named_with_their_status(self) -> None:
        ours = [
            found
            for found in refusals()
            if found.__module__.startswith("approvals.") and "admin" not in found.__module__
        ]
        named = codes()
        given = {found.code: problems.of_refusal(found())["status"] for found in ours}
        assert {code: status for code, status in given.items() if named.get(code) != status} == {}

    def test_of_keys_are_those_that_authentication_gives(self) -> None:
        source = (ROOT / "approvals" / "api" / "auth" / "authentication.py").read_text()
        given = set(re.findall(r'"(key_[a-z_]+)"', source))
        assert given == {code for code, status in codes().items() if status == 401 and code.startswith("key_")}


class TestATokenForAPerson:
    @pytest.mark.django_db(transaction=True)
    def test_is_issued_as_the_page_says(self, capsys: pytest.CaptureFixture[str]) -> None:
        person = Person.objects.create(username="junior")
        exec(pages.blocks(PAGE, "python")[0], {})
        assert capsys.readouterr().out.startswith("hitl_live_")
        assert ApiKey.objects.get(person=person).scopes == ["decide", "read"]
