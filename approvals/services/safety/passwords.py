"""How often a password may be tried at whatever prompt: counted before it is checked, so a hundred at once are few.

Tries are counted for the account and for the address. An account that has signed in from an address has tries of its
own from there, so that nobody elsewhere can keep its person out. A right password takes its own try back, and no other:
whoever has a login here must not wipe away the guesses at another.
"""

import ipaddress
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from django.utils.crypto import salted_hmac

from approvals.actors import Actor
from approvals.errors import TooManyAttempts
from approvals.models import PasswordTries, Person
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies import db
from policies.db import service

MAX_FOR_ACCOUNT = 5
MAX_FROM_ADDRESS = 20
KNOWN = timedelta(days=30)
KEPT = timedelta(days=2)
# One address of IPv6 is a choice among as many as anybody likes: a customer's whole network counts as one.
NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Prompt:
    """Where a password is asked: at which prompt, for which account as it was typed, from which address if known."""

    name: str
    account: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A try that was let through: whose, and each row that counted it, with its tries then and its waits before."""

    prompt: Prompt
    rows: tuple[tuple[str, int, int], ...]


@service
def ask(*, actor: Actor, at: datetime, prompt: Prompt) -> Counted:
    """Count a try that is about to be made.

    :raises TooManyAttempts: there were too many; the password is not to be looked at.
    """
    return admit(actor, at, prompt)


@service
def confirm(*, actor: Actor, at: datetime, counted: Counted) -> None:
    """The password was right: the try is taken back, and the account is known at this address for a while."""
    accept(counted)


@service
def forget(*, actor: Actor, at: datetime, limit: int) -> int:
    """Delete what was counted long ago and is known no more; return how much that was."""
    now = db.now()
    old = PasswordTries.objects.filter(last_at__lt=now - KEPT).exclude(known_until__gte=now)
    keys = list(old.order_by("last_at").values_list("key", flat=True)[:limit])
    PasswordTries.objects.filter(pk__in=keys, last_at__lt=now - KEPT).delete()
    return len(keys)


def admit(actor: Actor, at: datetime, prompt: Prompt) -> Counted:
    """Count a try inside a transaction that is committed before the password is looked at. A step.

    :raises TooManyAttempts: there were too many; recorded once in each wait.
    """
    now = db.now()
    watched = _watched(prompt, now)
    refusing = [row for row, _most in watched if row.is_refusing(now)]
    if refusing:
        note = partial(_note, Event(actor, at, "login.refused", "Too many attempts", _data(prompt)), prompt)
        raise _too_many(refusing, now).followed_by(note)
    counted = []
    for row, most in watched:
        waits = row.waits
        row.count(now, most)
        counted.append((row.key, row.tries, waits))
    PasswordTries.objects.bulk_update(
        [row for row, _most in watched], ["tries", "waits", "last_at", "until", "is_noted"]
    )
    return Counted(prompt, tuple(counted))


def accept(counted: Counted) -> None:
    """Take the try of a right password back, inside a transaction. A step."""
    before = {key: (tries, waits) for key, tries, waits in counted.rows}
    rows = _locked(list(before))
    for row in rows:
        row.take_back(*before[row.key])
    PasswordTries.objects.bulk_update(rows, ["tries", "waits", "until"])
    if counted.prompt.address:
        now = db.now()
        known = {"known_until": now + KNOWN, "last_at": now, "tries": 0, "waits": 0, "until": None}
        PasswordTries.objects.update_or_create(key=_keys(counted.prompt)["pair"], defaults=known)


def _watched(prompt: Prompt, now: datetime) -> list[tuple[PasswordTries, int]]:
    """The rows that count this try, locked, each with how many it allows."""
    keys = _keys(prompt)
    fresh = [PasswordTries(key=key, last_at=now) for name, key in keys.items() if name != "pair"]
    PasswordTries.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = {row.key: row for row in _locked(list(keys.values()))}
    pair = rows.get(keys.get("pair", ""))
    if pair is not None and pair.known_until is not None and pair.known_until > now:
        return [(pair, MAX_FOR_ACCOUNT)]
    most = {"account": MAX_FOR_ACCOUNT, "address": MAX_FROM_ADDRESS}
    return [(rows[keys[name]], number) for name, number in most.items() if name in keys]


def _locked(keys: list[str]) -> list[PasswordTries]:
    # In one order, whoever asks: two who share an address and an account must not wait for each other.
    return list(PasswordTries.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("key"))


def _keys(prompt: Prompt) -> dict[str, str]:
    account, address = _plain(prompt.account), _network(prompt.address)
    keys = {"account": _key("account", account)}
    if address:
        keys |= {"address": _key("address", address), "pair": _key("pair", f"{account}\0{address}")}
    return keys


def _key(kind: str, text: str) -> str:
    return salted_hmac(f"approvals.passwords.{kind}", text, algorithm="sha256").hexdigest()


def _plain(account: str) -> str:
    """The name as the login compares it, in one case: two spellings are one account, and no second allowance."""
    folded = unicodedata.normalize("NFKC", account).strip().casefold()
    return unicodedata.normalize("NFKC", folded)


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), NETWORK_BITS), strict=False))


def _too_many(refusing: Sequence[PasswordTries], now: datetime) -> TooManyAttempts:
    until = max(row.until for row in refusing if row.until is not None)
    minutes = max(ceil((until - now).total_seconds() / 60), 1)
    if minutes == 1:
        return TooManyAttempts("Too many attempts. Try again in a minute.")
    return TooManyAttempts("Too many attempts. Try again in {minutes} minutes.", said={"minutes": minutes})


def _note(fact: Event, prompt: Prompt) -> None:
    """Record it once in each wait: whoever goes on trying does not fill the ledger."""
    now = db.now()
    refusing = [row for row, _most in _watched(prompt, now) if row.is_refusing(now)]
    if not all(row.is_noted for row in refusing):
        PasswordTries.objects.filter(pk__in=[row.pk for row in refusing]).update(is_noted=True)
        entries.record_refusal(fact)


def _data(prompt: Prompt) -> dict[str, object]:
    """Who and from where without saying it: the person's number, or a digest that only this installation can make."""
    name = unicodedata.normalize("NFKC", prompt.account).strip()
    found = Person.objects.filter(username__iexact=name).values_list("pk", flat=True).first()
    keys = _keys(prompt)
    account = f"unknown:{keys['account'][:16]}" if found is None else f"person:{found}"
    return {"prompt": prompt.name, "account": account, "address": keys.get("address", "")[:16]}
