"""Guessing passwords: counted before the check, by account and by address, with a wait that grows and then ends."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from approvals.actors import Actor, Door, system
from approvals.errors import TooManyAttempts
from approvals.models import LedgerEntry, PasswordTries
from approvals.services.safety import passwords
from approvals.services.safety.passwords import MAX_FOR_ACCOUNT, MAX_FROM_ADDRESS, Counted, Prompt
from policies import db
from tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
NOBODY = Actor(Door.ADMIN)
HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def ask(account: str = "junior", address: str = ELSEWHERE, prompt: str = "login") -> Counted:
    return passwords.ask(actor=NOBODY, at=datetime.now(UTC), prompt=Prompt(prompt, account, address))


def right(account: str = "junior", address: str = HOME) -> None:
    passwords.confirm(actor=NOBODY, at=datetime.now(UTC), counted=ask(account, address))


def wrong(times: int, account: str = "junior", address: str = ELSEWHERE) -> None:
    for _ in range(times):
        ask(account, address)


def refusal(account: str = "junior", address: str = ELSEWHERE) -> str:
    with pytest.raises(TooManyAttempts) as found:
        ask(account, address)
    return found.value.message


def pass_by(minutes: float) -> None:
    """Let time pass: the rows are as old as they would be then."""
    past = timedelta(minutes=minutes)
    PasswordTries.objects.update(
        last_at=F("last_at") - past, until=F("until") - past, known_until=F("known_until") - past
    )


class TestAnAccount:
    def test_is_tried_five_times_and_then_waits(self) -> None:
        wrong(MAX_FOR_ACCOUNT)
        assert refusal() == "Too many attempts. Try again in a minute."

    def test_waits_wherever_the_tries_come_from(self) -> None:
        for number in range(MAX_FOR_ACCOUNT):
            ask(address=f"203.0.113.{number}")
        assert refusal(address="203.0.113.200")

    def test_waits_at_every_prompt(self) -> None:
        for prompt in ("login", "break_glass", "password_change", "login", "break_glass"):
            ask(prompt=prompt)
        assert refusal()

    @pytest.mark.parametrize("spelling", ["JUNIOR", " junior ", "Junior", "ｊｕｎｉｏｒ", "\u2460junior"[1:]])
    def test_is_one_in_every_spelling_that_the_login_takes_for_it(self, spelling: str) -> None:
        wrong(MAX_FOR_ACCOUNT)
        assert refusal(spelling, "203.0.113.1")

    def test_is_another_than_the_next(self) -> None:
        wrong(MAX_FOR_ACCOUNT)
        assert ask("senior")

    def test_that_nobody_has_waits_like_any_other(self) -> None:
        world.person("junior")
        wrong(MAX_FOR_ACCOUNT)
        wrong(MAX_FOR_ACCOUNT, "nobody", "203.0.113.1")
        assert refusal() == refusal("nobody", "203.0.113.1")

    def test_waits_longer_each_time_and_at_most_a_quarter_of_an_hour(self) -> None:
        wrong(MAX_FOR_ACCOUNT)
        waits = []
        for _ in range(6):
            waits.append(refusal())
            waited = PasswordTries.objects.exclude(until=None).get()
            assert waited.until
            pass_by((waited.until - db.now()).total_seconds() / 60)
            # After the wait there is one try; a quarter of an hour without any gives five again.
            wrong(1 if waited.until - waited.last_at < timedelta(minutes=15) else MAX_FOR_ACCOUNT)
        numbers = [sentence.removeprefix("Too many attempts. Try again in ") for sentence in waits]
        assert numbers == ["a minute.", "2 minutes.", "4 minutes.", "8 minutes.", "15 minutes.", "15 minutes."]

    def test_is_given_back_by_time_alone(self) -> None:
        wrong(MAX_FOR_ACCOUNT)
        pass_by(16)
        wrong(MAX_FOR_ACCOUNT)
        assert refusal()

    def test_is_not_refused_longer_by_whoever_goes_on(self) -> None:
        wrong(MAX_FOR_ACCOUNT)
        until = PasswordTries.objects.exclude(until=None).get().until
        for _ in range(10):
            refusal()
        assert PasswordTries.objects.exclude(until=None).get().until == until


class TestAnAddress:
    def test_tries_twenty_times_whatever_the_accounts(self) -> None:
        for number in range(MAX_FROM_ADDRESS):
            ask(f"name{number}")
        assert refusal("another")
        assert ask("another", HOME)

    def test_of_one_network_is_one(self) -> None:
        for number in range(MAX_FROM_ADDRESS):
            ask(f"name{number}", f"2001:db8:1:2::{number:x}")
        assert refusal("another", "2001:db8:1:2:ffff::1")
        assert ask("another", "2001:db8:1:3::1")

    def test_is_the_same_however_it_is_written(self) -> None:
        for number in range(MAX_FROM_ADDRESS):
            ask(f"name{number}", f"::ffff:{ELSEWHERE}")
        assert refusal("another", ELSEWHERE)

    def test_that_nobody_knows_counts_for_the_account_alone(self) -> None:
        wrong(MAX_FOR_ACCOUNT, address="")
        assert refusal(address="")
        for number in range(MAX_FROM_ADDRESS + 1):
            assert ask(f"name{number}", "")


class TestARightPassword:
    def test_takes_its_try_back(self) -> None:
        for _ in range(MAX_FROM_ADDRESS + 1):
            right()
        assert ask(address=HOME)

    def test_as_the_last_try_ends_the_wait_that_it_began(self) -> None:
        wrong(MAX_FOR_ACCOUNT - 1)
        right(address=ELSEWHERE)
        assert ask(address="203.0.113.1")

    def test_wipes_out_no_guess_at_anybody_else(self) -> None:
        # Whoever has an account here signs in between guesses at others.
        for number in range(MAX_FROM_ADDRESS):
            right("mine", ELSEWHERE)
            ask(f"victim{number}")
        assert refusal("victim")

    def test_wipes_out_no_guess_from_elsewhere(self) -> None:
        wrong(MAX_FOR_ACCOUNT - 1)
        right()
        wrong(1)
        assert refusal()

    def test_makes_the_address_known_which_then_has_tries_of_its_own(self) -> None:
        right()
        wrong(MAX_FOR_ACCOUNT)
        assert refusal() and ask(address=HOME)

    def test_lets_its_person_in_where_the_address_was_used_up_by_others(self) -> None:
        right()
        for number in range(MAX_FROM_ADDRESS):
            ask(f"name{number}", HOME)
        assert refusal("name", HOME) and ask(address=HOME)

    def test_leaves_guesses_from_a_known_address_few(self) -> None:
        right()
        wrong(MAX_FOR_ACCOUNT, address=HOME)
        assert refusal(address=HOME) and ask(address=ELSEWHERE)

    def test_makes_it_known_for_a_month(self) -> None:
        right()
        pass_by(31 * 24 * 60)
        wrong(MAX_FOR_ACCOUNT)
        assert refusal(address=HOME)

    def test_makes_nobody_else_known_there(self) -> None:
        right()
        wrong(MAX_FOR_ACCOUNT, "senior")
        assert refusal("senior", HOME)


class TestTheRecord:
    def entries(self) -> list[dict[str, str]]:
        return [
            json.loads(entry.body)["data"] for entry in LedgerEntry.objects.filter(event="login.refused").order_by("id")
        ]

    def test_keeps_a_refusal_once_in_each_wait(self) -> None:
        person = world.person("junior")
        wrong(MAX_FOR_ACCOUNT)
        for _ in range(5):
            refusal()
        assert [entry["account"] for entry in self.entries()] == [f"person:{person.pk}"]
        pass_by(1.1)
        wrong(1)
        refusal()
        assert len(self.entries()) == 2

    def test_names_neither_who_nor_where(self) -> None:
        wrong(MAX_FOR_ACCOUNT, "my password by mistake")
        refusal("my password by mistake")
        (entry,) = LedgerEntry.objects.filter(event="login.refused")
        assert "mistake" not in entry.body and ELSEWHERE not in entry.body
        assert self.entries()[0]["account"].startswith("unknown:")

    def test_of_tries_holds_neither_who_nor_where(self) -> None:
        right()
        kept = json.dumps(list(PasswordTries.objects.values()), default=str)
        assert "junior" not in kept and HOME not in kept

    def test_of_tries_is_forgotten_after_a_while_but_for_what_is_known(self) -> None:
        right()
        wrong(1)
        forget = {"actor": system(Door.CLOCK), "at": datetime.now(UTC), "limit": 100}
        assert passwords.forget(**forget) == 0
        pass_by(3 * 24 * 60)
        assert passwords.forget(**forget) == 3
        assert PasswordTries.objects.exclude(known_until=None).count() == PasswordTries.objects.count() == 1
