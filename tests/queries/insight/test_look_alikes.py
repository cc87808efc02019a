"""A subject that only looks like a known one is an anomaly of its own."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Action
from approvals.text.normalize import subject as normalized
from policies.engine.text.lookalikes import skeleton
from tests import world
from tests.world import World

NAMES = ["Paper Mill", "Rowan Paper Ltd", "Café Zürich GmbH", "ACME Inc", "Office 101 Supply", "Société Générale"]
# What stands in for a letter: of another script, styled, wide, accented, or of another case.
SWAPS = {
    "a": "аɑａ𝐚áâ", "c": "сϲⅽｃć", "e": "еｅ𝐞é", "i": "іⅰｉí", "o": "оοｏ0ö", "p": "рｐ𝐩", "s": "ѕｓš", "l": "1ӏⅼｌ",
    "M": "МΜｍ", "A": "АΑａ", "P": "РΡｐ", "n": "ｎñ", "u": "ｕü", "r": "ｒ", "1": "lӏ", "0": "oоο", "ü": "u", "é": "e",
}  # fmt: skip
UNSEEN = ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e"]


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and another text that looks like it."""
    name = draw(st.sampled_from(NAMES))
    written = draw(st.sampled_from([name, name.upper(), name.lower(), name.title()]))
    places = [place for place, letter in enumerate(written) if letter in SWAPS]
    chosen = set(draw(st.lists(st.sampled_from(places), max_size=4)))
    swapped = "".join(
        draw(st.sampled_from(SWAPS[letter])) if place in chosen else letter for place, letter in enumerate(written)
    )
    if draw(st.booleans()):
        at = draw(st.integers(1, len(swapped) - 1))
        swapped = swapped[:at] + draw(st.sampled_from(UNSEEN)) + swapped[at:]
    return name, swapped


@given(disguised())
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.filter_too_much])
def test_what_looks_like_a_name_shares_its_key(pair: tuple[str, str]) -> None:
    name, other = pair
    assert normalized(other) == normalized(name), skeleton(other)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_other_names_have_other_keys(name: str, other: str) -> None:
    assert (normalized(name) == normalized(other)) is (name == other)


def codes(action: Action) -> list[tuple[str, str]]:
    wanted = ("look_alike_subject", "unusual_value")
    return [(flag["code"], flag["pointer"]) for flag in action.flags if flag["code"] in wanted]


def approved(here: World, number: int = 1, **values: Any) -> None:
    for _ in range(number):
        world.decide("approve", here.pending(**values), here.junior)


@pytest.mark.django_db(transaction=True)
class TestASubject:
    @pytest.mark.parametrize(
        "name",
        ["Рaper Mill", "Paper\u200b Mill", "Páper Mill", "PAPER MILL", "Paper-Mill", "Paper Mi11"],
    )
    def test_that_looks_like_an_approved_one_is_held_and_names_it(self, here: World, name: str) -> None:
        approved(here)
        action = here.pending(amount=20, issuer=name)
        assert codes(action)[0] == ("look_alike_subject", "")
        flag = next(flag for flag in action.flags if flag["code"] == "look_alike_subject")
        assert flag["sentence"].endswith("looks like “Paper Mill”, which is a different subject.")
        assert action.state == "pending"

    def test_that_is_known_or_looks_like_none_is_not(self, here: World) -> None:
        approved(here)
        assert codes(here.pending()) == codes(here.pending(issuer="Lamp Works")) == []

    def test_of_an_unapproved_twin_is_not(self, here: World) -> None:
        world.decide("reject", here.pending(), here.junior)
        assert codes(here.pending(issuer="Рaper Mill")) == []

    def test_with_three_approved_actions_of_its_own_is_known(self, here: World) -> None:
        approved(here)
        approved(here, 3, issuer="PAPER MILL")
        assert codes(here.pending(issuer="PAPER MILL")) == []

    def test_with_another_account_than_its_twin_is_told_of_that(self, here: World) -> None:
        approved(here, 3, iban="DE89370400440532013000")
        action = here.pending(issuer="Рaper Mill", iban="GB29NWBK60161331926819")
        assert codes(action) == [("look_alike_subject", ""), ("unusual_value", "/iban")]
        assert codes(here.pending(issuer="Рaper Mill", iban="DE89370400440532013000")) == [("look_alike_subject", "")]
