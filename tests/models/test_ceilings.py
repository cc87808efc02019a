"""What a membership's ceilings allow, of any amount in any currency at any worth."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Membership

AMOUNTS = st.decimals(min_value=-10_000, max_value=10_000, places=4)
CEILINGS = st.dictionaries(st.sampled_from(["EUR", "USD", "GBP"]), st.sampled_from(["0", "500.00", "5000.00"]))


def is_allowed(ceilings: dict[str, str], amount: Decimal | None, currency: str, worth: Decimal | None) -> bool:
    """The rule, told otherwise: every ceiling that is about the amount holds, and at least one is."""
    if not ceilings:
        return True
    about = []
    if amount is not None and currency in ceilings:
        about.append(abs(amount) <= Decimal(ceilings[currency]))
    if amount is not None and worth is not None and currency != "EUR" and "EUR" in ceilings:
        about.append(abs(worth) <= Decimal(ceilings["EUR"]))
    return bool(about) and all(about)


@given(CEILINGS, AMOUNTS | st.none(), st.sampled_from(["EUR", "USD", "JPY", ""]), AMOUNTS | st.none())
def test_every_ceiling_holds_that_is_about_an_amount(
    ceilings: dict[str, str], amount: Decimal | None, currency: str, worth: Decimal | None
) -> None:
    worth = amount if currency == "EUR" else worth
    found = Membership(ceilings=ceilings).is_within_ceiling(amount, currency, worth)
    assert found == is_allowed(ceilings, amount, currency, worth)


@given(CEILINGS, AMOUNTS, st.sampled_from(["USD", "JPY"]), AMOUNTS, st.decimals(1, 9, places=2))
def test_a_rate_that_rises_allows_nothing_more(
    ceilings: dict[str, str], amount: Decimal, currency: str, worth: Decimal, factor: Decimal
) -> None:
    member = Membership(ceilings=ceilings)
    if not member.is_within_ceiling(amount, currency, worth):
        assert not member.is_within_ceiling(amount, currency, worth * factor)
