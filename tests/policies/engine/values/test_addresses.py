"""Mail addresses that nobody need look at, and all the others."""

from typing import Any

import pytest

from policies.engine.checks.find import find
from policies.engine.checks.places import EXPECT_AT
from policies.engine.values.addresses import doubt
from tests.policies.engine.given import facts

PLAIN = [
    "ann@example.com",
    "Ann.Lee@Books.Example.CO.UK",
    "ann+invoices@mail.eu.example.org",
    "o'brien@example.ie",
    "r&d_2@x1.photography",
    "1@2.com",
    "a" * 64 + "@example.com",
]
DOUBTFUL = [
    ("a@g\u043e\u043ed.example", "letters other than a–z"),
    ("a@b\u00fccher.example", "letters other than a–z"),
    ("a@good.\u0441om", "letters other than a–z"),
    ("a@good\uff0eexample", "letters other than a–z"),
    ("a@good\u3002example", "letters other than a–z"),
    ("a\uff20good.example", "letters other than a–z"),
    ("a@xn--god-vma.example", "xn--"),
    ("a@XN--GOD-VMA.example", "xn--"),
    ("a@mail.example.xn--p1ai", "xn--"),
    ("a@good.example\u200b", "invisible characters"),
    ("a@go\u00adod.example", "invisible characters"),
    ("a@good.example\u202e", "invisible characters"),
    ("\u2066a@good.example", "invisible characters"),
    ("a\u200d@good.example", "invisible characters"),
    ("a@good\u034f.example", "invisible characters"),
    ("a@good\u3164.example", "invisible characters"),
    ("a@good.example\n", "invisible characters"),
    ("a@good.example\u00a0", "invisible characters"),
    ("\u0430nn@good.example", "before the @"),
    ("m\u00fcller@good.example", "before the @"),
    ("a@good.example, b@good.example", "more than one"),
    ("a@good.example;b@good.example", "more than one"),
    ("a@good.example b@good.example", "more than one"),
    ("a@evil.example@good.example", "more than one"),
    ('"a@good.example" <b@evil.example>', "more than one"),
    ("Ann <ann@good.example>", "for example a name"),
    ("<ann@good.example>", "for example a name"),
    ("ann@good.example (Ann)", "not a valid"),
    ('"ann lee"@good.example', "not a valid"),
    ("mailto:ann@good.example", "not a valid"),
    ("ann%evil.example@good.example", "not a valid"),
    ("evil.example!ann@good.example", "not a valid"),
    ("a@good.example.", "not a valid"),
    ("a@[192.0.2.1]", "not a valid"),
    ("a@[IPv6:::1]", "not a valid"),
    ("a@192.0.2.1", "not a valid"),
    ("a@localhost", "not a valid"),
    ("a@good_one.example", "not a valid"),
    ("a@-good.example", "not a valid"),
    ("a@good..example", "not a valid"),
    ("a..b@good.example", "not a valid"),
    (" a@good.example", "not a valid"),
    ("a" * 65 + "@good.example", "not a valid"),
    ("a@" + "b." * 130 + "example", "not a valid"),
    ("", "not a valid"),
    (7, "not a valid"),
    ({"email": "a@good.example"}, "not a valid"),
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_address_is_not_doubted(text: str) -> None:
    assert doubt(text) is None


@pytest.mark.parametrize(("text", "said"), DOUBTFUL)
def test_any_other_is_doubted_and_says_why(text: Any, said: str) -> None:
    found = doubt(text)
    assert found is not None
    assert said in found


def flags(payload: Any, schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (flag.code, flag.pointer) for flag in find(facts(payload=payload), schema) if flag.code == "malformed_email"
    ]


LIKE = "a@g\u043e\u043ed.example"
AT_TO = [("malformed_email", "/to")]


class TestWhereAnAddressIsExpected:
    @pytest.mark.parametrize(
        "schema",
        [
            {"x-expect": {"kind": "email"}},
            {"format": "email"},
            {"format": "idn-email"},
            {"x-mail": "to"},
            {"$ref": "#/$defs/mail"},
            {"allOf": [{"type": "string"}, {"$ref": "#/$defs/mail"}]},
            {"anyOf": [{"type": "null"}, {"format": "email"}]},
            {"format": "email", "x-expect": {"kind": "email"}, "allOf": [{"format": "email"}]},
        ],
    )
    def test_is_what_the_schema_says_in_any_way(self, schema: dict[str, Any]) -> None:
        whole = {"properties": {"to": schema}, "$defs": {"mail": {"format": "email"}}}
        assert flags({"to": LIKE}, whole) == AT_TO
        assert flags({"to": "a@good.example"}, whole) == []

    @pytest.mark.parametrize(
        "schema",
        [
            {"x-expect": {"kind": "email"}},
            {"items": {"format": "email"}},
            {"prefixItems": [{}, {"format": "email"}]},
        ],
    )
    def test_is_each_of_a_list(self, schema: dict[str, Any]) -> None:
        assert flags({"to": ["a@good.example", LIKE]}, {"properties": {"to": schema}}) == [("malformed_email", "/to/1")]

    def test_is_each_other_member_of_an_object(self) -> None:
        schema = {"properties": {"a": {}}, "additionalProperties": {"format": "email"}}
        assert flags({"a": "x", "b": LIKE}, schema) == [("malformed_email", "/b")]

    def test_is_where_its_use_says_so(self) -> None:
        assert flags({"to": LIKE}, {EXPECT_AT: {"/to": {"kind": "email"}}}) == AT_TO
        assert flags({}, {EXPECT_AT: {"/to": {"kind": "email"}}}) == []

    def test_ends_in_a_schema_that_refers_to_itself(self) -> None:
        schema = {"$ref": "#", "allOf": [{"$ref": "#"}], "properties": {"to": {"format": "email"}}}
        assert flags({"to": LIKE}, schema) == AT_TO


def test_the_sentence_shows_what_nobody_sees() -> None:
    found = find(facts(payload={"to": "a\u202e@good.example"}), {"properties": {"to": {"format": "email"}}})
    assert (found[0].code, found[0].pointer) == ("malformed_email", "/to")
    assert found[0].sentence == "to “a[U+202E]@good.example” contains invisible characters."
