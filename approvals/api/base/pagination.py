"""Opaque keyset cursors, so that every page costs the same."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from rest_framework.request import Request

from approvals.api.serializers.fields import moment
from approvals.errors import Malformed
from approvals.queries.inbox.order import Mark


def encode(*parts: Any) -> str:
    """Return a cursor that holds these values."""
    text = json.dumps([moment(part) if isinstance(part, datetime) else part for part in parts], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after_id(cursor: str) -> UUID | None:
    """Return the ID that the previous page ended with; None for the first page.

    :raises Malformed: the cursor is not valid.
    """
    if not cursor:
        return None
    try:
        (text,) = _decode(cursor)
        return UUID(str(text))
    except ValueError as error:
        raise _wrong() from error


def after_number(cursor: str) -> int:
    """Return the number that the previous page ended with; 0 for the first page.

    :raises Malformed: the cursor is not valid.
    """
    if not cursor:
        return 0
    try:
        (number,) = _decode(cursor)
    except ValueError as error:
        raise _wrong() from error
    if not isinstance(number, int):
        raise _wrong()
    return number


def after_mark(cursor: str) -> Mark | None:
    """Return the queue position that the previous page ended at; None for the first page.

    :raises Malformed: the cursor is not valid.
    """
    if not cursor:
        return None
    try:
        risk, due_at, text = _decode(cursor)
        due = datetime.fromisoformat(due_at).astimezone(UTC) if due_at else None
        return Mark(int(risk), due, UUID(str(text)))
    except (ValueError, TypeError, OverflowError) as error:
        raise _wrong() from error


def answer(results: list[Any], request: Request, cursor: str | None) -> dict[str, Any]:
    """Return a page: its results, and the path of the next page or null."""
    if cursor is None:
        return {"results": results, "next": None}
    kept = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return {"results": results, "next": f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"}


def _decode(cursor: str) -> list[Any]:
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        parts = json.loads(text)
    except (binascii.Error, UnicodeError, ValueError, RecursionError) as error:
        raise _wrong() from error
    if not isinstance(parts, list):
        raise _wrong()
    return parts


def _wrong() -> Malformed:
    return Malformed("The cursor is not valid. Start again from the first page.")
