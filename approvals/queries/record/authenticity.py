"""The HMAC of a decision: whoever can only write to the database cannot make one.

It covers what was decided, by whom, on which revision, evaluation and target, and in which round and stage. The
keys come from the environment.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from approvals import conf
from approvals.models import Decision
from policies.engine.values.canonical import canonical_bytes

VERSION = "v1"
# No other message under the same key begins like this.
_DOMAIN = b"hitl/decision/" + VERSION.encode() + b"\x00"
_IDS = ("id", "action_id", "stage_id", "revision_id", "evaluation_id", "standing_rule_id", "entry_id")
_NUMBERS = ("round", "person_id", "delegator_id", "tier")
_WORDS = ("digest", "target_digest", "verdict", "source", "door", "reason_code")


def mac_of(decision: Decision) -> str:
    """The HMAC of a decision under the key that signs."""
    return f"{VERSION}:{_hmac(conf.decision_keys()[0], _message(decision))}"


def is_authentic(decision: Decision) -> bool:
    """Whether a decision has an HMAC under one of the keys."""
    message = _message(decision)
    found = decision.mac.encode()
    signed = (f"{VERSION}:{_hmac(key, message)}".encode() for key in conf.decision_keys())
    return any(hmac.compare_digest(each, found) for each in signed)


def _message(decision: Decision) -> bytes:
    action, evaluation = decision.action, decision.evaluation
    content: dict[str, Any] = {name: _text(getattr(decision, name)) for name in _IDS}
    content |= {name: _number(getattr(decision, name)) for name in _NUMBERS}
    content |= {name: str(getattr(decision, name)) for name in _WORDS}
    content |= {
        "desk": action.desk_id,
        "action_type": action.action_type_id,
        "agent": action.agent_id,
        **({"client": action.client_id} if action.client_id is not None else {}),
        "evaluation": evaluation.digest if evaluation else None,
        "is_by_member": bool(decision.is_by_member),
        "is_final": bool(decision.is_final),
        "is_exception": bool(decision.is_exception),
        "at": _moment(decision.at),
        "final_at": _moment(decision.final_at),
    }
    return _DOMAIN + canonical_bytes(content)


def _hmac(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
