"""What is wrong with a payload by its schema, in words: one sentence with the field's title for each fault. Steps."""

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from policies.engine.values import json_pointer, schemas
from policies.engine.values.said import Said, message, say

MAX_NAMED = 10
MAX_SHOWN = 60
_KINDS = {
    "string": message("text"),
    "number": message("a number"),
    "integer": message("a whole number"),
    "boolean": message("true or false"),
    "array": message("a list"),
    "object": message("a group of fields"),
    "null": message("empty"),
}
_FORMATS = {
    "email": message("{field} must be an email address."),
    "idn-email": message("{field} must be an email address."),
    "date": message("{field} must be a date, for example 2026-12-25."),
    "date-time": message("{field} must be a date and time, for example 2026-12-25T09:30:00Z."),
    "time": message("{field} must be a time, for example 09:30:00Z."),
    "uri": message("{field} must be a web address, for example https://example.com."),
    "uuid": message("{field} must be a UUID."),
}


def sentence(error: ValidationError, schema: Mapping[str, Any]) -> Said:
    """Return the fault as a sentence with the title of its field and without the words of the validator."""
    error = _innermost(error)
    field = _title(error, schema)
    say_it = _SENTENCES.get(str(error.validator))
    return say_it(error, field) if say_it else say("{field} is not valid. Correct it.", field=field)


def pointer(error: ValidationError) -> str:
    """Return where the fault is."""
    return json_pointer.join(*error.absolute_path)


def _innermost(error: ValidationError) -> ValidationError:
    """Return the only fault that remains where all branches but one are for another kind of value."""
    while error.validator in ("anyOf", "oneOf") and error.context:
        kinds = [each for each in error.context if each.validator != "type" or len(each.path) > 0]
        branches = {each.schema_path[0] for each in kinds}
        if len(branches) != 1:
            return error
        error = kinds[0]
    return error


def _given(error: ValidationError) -> Any:
    """Return what the schema says at the fault; the validator's own type for it is not exported."""
    return error.validator_value


def _title(error: ValidationError, schema: Mapping[str, Any]) -> Said | str:
    place = pointer(error)
    if not place:
        return say("The payload")
    title = schemas.title_at(schema, place)
    title = title[:1].upper() + title[1:]
    numbers = [int(part) + 1 for part in json_pointer.parts(place) if part.isdecimal()]
    if numbers and not json_pointer.parts(place)[-1].isdecimal():
        return say("{title} (line {number})", title=title, number=numbers[-1])
    return say("{title} {number}", title=title, number=numbers[-1]) if numbers else title


def _of_type(error: ValidationError, field: Said | str) -> Said:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    kinds = [say(_KINDS[name]) for name in wanted if name in _KINDS]
    if len(kinds) == 1:
        return say("{field} must be {kind}.", field=field, kind=kinds[0])
    return say("{field} must be one of these: {kinds}.", field=field, kinds=kinds)


def _of_choice(error: ValidationError, field: Said | str) -> Said:
    values: list[Any] = list(_given(error) if error.validator == "enum" else [_given(error)])
    allowed = [shown(each) for each in values[:MAX_NAMED]]
    if len(values) > MAX_NAMED:
        template = message("{field} must be one of {count} values, such as {allowed}.")
        return say(template, field=field, count=len(values), allowed=allowed)
    if len(values) > 1:
        return say("{field} must be one of these values: {allowed}.", field=field, allowed=allowed)
    return say("{field} must be {allowed}.", field=field, allowed=allowed)


def _of_required(error: ValidationError, field: Said | str) -> Said:
    inner = error.schema if isinstance(error.schema, Mapping) else {}
    given = error.instance if isinstance(error.instance, Mapping) else {}
    names = [name for name in _given(error) if name not in given]
    # The validator reports one missing name at a time and quotes it.
    missing = next((name for name in names if error.message.startswith(repr(name))), names[0] if names else "")
    title = schemas.title_at(inner, json_pointer.join(missing))
    return say("{field} is missing. Enter a value.", field=title[:1].upper() + title[1:])


