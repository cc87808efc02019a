"""A hundred guesses at the same moment are as few tries as a hundred in a row."""

from functools import partial

import pytest

from approvals.models import PasswordTries
from approvals.services.safety.passwords import MAX_FOR_ACCOUNT, MAX_FROM_ADDRESS
from tests.races.test_claims import at_once
from tests.services.safety.test_passwords import ask, right

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def admitted(answers: list[object]) -> int:
    assert {answer for answer in answers if isinstance(answer, str)} <= {"too_many_attempts"}
    return sum(not isinstance(answer, str) for answer in answers)


class TestAHundredGuessesAtOnce:
    def test_at_one_account_are_five(self) -> None:
        assert admitted(at_once(*[partial(ask, address=f"192.0.2.{number}") for number in range(20)] * 5)) == (
            MAX_FOR_ACCOUNT
        )

    def test_from_one_address_are_twenty(self) -> None:
        assert admitted(at_once(*[partial(ask, f"name{number}") for number in range(100)])) == MAX_FROM_ADDRESS

    def test_from_a_known_address_are_five(self) -> None:
        right()
        assert admitted(at_once(*[partial(ask, address="192.0.2.7")] * 50)) == MAX_FOR_ACCOUNT


class TestRightPasswordsAtOnce:
    def test_leave_no_try_behind(self) -> None:
        at_once(*[partial(right, f"name{number}") for number in range(15)])
        assert set(PasswordTries.objects.values_list("tries", flat=True)) == {0}
