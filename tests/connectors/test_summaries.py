"""Every connector says in one short sentence where an action goes, without a secret and whatever its target holds."""

from typing import Any

import pytest
from pytest_django import Settings

from approvals.connectors import registry
from tests.doubles import CheckingConnector

KEYS = {"url": "https://erp.example:8443/in?key=hush", "credential": "X", "headers": {"X-Key": "hush"}}


@pytest.mark.parametrize(
    ("name", "target", "said"),
    [
        ("journal", {}, "Journal"),
        ("policy", {}, "Publishes the policy version in the payload"),
        ("email", {}, "Email to the address in /to"),
        ("email", {"to": "a/b", "reply_to": "x@y.example"}, "Email to the address in /a~1b, reply to x@y.example"),
        ("http", {"url": "https://erp.example/in"}, "POST https://erp.example"),
        ("http", {**KEYS, "method": "PUT"}, "PUT https://erp.example:8443"),
        ("http", {"url": "https://user:hush@erp.example/in"}, "POST https://erp.example"),
        ("http", {"url": "https://[::1]/in"}, "POST https://[::1]"),
        ("http", {"url": "https://erp.example:hush/"}, "POST (invalid URL)"),
        ("http", {"url": "https://[hush"}, "POST (invalid URL)"),
        ("http", {"url": 7}, "POST (invalid URL)"),
        ("http", {}, "POST (invalid URL)"),
        ("http", ["url"], "The target is not a JSON object"),
        ("pigeon", {}, "Unknown connector 'pigeon'"),
    ],
)
def test_a_summary_says_where_it_goes(name: str, target: Any, said: str) -> None:
    assert registry.summary_of(name, target) == said


COLUMNS = [{"name": "Supplier", "pointer": "/issuer"}, {"name": "Sum", "pointer": "/amount"}]
GROUP = {"url": "https://user:hush@idp.example/scim?key=hush", "operation": "remove", "user": "/to"}
MAIL = {"to": "a@b.example", "subject": "Hello", "issuer": "=Mill", "amount": 7.5, "group": "Readers"}


@pytest.mark.parametrize(
    ("name", "target", "lines"),
    [
        ("email", {}, ["Sends an email to a@b.example with the subject “Hello”."]),
        ("email", {"subject": "amount"}, []),
        ("scim", GROUP, ["Removes the user “a@b.example” from the group “Readers” at https://idp.example."]),
        ("scim", {"user": "/none"}, []),
        (
            "csv",
            {"folder": "books", "prefix": "p", "columns": COLUMNS},
            ["Appends a row to the CSV file “p”: Supplier: '=Mill; Sum: 7.5"],
        ),
        ("csv", {}, []),
        ("http", {"url": "https://erp.example/in"}, []),
        ("email", {"to": []}, []),
        ("email", 7, []),
        ("pigeon", {}, []),
    ],
)
def test_a_preview_says_what_will_be_done(settings: Settings, name: str, target: Any, lines: list[str]) -> None:
    settings.HITL_CSV_FOLDERS = {"books": "/srv/books"}
    assert registry.preview_of(name, target, MAIL) == lines


def test_a_preview_is_short(checking: CheckingConnector) -> None:
    checking.lines = ["x" * 600] * 9
    assert registry.preview_of("checking", {}, {}) == ["x" * 500 + "…"] * 5


def test_a_preview_that_fails_is_none(checking: CheckingConnector) -> None:
    checking.failure = RuntimeError("broken")
    assert registry.preview_of("checking", {}, {}) == []


@pytest.mark.parametrize("name", registry.names())
@pytest.mark.parametrize("value", [None, 7, ["x"], {"x": 1}], ids=repr)
def test_a_summary_is_given_of_any_target(name: str, value: object) -> None:
    assert registry.summary_of(name, dict.fromkeys(("url", "method", "to", "reply_to"), value))
