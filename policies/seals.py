"""Seals: the HMAC of a row, which nobody makes who can only write to the database.

The keys are those of decisions, and come from the environment: the first seals, all verify.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.options import Options

VERSION = "v1"
# No other message under the same key begins like this.
_DOMAIN = b"hitl/row/" + VERSION.encode() + b"\x00"


class SealField(models.CharField):  # type: ignore[type-arg]
    """The HMAC of a row's other columns, made at every save."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Seal the row as it is about to be saved."""
        for field in model_instance._meta.concrete_fields:
            if field is not self:
                field.pre_save(model_instance, add)
        seal = next(_seals(model_instance))
        setattr(model_instance, self.attname, seal)
        return seal

    def deconstruct(self) -> Any:
        """Appear as a plain column in migrations."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class Sealed(models.Model):
    """A row with a seal; what HITL acts on is asked whether it still has its own."""

    # The database fixes the id of a row, and a new row has none yet.
    unsealed: ClassVar[frozenset[str]] = frozenset({"id", "seal"})

    seal = SealField(max_length=80, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def is_sealed(self) -> bool:
        """Whether HITL saved the row as it is."""
        about, told = (self._meta.db_table, self.pk), _told(self)
        if _seen.get(about) == told:
            return True
        found = self.seal.encode()
        is_so = any(hmac.compare_digest(seal.encode(), found) for seal in _seals(self))
        if is_so:
            _see(about, told)
        return is_so

    @property
    def is_sealed_now(self) -> bool:
        """Whether the row has its seal under the key that seals."""
        return hmac.compare_digest(next(_seals(self)).encode(), self.seal.encode())


# Rows that had their seal when they were last asked: the same values have it still, and cost no HMAC.
MOST_SEEN = 5_000
_seen: dict[tuple[str, Any], tuple[Any, ...]] = {}


def _see(about: tuple[str, Any], told: tuple[Any, ...]) -> None:
    if len(_seen) >= MOST_SEEN:
        _seen.clear()
    _seen[about] = told


def _told(row: Any) -> tuple[Any, ...]:
    """All that a seal is made of, to be compared; 1 and true differ in a JSON column, and so are compared as text."""
    values = [getattr(row, field.attname) for field in _sealed(row._meta, row.unsealed)]
    told = [repr(value) if isinstance(value, dict | list | tuple) else value for value in values]
    return (row.seal, *settings.HITL_DECISION_KEYS, *told)


def _seals(row: Any) -> Iterator[str]:
    """Yield the row's seal under each key."""
    content = {
        field.attname: _plain(field.to_python(getattr(row, field.attname)))
        for field in _sealed(row._meta, row.unsealed)
    }
    written = json.dumps([row._meta.db_table, content], sort_keys=True, separators=(",", ":"))
    for key in settings.HITL_DECISION_KEYS:
        yield f"{VERSION}:{hmac.new(key.encode(), _DOMAIN + written.encode(), hashlib.sha256).hexdigest()}"


@cache
def _sealed(options: "Options[Any]", unsealed: frozenset[str]) -> Sequence["models.Field[Any, Any]"]:
    return [field for field in options.concrete_fields if field.attname not in unsealed]


def _plain(value: Any) -> Any:
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID | date | time):
        return str(value)
    if isinstance(value, dict | list | tuple):
        # As a JSON column returns it, whichever way the database writes a number.
        return json.loads(json.dumps(value, cls=DjangoJSONEncoder), parse_float=_number, parse_int=_number)
    return value


def _number(written: str) -> str:
    return format(Decimal(written).normalize(), "f")
