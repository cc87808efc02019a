"""The fields that conditions can be about: all inputs, and what the schemas of action types describe."""

import pytest

from policies.lab import glossary
from policies.lab.action_types import TypeInfo
from policies.lab.builder import fields, words
from policies.lab.builder.fields import DATE, FITTING, LIST, NUMBER, TEXT, TRUTH
from policies.lab.builder.rows import LABELS, Comparison, is_name

SCHEMA = {
    "type": "object",
    "required": ["issuer", "total"],
    "properties": {
        "issuer": {"type": "string", "title": "Supplier"},
        "total": {"type": "number"},
        "due": {"type": "string", "format": "date"},
        "paid": {"type": "boolean"},
        "kind": {"enum": ["invoice", "credit note"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "lines": {"type": "array", "items": {"type": "object"}},
        "contact": {"type": "object", "required": ["city"], "properties": {"city": {"type": ["string", "null"]}}},
        "odd name": {"type": "string"},
        "mixed": {"type": ["string", "number"]},
        "for": {"type": "string"},
    },
}


def test_every_input_of_conditions_is_among_them() -> None:
    known = {field.name for field in fields.of(())}
    given = {word.name for word in glossary.FACTS if word.type != glossary.OBJECT} - {"known"}
    assert given | {word.name for word in glossary.counted()} <= known


def test_payload_fields_have_their_title_kind_and_values() -> None:
    about = TypeInfo(name="invoice.post", title="Post an invoice", schema=SCHEMA)
    found = {field.name: field for field in fields.of([about]) if field.name.startswith("payload.")}
    assert {name.removeprefix("payload."): field.kind for name, field in found.items()} == {
        "issuer": TEXT,
        "total": NUMBER,
        "due": DATE,
        "paid": TRUTH,
        "kind": TEXT,
        "tags": LIST,
        "contact.city": TEXT,
    }
    issuer, city = found["payload.issuer"], found["payload.contact.city"]
    assert (issuer.label, issuer.group, issuer.is_optional) == ("Supplier", "Post an invoice", False)
    assert found["payload.kind"].choices == (("invoice", "invoice"), ("credit note", "credit note"))
    assert found["payload.due"].is_optional and city.is_optional


def test_a_name_appears_once_though_two_types_have_it() -> None:
    types = [TypeInfo(name=name, schema=SCHEMA) for name in ("a.b", "c.d")]
    names = [field.name for field in fields.of(types)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["payload.in", "payload.a b", "1a", "", "payload.", "a..b", "payload.true"])
def test_what_cel_cannot_name_is_no_field(name: str) -> None:
    assert not is_name(name)


def test_every_comparison_has_a_label_a_sentence_and_a_field_that_it_fits() -> None:
    assert set(LABELS) == set(words.TEMPLATES) == set(Comparison)
    assert {how for fitting in FITTING.values() for how in fitting} == set(Comparison)
