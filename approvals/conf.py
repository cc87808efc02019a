"""The product's own settings, read in one place."""

from datetime import timedelta

from django.conf import settings


def base_currency() -> str:
    """The ISO 4217 code that amounts are compared in."""
    return str(settings.HITL_BASE_CURRENCY)


def undo_seconds() -> int:
    """How long an execution waits after a person's decision unless its type says otherwise."""
    return int(settings.HITL_UNDO_SECONDS)


def lease_seconds() -> int:
    """How long a worker may hold an execution before another may look at it."""
    return int(settings.HITL_LEASE_SECONDS)


def claim_seconds() -> int:
    """How long a reviewer has an action in hand unless her page asks for more."""
    return int(settings.HITL_CLAIM_SECONDS)


def approval_validity() -> timedelta:
    """How long an approval may wait for its execution before it expires."""
    return timedelta(seconds=settings.HITL_APPROVAL_VALID_SECONDS)


def break_glass_time() -> timedelta:
    """How long a senior's power lasts that somebody took in an emergency; an hour, or less."""
    return timedelta(minutes=settings.HITL_BREAK_GLASS_MINUTES)


def site_url() -> str:
    """The address of this installation, for links in messages."""
    return str(settings.HITL_URL).rstrip("/")


def rate_per_minute() -> int:
    """How many requests a minute each API key may make of one web process; 0 means any number."""
    return int(settings.HITL_RATE_PER_MINUTE)


def waiting_slots() -> int:
    """How many requests of one web process may wait for a decision at a time: a quarter of its threads."""
    return max(1, int(settings.HITL_WEB_THREADS) // 4)


def is_behind_proxy() -> bool:
    """Whether a proxy of the operator's stands before the web process, and says whom it speaks for."""
    return bool(settings.HITL_BEHIND_PROXY)


def own_variables() -> frozenset[str]:
    """The names of the environment variables that the settings read, in capitals."""
    return frozenset(name.upper() for name in settings.HITL_VARIABLES)


def is_demo() -> bool:
    """Whether this is the demonstration that ``make run`` starts."""
    return bool(settings.HITL_MODE == "demo")
