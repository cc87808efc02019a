"""Fields that take a value only as what it is: a number is no text, true is no 1, a time says its offset."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.states import ActionState

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


class StrictSerializer(serializers.Serializer[Any]):
    """A body of named fields; one that is not named is refused, because somebody meant something by it."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated fields of an object."""
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field; remove it."] for name in unknown})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text, kept exactly as it came."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"trim_whitespace": False} | options))

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Refuse what is not text before anything is converted."""
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            raise serializers.ValidationError("Send text.")
        return super().run_validation(data)


class Number(serializers.FloatField):
    """A JSON number."""

    def to_internal_value(self, data: Any) -> float:
        """The number as a float."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise serializers.ValidationError("Send a number, not text.")
        return float(data)


class StrictInteger(serializers.IntegerField):
    """A JSON integer."""

    def to_internal_value(self, data: Any) -> int:
        """The integer as it is."""
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError("Send a whole number, not text.")
        return data


class StrictBoolean(serializers.BooleanField):
    """JSON's true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """The value as it is."""
        if not isinstance(data, bool):
            raise serializers.ValidationError("Send true or false.")
        return data


@extend_schema_field({"type": "object", "additionalProperties": True})
class Payload(serializers.Field[Any, Any, Any, Any]):
    """A JSON object of any form; the action type's schema says which."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The object as it is."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send an object.")
        return data

    def to_representation(self, value: Any) -> Any:
        """The object as it is."""
        return value


@extend_schema_field({})
class JSONValue(serializers.Field[Any, Any, Any, Any]):
    """Any JSON value."""

    def to_internal_value(self, data: Any) -> Any:
        """The value as it is."""
        return data

    def to_representation(self, value: Any) -> Any:
        """The value as it is."""
        return value


@extend_schema_field({"type": "string", "format": "date-time", "pattern": f"^{_MOMENT.pattern}$"})
class Moment(serializers.Field[datetime, str, str, Any]):
    """A moment by RFC 3339, with its offset."""

    def to_internal_value(self, data: Any) -> datetime:
        """The moment in UTC."""
        if not isinstance(data, str) or not _MOMENT.fullmatch(data):
            raise serializers.ValidationError("Send a moment with its offset, such as 2026-03-02T12:00:00Z.")
        try:
            return datetime.fromisoformat(data).astimezone(UTC)
        except (ValueError, OverflowError):
            raise serializers.ValidationError("There is no such moment.") from None

    def to_representation(self, value: datetime) -> str:
        """The moment in UTC with a Z."""
        return moment(value) or ""


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"})
class IdempotencyKey(serializers.Field[str, Any, str, Any]):
    """A name for one piece of work: 1 to 200 visible ASCII signs."""

    def to_internal_value(self, data: Any) -> str:
        """The key as it is."""
        if not is_idempotency_key(data):
            raise serializers.ValidationError("Send 1 to 200 visible ASCII signs without a space.")
        return str(data)

    def to_representation(self, value: str) -> str:
        """The key as it is."""
        return value


@extend_schema_field({"type": "string", "description": "One state, or several joined by commas."})
class States(serializers.Field[list[str], str, str, Any]):
    """One state of an action, or several joined by commas."""

    def to_internal_value(self, data: Any) -> list[str]:
        """The states named."""
        names = str(data).split(",")
        unknown = [name for name in names if name not in ActionState.values]
        if unknown:
            raise serializers.ValidationError(f"Use any of these: {', '.join(ActionState.values)}.")
        return names

    def to_representation(self, value: list[str]) -> str:
        """The states joined by commas."""
        return ",".join(value)


def is_idempotency_key(value: object) -> bool:
    """Whether a value may be an idempotency key."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def moment(value: datetime | None) -> str | None:
    """A moment as this API writes it: RFC 3339 in UTC with microseconds and Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value else None
