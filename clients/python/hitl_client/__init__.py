"""A typed client of HITL: what an agent wants to do is held until it is approved, and runs once."""

from hitl_client.action import Action
from hitl_client.client import AsyncClient, Client
from hitl_client.decorator import requires_approval
from hitl_client.errors import (
    Failed,
    HitlError,
    JournalDamaged,
    NotApproved,
    NotDecidedYet,
    NotUnderstood,
    Refusal,
    Uncertain,
    Unreachable,
)
from hitl_client.gate import UNCERTAIN_ON, Work
from hitl_client.keys import key_of, work
from hitl_client.waiting import Reply
from hitl_client.wording import examples, explain

__all__ = [
    "UNCERTAIN_ON", "Action", "AsyncClient", "Client", "Failed", "HitlError", "JournalDamaged", "NotApproved",
    "NotDecidedYet", "NotUnderstood", "Refusal", "Reply", "Uncertain", "Unreachable", "Work", "examples", "explain",
    "key_of", "requires_approval", "work",
]  # fmt: skip