def _of_additional(error: ValidationError, field: Said | str) -> Said:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    given = error.instance if isinstance(error.instance, Mapping) else {}
    names = [shown(name) for name in given if name not in known][:MAX_NAMED]
    one, many = message("Remove this unknown field: {names}."), message("Remove these unknown fields: {names}.")
    return say(one if len(names) == 1 else many, names=names)


def _of_bound(template: str) -> Callable[[ValidationError, Said | str], Said]:
    return lambda error, field: say(template, field=field, bound=shown(error.validator_value))


def _of_length(one: str, many: str, none: str = "") -> Callable[[ValidationError, Said | str], Said]:
    def sentence(error: ValidationError, field: Said | str) -> Said:
        bound = error.validator_value
        if none and bound == 1:
            return say(none, field=field)
        size = len(error.instance) if hasattr(error.instance, "__len__") else 0
        return say(one if bound == 1 else many, field=field, bound=bound, size=size)

    return sentence


def _of_format(error: ValidationError, field: Said | str) -> Said:
    template = _FORMATS.get(str(error.validator_value), message("{field} is not in the expected format. Correct it."))
    return say(template, field=field)


def shown(value: Any) -> str:
    """Return a value as people read it, shortened; a list or an object is only counted."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "–"}[value]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Mapping | list):
        return "…"
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


_SENTENCES: Mapping[str, Callable[[ValidationError, Said | str], Said]] = {
    "type": _of_type,
    "enum": _of_choice,
    "const": _of_choice,
    "required": _of_required,
    "additionalProperties": _of_additional,
    "unevaluatedProperties": _of_additional,
    "minimum": _of_bound(message("{field} must be at least {bound}.")),
    "maximum": _of_bound(message("{field} must be at most {bound}.")),
    "exclusiveMinimum": _of_bound(message("{field} must be more than {bound}.")),
    "exclusiveMaximum": _of_bound(message("{field} must be less than {bound}.")),
    "multipleOf": _of_bound(message("{field} must be a multiple of {bound}.")),
    "minLength": _of_length(
        message("{field} needs at least {bound} character."),
        message("{field} needs at least {bound} characters, but has {size}."),
        message("{field} is empty. Enter a value."),
    ),
    "maxLength": _of_length(
        message("{field} can have at most {bound} character, but has {size}."),
        message("{field} can have at most {bound} characters, but has {size}."),
    ),
    "minItems": _of_length(
        message("{field} needs at least {bound} entry."),
        message("{field} needs at least {bound} entries, but has {size}."),
        message("{field} has no entries. Add at least one."),
    ),
    "maxItems": _of_length(
        message("{field} can have at most {bound} entry, but has {size}."),
        message("{field} can have at most {bound} entries, but has {size}."),
    ),
    "minProperties": _of_length(
        message("{field} needs at least {bound} field."),
        message("{field} needs at least {bound} fields, but has {size}."),
    ),
    "maxProperties": _of_length(
        message("{field} can have at most {bound} field, but has {size}."),
        message("{field} can have at most {bound} fields, but has {size}."),
    ),
    "uniqueItems": lambda error, field: say("{field} contains duplicate entries. Remove the duplicates.", field=field),
    "pattern": lambda error, field: say("{field} is not in the expected format. Correct it.", field=field),
    "format": _of_format,
    "anyOf": lambda error, field: say("{field} must match one of the allowed formats.", field=field),
    "oneOf": lambda error, field: say("{field} must match exactly one of the allowed formats.", field=field),
    "not": lambda error, field: say("{field} has a value that is not allowed. Enter a different value.", field=field),
    "contains": lambda error, field: say("{field} is missing a required entry. Add the missing entry.", field=field),
    "dependentRequired": lambda error, field: say(
        "{field} is missing a field that another field requires. Add the missing field.", field=field
    ),
}
