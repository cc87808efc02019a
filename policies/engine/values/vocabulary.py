"""The vocabulary of inputs, documents and evaluations, with labels for people."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Route(StrEnum):
    """The outcome of a rule, from the laxest to the strictest."""

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
    """Reviewer tier: any member of the desk, or a senior one."""

    JUNIOR = "junior"
    SENIOR = "senior"


class Mode(StrEnum):
    """Automation mode of an action type."""

    HUMAN_IN_COMMAND = "human_in_command"
    IN_THE_LOOP = "in_the_loop"
    ON_THE_LOOP = "on_the_loop"
    AUTONOMOUS = "autonomous"


class Reversibility(StrEnum):
    """Whether the effect can be undone."""

    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"


class Stakes(StrEnum):
    """How much is lost if the action is wrong."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OnTimeout(StrEnum):
    """What happens to an overdue stage; a timeout is never consent."""

    ESCALATE = "escalate"
    EXPIRE = "expire"


class StageKind(StrEnum):
    """Whether a stage of a plan asks people or checks a condition."""

    PEOPLE = "people"
    CHECK = "check"


class OnFail(StrEnum):
    """What follows a failed automatic check: a senior decides, or the action is rejected."""

    ESCALATE = "escalate"
    REJECT = "reject"


NON_NEGOTIABLE: Mapping[str, str] = MappingProxyType(
    {
        "legal": "legal decisions",
        "compliance": "compliance decisions",
        "financial_approval": "financial approvals above the limit",
        "financial_exception": "financial exceptions above the limit",
        "healthcare": "healthcare",
        "hr": "HR and employment",
        "security": "security",
        "fraud": "fraud",
        "customer_legal": "customer communication with legal exposure",
    }
)
"""Domains that always need a person, regardless of mode, policy and standing rules."""

LIMITED = frozenset({"financial_approval", "financial_exception"})
"""Non-negotiable domains that may run automatically up to a limit set by a document; without one, never."""

DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "general": "general",
        "finance": "day-to-day finance",
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
        "regulated": "other regulated data",
    }
)
"""Data classes that always need a person."""

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
        "malformed_email": "not a valid email address",
        "malformed_phone": "not a valid phone number",
        "malformed_url": "not a plain web address",
        "malformed_date": "not a date",
        "hidden_characters": "invisible characters",
        "mixed_scripts": "letters of several scripts in one word",
        "look_alike_characters": "letters that look like others",
        "hidden_text": "text that its reader may not see",
        "misleading_link": "a link that shows another target",
        "active_content": "a form or a script in a message",
        "markup_in_text": "HTML in a plain text",
        "date_in_future": "a date in the future",
        "implausible_date": "a date that is too far away",
        "implausible_number": "not a plausible document number",
        "implausible_name": "not a plausible name",
        "seen_before": "a document number used before",
        "unusual_amount": "an amount far above the usual ones",
        "unusual_value": "a value that was always another",
        "too_many_decimals": "more decimals than the currency allows",
        "too_many_digits": "more digits than an amount keeps exactly",
        "malformed_amount": "not an amount",
        "zero_amount": "an amount of zero",
        "sign_mismatch": "words that do not fit the sign of the amount",
        "unknown_currency": "not a currency",
        "totals_do_not_add_up": "totals that do not add up",
        "stale_rate": "an outdated exchange rate",
    }
)
"""The anomalies that scorers can find, by code."""
