"""Strict fields that convert no types; times need an offset."""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from approvals.db import is_showable
from approvals.states import ActionState

# What the document says of a text that has no bound.
ANY_LENGTH = "Text of any length."
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses unknown fields."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated fields of an object."""
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({name: ["This field is unknown. Remove it."] for name in unknown})
        return super().to_internal_value(data)


class _NoSurrogates(ProhibitSurrogateCharactersValidator):
    """The framework's own check, which looks at each character in turn, only where there is something to find."""

    def __call__(self, value: Any) -> None:
        if _SURROGATE.search(value):
            super().__call__(value)


class Text(serializers.CharField):
    """Text, kept exactly as sent. Blank text is shorter than any that is taken, unless the field allows it."""

    def __init__(self, **options: Any) -> None:
        shortest = {} if options.get("allow_blank") else {"min_length": 1}
        super().__init__(**({"trim_whitespace": False} | shortest | options))
        self.validators = [
            _NoSurrogates() if isinstance(each, ProhibitSurrogateCharactersValidator) else each
            for each in self.validators
        ]

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Refuse values that are not strings before conversion."""
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            raise serializers.ValidationError("This value must be a string.")
        return super().run_validation(data)


class Number(serializers.FloatField):
    """A JSON number."""

    def to_internal_value(self, data: Any) -> float:
        """Return the number as a float."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise serializers.ValidationError("This value must be a number.")
        return float(data)


class StrictInteger(serializers.IntegerField):
    """A JSON integer."""

    def to_internal_value(self, data: Any) -> int:
        """Return the integer unchanged."""
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError("This value must be an integer.")
        return data


class StrictBoolean(serializers.BooleanField):
    """A JSON boolean."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the value unchanged."""
        if not isinstance(data, bool):
            raise serializers.ValidationError("This value must be true or false.")
        return data


@extend_schema_field({"type": "object", "additionalProperties": True})
class Payload(serializers.Field[Any, Any, Any, Any]):
    """Any JSON object; the action type's schema defines its content."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the object unchanged."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("This value must be an object.")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return the object unchanged."""
        return value


@extend_schema_field({"description": "Any JSON value."})
class JSONValue(serializers.Field[Any, Any, Any, Any]):
    """Any JSON value."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the value unchanged."""
        return data

    def to_representation(self, value: Any) -> Any:
        """Return the value unchanged."""
        return value


@extend_schema_field({"type": "string", "format": "date-time", "pattern": f"^{_MOMENT.pattern}$"})
class Moment(serializers.Field[datetime, str, str, Any]):
    """An RFC 3339 date and time with an offset."""

    def to_internal_value(self, data: Any) -> datetime:
        """Return the time in UTC."""
        if not isinstance(data, str) or not _MOMENT.fullmatch(data):
            raise serializers.ValidationError("Send a date and time with an offset, for example 2026-03-02T12:00:00Z.")
        try:
            found = datetime.fromisoformat(data).astimezone(UTC)
        except (ValueError, OverflowError):
            raise serializers.ValidationError(
                "This date or time does not exist. Enter a valid date and time."
            ) from None
        if not is_showable(found):
            raise serializers.ValidationError(f"Enter a time before the year {MAXYEAR}.")
        return found

    def to_representation(self, value: datetime) -> str:
        """Return the time in UTC with a Z."""
        return moment(value) or ""


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"})
class IdempotencyKey(serializers.Field[str, Any, str, Any]):
    """An idempotency key of 1-200 printable ASCII characters."""

    def to_internal_value(self, data: Any) -> str:
        """Return the key unchanged."""
        if not is_idempotency_key(data):
            raise serializers.ValidationError("Use 1-200 printable ASCII characters without spaces.")
        return str(data)

    def to_representation(self, value: str) -> str:
        """Return the key unchanged."""
        return value


_STATE = f"({'|'.join(ActionState.values)})"


@extend_schema_field(
    {"type": "string", "pattern": f"^{_STATE}(,{_STATE})*$", "description": "One or more states, comma-separated."}
)
class States(serializers.Field[list[str], str, str, Any]):
    """Comma-separated action states."""

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the listed states."""
        names = str(data).split(",")
        unknown = [name for name in names if name not in ActionState.values]
        if unknown:
            raise serializers.ValidationError(f"Unknown state. Use one or more of {', '.join(ActionState.values)}.")
        return names

    def to_representation(self, value: list[str]) -> str:
        """Return the states, comma-separated."""
        return ",".join(value)


class Words(serializers.CharField):
    """Text of an answer that nothing bounds, such as a sentence or a pointer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"help_text": ANY_LENGTH} | options))


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$"})
class Digest(serializers.CharField):
    """A SHA-256 in an answer."""


@extend_schema_field({"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"})
class Amount(serializers.CharField):
    """An exact amount in an answer."""


@extend_schema_field({"type": "string", "format": "uri-reference"})
class Path(serializers.CharField):
    """The path of an address of this API in an answer, from its root."""


def is_idempotency_key(value: object) -> bool:
    """Return whether a value is a valid idempotency key."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def path_to(place: str) -> str:
    """Return the path of a place below /api/v1/: whoever called on some host can follow it there."""
    return f"/api/v1/{place}"


def moment(value: datetime | None) -> str | None:
    """Return a time in RFC 3339 format, in UTC with microseconds and Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value else None
