"""Nothing in the OpenAPI document is left open: each value has a type and a bound, and each call names its problems."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from approvals.api.serializers.fields import ANY_LENGTH

Schema = dict[str, Any]

DOCUMENT: Schema = yaml.safe_load(Path(__file__).with_name("openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Schema] = DOCUMENT["components"]["schemas"]
CALLS = [
    (f"{method.upper()} {path}", call) for path, item in DOCUMENT["paths"].items() for method, call in item.items()
]
BOUNDS = {"maxLength", "enum", "format", "pattern"}
ANSWERED = {"400", "401", "403", "404", "405", "429", "503"}
WITH_BODY = {"409", "411", "413", "415", "422"}


def walk(name: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """A schema and everything in it, each with its place."""
    yield name, schema
    for field, inner in schema.get("properties", {}).items():
        yield from walk(f"{name}.{field}", inner)
    for word in ("allOf", "oneOf", "anyOf"):
        for inner in schema.get(word, ()):
            yield from walk(name, inner)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict) and schema[word]:
            yield from walk(f"{name}[]", schema[word])


def everything() -> Iterator[tuple[str, Schema]]:
    for name, schema in SCHEMAS.items():
        yield from walk(name, schema)
    for name, call in CALLS:
        for parameter in call.get("parameters", ()):
            yield from walk(f"{name} {parameter['name']}", parameter["schema"])


def is_open(schema: Schema) -> bool:
    """Whether nothing says of what type it is, or that it can be of any."""
    return not schema.keys() & {"type", "$ref", "allOf", "oneOf", "anyOf", "enum"} and "description" not in schema


def is_unbounded(schema: Schema) -> bool:
    """Whether it is a string without a bound, and without a word that says so."""
    said = schema.get("description", "")
    return schema.get("type") == "string" and not schema.keys() & BOUNDS and ANY_LENGTH not in said


class TestAValue:
    def test_has_a_type(self) -> None:
        assert [name for name, schema in everything() if is_open(schema)] == []

    def test_that_is_text_has_a_bound_or_says_that_it_has_none(self) -> None:
        assert [name for name, schema in everything() if is_unbounded(schema)] == []

    def test_that_is_a_list_says_of_what(self) -> None:
        lists = [(name, schema) for name, schema in everything() if schema.get("type") == "array"]
        assert [name for name, schema in lists if not schema.get("items")] == []


class TestACall:
    @pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
    def test_names_its_problems(self, name: str, call: Schema) -> None:
        wanted = ANSWERED | (WITH_BODY if "requestBody" in call else set())
        assert set(call["responses"]) >= wanted
