"""The words that facts, documents and evaluations are written in, with the labels that people read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Route(StrEnum):
    """What a rule asks for, laxest first: strictness is the order of this list."""

    AUTO = "auto"
    REVIEW = "review"
    ESCALATE = "escalate"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """How strict the outcome is: 0 for auto to 3 for block."""
        return _RANKS[self]


_RANKS = {outcome: rank for rank, outcome in enumerate(Route)}


class Tier(StrEnum):
    """Who may decide: any member of the desk, or a senior one."""

    JUNIOR = "junior"
    SENIOR = "senior"


class Mode(StrEnum):
    """How much an action type leaves to its agent."""

    HUMAN_IN_COMMAND = "human_in_command"
    IN_THE_LOOP = "in_the_loop"
    ON_THE_LOOP = "on_the_loop"
    AUTONOMOUS = "autonomous"


class Reversibility(StrEnum):
    """Whether the effect can be undone."""

    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


class Stakes(StrEnum):
    """How much is at stake when the action is wrong."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OnTimeout(StrEnum):
    """What a stage does when nobody decided in time; a timeout is never consent."""

    ESCALATE = "escalate"
    EXPIRE = "expire"


class StageKind(StrEnum):
    """Whether a stage of a plan asks people or checks a condition."""

    PEOPLE = "people"
    CHECK = "check"


class OnFail(StrEnum):
    """What follows when an automatic stage does not pass: a senior looks, or the action is rejected."""

    ESCALATE = "escalate"
    REJECT = "reject"


NON_NEGOTIABLE: Mapping[str, str] = MappingProxyType(
    {
        "legal": "legal decisions",
        "compliance": "compliance decisions",
        "financial_approval": "financial approvals above their limit",
        "financial_exception": "financial exceptions above their limit",
        "healthcare": "healthcare",
        "hr": "HR and employment",
        "security": "security",
        "fraud": "fraud",
        "customer_legal": "customer communication with legal exposure",
    }
)
"""Domains that always reach a person, whatever mode, policy or standing rule says."""

LIMITED = frozenset({"financial_approval", "financial_exception"})
"""The non-negotiable domains that may run by themselves up to a limit that a document sets; without one, never."""

DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "general": "general",
        "finance": "finance, day to day",
        "revenue": "sales and account management",
        "support": "customer support",
        "marketing": "marketing",
        "operations": "operations",
        "it": "IT",
        **NON_NEGOTIABLE,
    }
)
"""Every domain that an action type can name; a domain that is not listed here is never automatic."""

REGULATED: Mapping[str, str] = MappingProxyType(
    {
        "special_category": "special categories of personal data",
        "health": "health data",
        "biometric": "biometric data",
        "criminal": "criminal records",
        "children": "children's data",
        "payment_card": "payment card data",
        "regulated": "otherwise regulated data",
    }
)
"""Data classes that always reach a person."""

DATA_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "public": "public",
        "internal": "internal",
        "confidential": "confidential",
        "personal": "personal data",
        "contact": "contact details",
        "financial": "financial records",
        "credentials": "accounts and credentials",
        **REGULATED,
    }
)
"""Every data class that an action type can name; a class that is not listed here counts as regulated."""

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "malformed_iban": "not a valid IBAN",
        "malformed_vat": "not a valid VAT number",
        "malformed_email": "not a valid e-mail address",
        "malformed_date": "not a date",
        "date_in_future": "a date in the future",
        "implausible_number": "plainly not a document number",
        "seen_before": "a number seen before",
        "too_many_decimals": "more decimals than the currency has",
        "totals_do_not_add_up": "totals that do not add up",
    }
)
"""The exceptions that scorers can find, by code."""
