"""The vocabulary of inputs, documents and evaluations, with labels for people."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from policies.engine.values.said import message


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
        "legal": message("legal decisions"),
        "compliance": message("compliance decisions"),
        "financial_approval": message("financial approvals above the limit"),
        "financial_exception": message("financial exceptions above the limit"),
        "healthcare": message("healthcare"),
        "hr": message("HR and employment"),
        "security": message("security"),
        "fraud": message("fraud"),
        "customer_legal": message("customer communication with legal exposure"),
    }
)
"""Domains that always need a person, regardless of mode, policy and standing rules."""

DOMAIN_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "legal": message("Legal decisions: a person always decides."),
        "compliance": message("Compliance decisions: a person always decides."),
        "financial_approval": message("Financial approvals above the limit: a person always decides."),
        "financial_exception": message("Financial exceptions above the limit: a person always decides."),
        "healthcare": message("Healthcare: a person always decides."),
        "hr": message("HR and employment: a person always decides."),
        "security": message("Security: a person always decides."),
        "fraud": message("Fraud: a person always decides."),
        "customer_legal": message("Customer communication that creates legal exposure: a person always decides."),
    }
)
"""The sentence of each of these domains."""

LIMITED = frozenset({"financial_approval", "financial_exception"})
"""Non-negotiable domains that may run automatically up to a limit set by a document; without one, never."""

DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "general": message("general"),
        "finance": message("day-to-day finance"),
        "revenue": message("sales and account management"),
        "support": message("customer support"),
        "marketing": message("marketing"),
        "operations": message("operations"),
        "it": message("IT"),
        **NON_NEGOTIABLE,
    }
)
"""Every domain that an action type can name; a domain that is not listed here is never automatic."""

REGULATED: Mapping[str, str] = MappingProxyType(
    {
        "special_category": message("special categories of personal data"),
        "health": message("health data"),
        "biometric": message("biometric data"),
        "criminal": message("criminal records"),
        "children": message("children’s data"),
        "payment_card": message("payment card data"),
        "regulated": message("other regulated data"),
    }
)
"""Data classes that always need a person."""

DATA_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "public": message("public"),
        "internal": message("internal"),
        "confidential": message("confidential"),
        "personal": message("personal data"),
        "contact": message("contact details"),
        "financial": message("financial records"),
        "credentials": message("accounts and credentials"),
        **REGULATED,
    }
)
"""Every data class that an action type can name; a class that is not listed here counts as regulated."""

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "malformed_iban": message("not a valid IBAN"),
        "malformed_vat": message("not a valid VAT number"),
        "malformed_email": message("not a valid email address"),
        "malformed_phone": message("not a valid phone number"),
        "malformed_url": message("not a plain web address"),
        "malformed_date": message("not a date"),
        "hidden_characters": message("invisible characters"),
        "mixed_scripts": message("letters from several scripts in one word"),
        "look_alike_characters": message("letters that look like other letters"),
        "hidden_text": message("text that the reader might not see"),
        "misleading_link": message("a link whose text does not match its target"),
        "active_content": message("a form or a script in a message"),
        "markup_in_text": message("HTML in plain text"),
        "date_in_future": message("a date in the future"),
        "implausible_date": message("a date too far in the past or future"),
        "implausible_number": message("not a plausible document number"),
        "implausible_name": message("not a plausible name"),
        "seen_before": message("a possible duplicate of another action"),
        "look_alike_subject": message("a subject that looks like another subject"),
        "unusual_amount": message("an amount far above the usual range"),
        "unusual_value": message("a value that differs from earlier ones"),
        "too_many_decimals": message("more decimal places than the currency allows"),
        "too_many_digits": message("more digits than an amount can store exactly"),
        "malformed_amount": message("not an amount"),
        "zero_amount": message("an amount of zero"),
        "sign_mismatch": message("wording that contradicts the sign of the amount"),
        "unknown_currency": message("not a currency"),
        "totals_do_not_add_up": message("totals that do not add up"),
        "stale_rate": message("an outdated exchange rate"),
        "quote_not_found": message("a quote that is not in its document"),
    }
)
"""The anomalies that scorers can find, by code."""
