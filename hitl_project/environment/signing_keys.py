"""The two secrets that sign: of sessions and forms, and of decisions."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.home import kept_secret
from hitl_project.environment.reader import Environment

SHORTEST = 50


def secret_key(env: Environment, mode: str, home: Path) -> str:
    """Return the key of sessions and forms; outside of production one that HITL keeps.

    :raises ImproperlyConfigured: it is missing or too short.
    """
    secret = env.secret("HITL_SECRET_KEY")
    if not secret and mode == "production":
        raise ImproperlyConfigured(
            "HITL_SECRET_KEY is not set. Production needs a random value of 50 or more characters."
        )
    if secret and len(secret) < SHORTEST:
        raise ImproperlyConfigured("HITL_SECRET_KEY is shorter than 50 characters. Set a longer random value.")
    return secret or kept_secret(home / "secret_key")


def decision_keys(env: Environment, mode: str, home: Path, other: str) -> list[str]:
    """Return the keys of decisions, the one that signs first; `other` is the secret key, which must be none of them.

    :raises ImproperlyConfigured: there are none, or one is too short or the other key.
    """
    keys = [key.strip() for key in env.secret("HITL_DECISION_KEYS").split(",") if key.strip()]
    if not keys and mode == "production":
        raise ImproperlyConfigured(
            "HITL_DECISION_KEYS is not set. Production needs a random value of 50 or more characters."
        )
    if any(len(key) < SHORTEST for key in keys):
        raise ImproperlyConfigured(
            "HITL_DECISION_KEYS has a key of fewer than 50 characters. Set longer random values."
        )
    if other in keys:
        raise ImproperlyConfigured("HITL_DECISION_KEYS contains HITL_SECRET_KEY. Set a random value of its own.")
    return keys or [kept_secret(home / "decision_key")]
