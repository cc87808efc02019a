"""Every connector says in one short sentence where an action goes, without a secret and whatever its target holds."""

from typing import Any

import pytest

from approvals.connectors import registry

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


@pytest.mark.parametrize("name", registry.names())
@pytest.mark.parametrize("value", [None, 7, ["x"], {"x": 1}], ids=repr)
def test_a_summary_is_given_of_any_target(name: str, value: object) -> None:
    assert registry.summary_of(name, dict.fromkeys(("url", "method", "to", "reply_to"), value))
