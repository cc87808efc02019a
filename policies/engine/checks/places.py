"""The values that have expectations: in a property's `x-expect`, by its format, and by pointer."""

from collections.abc import Iterator, Mapping

from policies.engine.checks.flag import Place
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import json_pointer, schemas

# In a schema for the scorers: expectations by pointer, in addition to those in the schema.
EXPECT_AT = "x-expect-at"
_SAYS_SOMETHING = frozenset({"x-expect", "format", "x-mail", "contentMediaType"})
_MAY_SAY = schemas.INSIDE | schemas.ELSEWHERE | _SAYS_SOMETHING
# Birthdays, leases and deadlines are dates, too, so a date of which nothing else is known may lie far away.
_BY_FORMAT: Mapping[object, Mapping[str, object]] = {
    name: {"kind": name, "max_age_days": 47_482, "max_days_ahead": 11_323} for name in ("date", "date-time")
}
_MAIL_FORMATS = ("email", "idn-email")
_LINK_FORMATS = ("uri", "iri")
_MAIL_ROLES = ("to", "cc", "bcc", "reply_to")


def expected(facts: PolicyInput, schema: Mapping[str, object]) -> Iterator[Place]:
    """Yield all values with expectations, from the schema and by pointer."""
    yield from _places(facts.payload, schema, (), facts, schema)
    beside = schema.get(EXPECT_AT)
    for pointer, expected in beside.items() if isinstance(beside, Mapping) else ():
        value = json_pointer.find(facts.payload, pointer)
        if isinstance(expected, Mapping) and value is not None:
            yield Place(pointer, value, expected, facts)


def _places(
    value: object, schema: object, path: tuple[str | int, ...], facts: PolicyInput, root: Mapping[str, object]
) -> Iterator[Place]:
    """Walk value and schema together; values outside the schema have no expectations."""
    for part in schemas.in_place(schema, root) if value is not None else ():
        if not _SAYS_SOMETHING.isdisjoint(part) and (expected := _expectation(part)):
            yield Place(json_pointer.join(*path), value, expected, facts)
        for key, each, inner in _inside(value, part):
            yield from _places(each, inner, (*path, key), facts, root)


def _inside(value: object, schema: Mapping[str, object]) -> Iterator[tuple[str | int, object, object]]:
    """Yield the members or items of a value with their schemas, without those that expect nothing."""
    if isinstance(value, Mapping):
        yield from ((name, value[name], inner) for name, inner in schemas.members(value, schema) if _may_say(inner))
    elif isinstance(value, list | tuple):
        yield from ((index, value[index], inner) for index, inner in schemas.items(value, schema) if _may_say(inner))


def _may_say(schema: object) -> bool:
    """Return whether a schema can have expectations, itself or inside."""
    return isinstance(schema, dict) and not _MAY_SAY.isdisjoint(schema)


def _expectation(schema: Mapping[str, object]) -> Mapping[str, object] | None:
    expected = schema.get("x-expect")
    if isinstance(expected, Mapping):
        return expected
    if schema.get("format") in _MAIL_FORMATS or schema.get("x-mail") in _MAIL_ROLES:
        return {"kind": "email"}
    if schema.get("format") in _LINK_FORMATS:
        return {"kind": "url"}
    if (format_name := schema.get("format")) in ("date", "date-time"):
        return _BY_FORMAT[format_name]
    media = str(schema.get("contentMediaType", "")).partition(";")[0].strip().lower()
    return {"kind": "html"} if media == "text/html" else None
