"""Writing payloads down: immutable revisions, their digests, and what a payload says about itself.

Steps, called inside services.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.exceptions import Unresolvable

from approvals.errors import Malformed, SchemaFault
from approvals.models import Action, ActionType, Agent, Client, Person, Revision
from approvals.queries.record import digests
from approvals.services.payloads import exact_numbers, schema_faults, schema_validator, sizes
from approvals.text import normalize
from policies import writes
from policies.engine.values import document_numbers, json_pointer, normal
from policies.engine.values.canonical import canonical_bytes, holds_nul
from policies.engine.values.money import storable, written

MAX_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What the type's pointers find in a payload, and the pointers that automation requires and that are missing.

    ``exact`` is the amount digit for digit, ``amount`` as it is stored; both are None where there is none.
    """

    exact: Decimal | None
    amount: Decimal | None
    currency: str
    subject: str
    reference: str
    missing: list[str]


def compose(
    action: Action,
    kind: ActionType,
    body: str,
    at: datetime,
    author: Agent | Person,
    number: int = 1,
    until: datetime | None = None,
    attachments: Sequence[str] | None = None,
) -> Revision:
    """A new revision of a payload that is given as its canonical text, and of its end; not yet saved.

    ``attachments`` are the salted digests of the attachments, None without any.
    """
    nonce = secrets.token_hex(16)
    return writes.made(
        Revision,
        action=action,
        number=number,
        type_version=kind.version,
        body=body,
        nonce=nonce,
        digest=digests.digest_of(
            action_id=action.pk,
            number=number,
            type_id=kind.pk,
            type_version=kind.version,
            agent_id=action.agent_id,
            payload=body,
            nonce=nonce,
            until=until,
            attachments=attachments,
            client_id=action.client_id,
        ),
        until=until,
        attachments=attachments,
        agent=author if isinstance(author, Agent) else None,
        person=author if isinstance(author, Person) else None,
        created_at=at,
    )


def canonical_text(value: Any) -> str:
    """The RFC 8785 text of a value.

    :raises Malformed: it has none, or holds U+0000, which no database text can.
    """
    try:
        written = canonical_bytes(value)
    except ValueError as error:
        raise Malformed(str(error)) from error
    if holds_nul(written):
        raise Malformed("The text contains the character U+0000, which cannot be stored. Remove the character.")
    return written.decode()


def check_schema(kind: ActionType, payload: dict[str, Any]) -> None:
    """Ask whether the payload has the type's form.

    :raises SchemaFault: it has not; ``details["faults"]`` holds a pointer and a sentence for each fault.
    """
    too_large = [_fault(error, kind.schema) for error in islice(sizes.errors(kind.schema, payload), MAX_FAULTS)]
    if too_large:
        raise SchemaFault(faults=too_large)
    try:
        found = (_fault(error, kind.schema) for error in schema_validator.errors(kind.schema, payload))
        faults = list(islice(chain(exact_numbers.faults(kind, payload), found), MAX_FAULTS))
    except schema_validator.Unsupported as error:
        raise SchemaFault(
            "The schema of “{kind}” contains a pattern that is not supported. Ask the action type’s owner to correct "
            "the schema.",
            said={"kind": kind.name},
            faults=[],
        ) from error
    except schema_validator.TooComplex as error:
        raise SchemaFault(
            "Checking the payload against the schema for “{kind}” takes too long. Ask the action type’s owner to "
            "simplify the schema.",
            said={"kind": kind.name},
            faults=[],
        ) from error
    except (Unresolvable, RecursionError) as error:
        raise SchemaFault(
            "The schema of “{kind}” contains a reference that cannot be resolved. Ask the action type’s owner to "
            "correct the schema.",
            said={"kind": kind.name},
            faults=[],
        ) from error
    if faults:
        raise SchemaFault(faults=faults)


def read(kind: ActionType, payload: dict[str, Any], client: Client | None = None) -> Reading:
    """Follow the type's pointers into a payload; what is not there, or is no amount, reads as nothing.

    An amount without a currency is in that of the client.
    """
    exact = written(value_at(payload, kind.amount_pointer))
    amount = None if exact is None else storable(exact)
    return Reading(
        exact=None if amount is None else exact,
        amount=amount,
        currency=normal.currency(value_at(payload, kind.currency_pointer)) or _default_currency(client, amount),
        subject=normal.spelled(_text(value_at(payload, kind.subject_pointer), 200)),
        reference=normal.spelled(_text(value_at(payload, kind.reference_pointer), 120)),
        missing=[pointer for pointer in kind.automation_requires if _is_empty(value_at(payload, pointer))],
    )


def value_at(payload: dict[str, Any], pointer: str) -> Any:
    """What a type's pointer names in a payload, or None; without a pointer it names nothing."""
    return json_pointer.find(payload, pointer) if pointer else None


def duplicate_fingerprint(subject: str, reference: str, payload: dict[str, Any], client: int | None = None) -> str:
    """What two documents of one number from one subject share, however they are spelled.

    Without a number, it is what two identical payloads share; empty payloads share nothing. Nor do two clients.

    :raises Malformed: the payload has no canonical form.
    """
    if reference:
        # A number of signs alone still tells documents apart.
        likeness = document_numbers.normal(reference) or reference
    elif _is_empty(payload):
        return ""
    else:
        likeness = normal.spelled(canonical_text(payload))
    books = "" if client is None else f"\x1f{client}"
    return hashlib.sha256(f"{normalize.plain(subject)}\x1f{likeness}{books}".encode()).hexdigest()[:32]


def _default_currency(client: Client | None, amount: Decimal | None) -> str:
    # Without its seal somebody wrote the client past HITL: then the currency is unknown.
    return "" if client is None or amount is None or not client.is_sealed else client.currency


def _text(value: Any, length: int) -> str:
    if value is None or isinstance(value, dict | list | bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        # 77.0 is written down as 77, and reads so.
        value = int(value)
    return str(value)[:length]


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return normalize.is_blank(value)
    if isinstance(value, list | dict):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return value is None


def _fault(error: ValidationError, schema: dict[str, Any]) -> dict[str, str]:
    # English for machines; pages translate it, because the sentence knows its values.
    return {"pointer": schema_faults.pointer(error), "message": schema_faults.sentence(error, schema)}
