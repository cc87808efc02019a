"""The settings of HITL, read in one place."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

MIB = 1024 * 1024


def base_currency() -> str:
    """The base currency as an ISO 4217 code."""
    return str(settings.HITL_BASE_CURRENCY)


def undo_seconds() -> int:
    """The default undo window after a person's decision."""
    return int(settings.HITL_UNDO_SECONDS)


def rate_max_age() -> timedelta:
    """The age at which an exchange rate is no longer used."""
    return timedelta(days=settings.HITL_RATE_MAX_AGE_DAYS)


def last_known() -> Path | None:
    """The file that says what was sent, outside the database; None if there is none."""
    return Path(settings.HITL_LAST_KNOWN) if settings.HITL_LAST_KNOWN else None


def exports_folder() -> Path:
    """The folder of exported lists."""
    return Path(settings.HITL_HOME) / "exports"


def lease_seconds() -> int:
    """The lease of a worker on an execution."""
    return int(settings.HITL_LEASE_SECONDS)


def webhook_log_days() -> int:
    """How many days what was sent to webhooks is kept."""
    return int(settings.HITL_WEBHOOK_LOG_DAYS)


def claim_seconds() -> int:
    """The default duration of a claim."""
    return int(settings.HITL_CLAIM_SECONDS)


def approval_validity() -> timedelta:
    """How long an approval is valid before its execution."""
    return timedelta(seconds=settings.HITL_APPROVAL_VALID_SECONDS)


def break_glass_time() -> timedelta:
    """The duration of break-glass access; at most an hour."""
    return timedelta(minutes=settings.HITL_BREAK_GLASS_MINUTES)


def site_url() -> str:
    """The URL of this installation, for links in messages."""
    return str(settings.HITL_URL).rstrip("/")


def decision_keys() -> tuple[bytes, ...]:
    """The keys of decisions: the first signs, all verify."""
    return tuple(key.encode() for key in settings.HITL_DECISION_KEYS)


def rate_per_minute() -> int:
    """The limit of requests per minute and API key in one web process; 0 means no limit."""
    return int(settings.HITL_RATE_PER_MINUTE)


def metrics_token() -> str:
    """The bearer token for /metrics; empty if there are none."""
    return str(settings.HITL_METRICS_TOKEN)


def max_waiting_per_agent() -> int:
    """The limit of proposed and pending actions of one agent; 0 means no limit."""
    return int(settings.HITL_MAX_WAITING_PER_AGENT)


def max_waiting_per_desk() -> int:
    """The limit of proposed and pending actions at one desk; 0 means no limit."""
    return int(settings.HITL_MAX_WAITING_PER_DESK)


def attachment_max_bytes() -> int:
    """The limit of one attachment in bytes."""
    return int(settings.HITL_ATTACHMENT_MIB) * MIB


def attachments_daily_bytes() -> int:
    """The limit of what one agent uploads in 24 hours, in bytes."""
    return int(settings.HITL_ATTACHMENTS_DAILY_MIB) * MIB


def max_unattached() -> int:
    """The limit of uploads of one agent that no action has taken."""
    return int(settings.HITL_MAX_UNATTACHED)


def waiting_slots() -> int:
    """The limit of long polls in one web process: a quarter of its threads."""
    return max(1, int(settings.HITL_WEB_THREADS) // 4)


def max_long_polls() -> int:
    """The limit of calls that wait in one process of long polls."""
    return int(settings.HITL_MAX_LONG_POLLS)


def is_behind_proxy() -> bool:
    """Whether a trusted proxy is in front of the web process and sets the client's address."""
    return bool(settings.HITL_BEHIND_PROXY)


def has_public_docs() -> bool:
    """Whether anybody may read the description of the REST API without a sign-in."""
    return bool(settings.HITL_PUBLIC_API_DOCS)


def credential_hosts() -> dict[str, list[str]]:
    """The hosts of each declared credential, as ``host:port``."""
    return dict(settings.HITL_CREDENTIALS)


def credential_token(name: str) -> str:
    """The value of a credential; empty if this process has none."""
    return str(settings.HITL_CREDENTIAL_TOKENS.get(name, ""))


def csv_folders() -> dict[str, str]:
    """The folders that the csv connector may write to, by name."""
    return dict(settings.HITL_CSV_FOLDERS)


def directory_feeds() -> tuple[str, ...]:
    """The sheets whose source the operator declared, so that their import needs no second person."""
    return tuple(settings.HITL_DIRECTORY_FEEDS)


def key_environment() -> str:
    """What new keys are for: ``live`` in production, ``test`` elsewhere."""
    return "live" if settings.HITL_MODE == "production" else "test"


def is_production() -> bool:
    """Whether people rely on this installation."""
    return bool(settings.HITL_MODE == "production")


def is_demo() -> bool:
    """Whether this is the demo that ``make run`` starts."""
    return bool(settings.HITL_MODE == "demo")
