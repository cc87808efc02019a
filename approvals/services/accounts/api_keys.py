"""Issuing and revoking API keys: an agent's, or a person's own token; the text of one is shown once and never kept."""

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from approvals import conf
from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound, WrongState
from approvals.models import Agent, ApiKey, Person
from approvals.queries.accounts.api_keys import ENVIRONMENTS, checksum, fingerprint
from approvals.services.catalog import installation, own_agents
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies.db import service

READ_OWN, WITHDRAW_OWN, CONSUME_OWN, PROPOSE = "read:own", "withdraw:own", "consume:own", "propose:"
AGENT_SCOPES = frozenset({READ_OWN, WITHDRAW_OWN, CONSUME_OWN})
READ, DECIDE, CONFIGURE = "read", "decide", "configure"
PERSON_SCOPES = frozenset({READ, DECIDE, CONFIGURE})
MAX_TOKEN_LENGTH = timedelta(days=90)

_SIGNS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key and its text, which nobody can read again."""

    key: ApiKey
    plain: str


@service
def issue(
    *,
    actor: Actor,
    at: datetime,
    agent: Agent | None = None,
    person: Person | None = None,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    label: str = "",
    environment: str | None = None,
) -> Issued:
    """Issue a key to an agent, or a token to a person.

    ``environment`` is ``live`` or ``test``; in production it is live unless given. The first live key of an agent ends
    the set-up for good.

    :raises Malformed: it names both or neither, an unknown scope or environment, or an expiry out of range.
    :raises WrongState: it would end the set-up while nobody could decide on changes from then on.
    :raises NotAllowed: a token is for oneself; an agent's key is for its owner, or whoever may add keys; and for
        nobody who lately changed an action type that it would propose.
    """
    wanted, environment = sorted(set(scopes)), environment or conf.key_environment()
    if (agent is None) == (person is None) or environment not in ENVIRONMENTS:
        raise Malformed("An API key belongs to one agent or one person. Set its environment to live or test.")
    if agent is not None and agent.person_id is not None:
        raise Malformed("This agent represents a person who signs in, so it cannot have a key.")
    _check_scopes(wanted, person)
    _check_expiry(at, expires_at, person)
    holder = _holder(actor, agent, person)
    exception = _exception(actor, agent, holder, wanted)
    identifier, plain = _mint(environment)
    key = ApiKey(
        identifier=identifier,
        agent=agent,
        person=person,
        holder=holder,
        label=label,
        secret_hash=fingerprint(plain),
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    entries.record_row(key, Event(actor, at, "key.issued", data=_data(key) | exception), is_new=True)
    _end_set_up(agent, environment, actor, at)
    return Issued(key, plain)


def _end_set_up(agent: Agent | None, environment: str, actor: Actor, at: datetime) -> None:
    if agent is not None and environment == "live":
        installation.go_live(actor, at, "The first live key was issued.")


@service
def revoke(*, actor: Actor, at: datetime, identifier: str, reason: str = "") -> ApiKey:
    """End a key at once, by its holder, its agent's owner, or whoever may change keys.

    :raises NotFound: there is none that this person may end.
    :raises WrongState: it was revoked before.
    """
    key = ApiKey.objects.select_for_update(of=("self",), no_key=True).filter(identifier=identifier).first()
    if key is None or not is_revocable_by(actor, key):
        raise NotFound()
    if key.revoked_at is not None:
        raise WrongState("This key is already revoked.", revoked_at=key.revoked_at.isoformat())
    key.revoked_at = at
    entries.record_row(key, Event(actor, at, "key.revoked", reason, _data(key)))
    return key


def is_revocable_by(actor: Actor, key: ApiKey) -> bool:
    """Whether the key is this actor's to revoke, in force or not."""
    if actor.person is None or actor.door is Door.TOKEN:
        return actor.person is None and actor.agent is None
    owners = {key.holder_id, key.person_id, key.agent.owner_id if key.agent else None}
    return actor.person.pk in owners or actor.person.has_perm("approvals.change_apikey")


def _check_scopes(wanted: list[str], person: Person | None) -> None:
    known = PERSON_SCOPES if person else AGENT_SCOPES
    unknown = [scope for scope in wanted if scope not in known and (person or not _is_propose(scope))]
    if unknown or not wanted:
        offered = ", ".join(sorted(known)) + ("" if person else ", propose:<type>, propose:*")
        raise Malformed("Choose one or more of these scopes: {offered}.", said={"offered": offered}, unknown=unknown)


def _is_propose(scope: str) -> bool:
    return scope.startswith(PROPOSE) and len(scope) > len(PROPOSE)


def _check_expiry(at: datetime, expires_at: datetime | None, person: Person | None) -> None:
    if expires_at is not None and expires_at <= at:
        raise Malformed("The expiration date is in the past. Choose a later date.")
    if person is not None and (expires_at is None or expires_at > at + MAX_TOKEN_LENGTH):
        raise Malformed("A personal token must expire within 90 days. Choose an earlier expiration date.")


def _holder(actor: Actor, agent: Agent | None, person: Person | None) -> Person:
    """Who is shown the key; the product itself issues keys only in commands and in the demo."""
    owner = agent.owner if agent else person
    assert owner is not None  # issue() has made sure that there is one
    if actor.person is None and actor.agent is None:
        return owner
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to issue a key.")
    if actor.person == owner or (agent and actor.person.has_perm("approvals.add_apikey")):
        return actor.person
    raise NotAllowed(
        "You can issue keys for agents you own and personal tokens for yourself. To issue other keys, you need "
        "permission to add keys."
    )


def _exception(actor: Actor, agent: Agent | None, holder: Person, wanted: list[str]) -> dict[str, str]:
    """What the entry says where only a firm of one allows the key; the product itself is not asked."""
    if agent is None or actor.person is None:
        return {}
    return {"exception": "solo"} if own_agents.check_key(agent, [holder, agent.owner], wanted) else {}


def _mint(environment: str) -> tuple[str, str]:
    identifier, secret = (_random(length) for length in (12, 43))
    body = f"hitl_{environment}_{identifier}_{secret}"
    return identifier, f"{body}_{checksum(body)}"


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))


def _data(key: ApiKey) -> dict[str, object]:
    return {
        "key": key.identifier,
        "agent": key.agent_id,
        "person": key.person_id,
        "holder": key.holder_id,
        "scopes": key.scopes,
    }
