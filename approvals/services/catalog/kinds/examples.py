"""Reading the example or the schema that a person pasted, as strictly as an agent's call is read."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from approvals.errors import Malformed
from approvals.services.catalog.kinds import inference
from approvals.services.payloads.proposal import MAX_PAYLOAD_BYTES, check_size
from approvals.services.payloads.revisions import canonical_text
from approvals.text import json_numbers
from policies.errors import Refused

MAX_DEPTH = 32


class NotAnExample(ValueError):
    """The text cannot become a kind of action; the message says why and what to do."""


def read(text: str) -> dict[str, Any]:
    """The JSON object that a text holds.

    :raises NotAnExample: it holds none, or one that no agent could send; says why and what to do.
    """
    try:
        value = json.loads(
            text, parse_float=json_numbers.read, parse_constant=_refuse, object_pairs_hook=_without_duplicates
        )
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise NotAnExample(
            _("This is not valid JSON at line %(line)d, column %(column)d. Check quotes, commas and brackets.") % where
        ) from error
    except RecursionError as error:
        raise NotAnExample(_too_deep()) from error
    except ValueError as error:
        # What Python cannot read, such as an integer of thousands of digits.
        raise NotAnExample(str(error) if isinstance(error, NotAnExample) else _too_large_number()) from error
    return checked(value)


def checked(value: Any) -> dict[str, Any]:
    """The same value, if an agent could send it and a person could set it up.

    :raises NotAnExample: it could not.
    """
    if not isinstance(value, dict) or not value:
        raise NotAnExample(_("Paste one JSON object with at least one field, in braces."))
    if _depth(value) > MAX_DEPTH:
        raise NotAnExample(_too_deep())
    try:
        check_size(canonical_text(value))
    except Malformed as refusal:
        raise NotAnExample(refusal.in_words) from refusal
    except Refused as refusal:
        size = MAX_PAYLOAD_BYTES // 1024
        raise NotAnExample(
            _("This is larger than %(size)d KiB. Shorten long texts and lists.") % {"size": size}
        ) from refusal
    schema = value if inference.is_schema(value) else inference.infer(value)
    found = len(inference.rows(schema))
    if found > inference.MAX_FIELDS or not found:
        raise NotAnExample(
            _("This has %(count)d fields. Use from 1 to %(most)d; put repeated values into a list.")
            % {"count": found, "most": inference.MAX_FIELDS}
        )
    return value


def _refuse(constant: str) -> NoReturn:
    raise NotAnExample(_("%(name)s is not a JSON value. Use a number or null.") % {"name": constant})


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotAnExample(_("The field “%(name)s” stands there twice. Remove one.") % {"name": twice[:80]})
    return found


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ()
        waiting += [(part, depth + 1) for part in inner if isinstance(part, dict | list)]
    return deepest


def _too_deep() -> str:
    return _("This is nested deeper than %(most)d levels. Flatten it.") % {"most": MAX_DEPTH}


def _too_large_number() -> str:
    return _("A number is too large for JSON. Write it as text, in quotes.")
