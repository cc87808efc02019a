"""Addresses that a page repeats for each of its rows: looked up once, and then put together."""

import uuid
from functools import lru_cache

from django.urls import get_script_prefix, reverse

_NONE = uuid.UUID(int=0)


def review(action_id: uuid.UUID) -> str:
    """The address of an action's review page."""
    before, after = _review(get_script_prefix())
    return f"{before}{action_id}{after}"


@lru_cache(maxsize=16)
def _review(_prefix: str) -> tuple[str, str]:
    """What is before and after the ID; the prefix is where the server has put HITL."""
    before, _, after = reverse("admin:approvals_action_review", args=[_NONE]).partition(str(_NONE))
    return before, after
