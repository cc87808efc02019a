"""Keys are issued by those who may, shown once, kept as a digest, and end when they are revoked."""

from datetime import timedelta
from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.errors import Malformed, NotAllowed, NotFound, WrongState
from approvals.models import ApiKey, LedgerEntry
from approvals.queries.accounts import api_keys as reading
from approvals.services.accounts import api_keys
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)


def issue(here: World, **changes: Any) -> api_keys.Issued:
    given = {"actor": Actor(Door.ADMIN, person=here.owner), "at": NOON, "agent": here.agent, "scopes": ["read:own"]}
    return api_keys.issue(**(given | changes))


def issue_token(here: World, **changes: Any) -> api_keys.Issued:
    given = {"person": here.junior, "scopes": ["read"], "expires_at": NOON + timedelta(days=90)}
    return api_keys.issue(**({"actor": Actor(Door.ADMIN, person=here.junior), "at": NOON} | given | changes))


class TestIssue:
    def test_gives_a_key_that_is_found_again(self, here: World) -> None:
        issued = issue(here)
        assert issued.plain.startswith(f"hitl_test_{issued.key.identifier}_")
        assert reading.find(issued.plain) == issued.key

    def test_keeps_no_secret(self, here: World) -> None:
        issued = issue(here)
        secret = issued.plain.split("_")[3]
        rows = [*ApiKey.objects.values(), *ApiKey.history.values(), *LedgerEntry.objects.values()]
        assert secret not in str(rows)
        assert len(secret) == 43
        assert "secret_hash" not in ApiKey.history.values()[0]

    def test_leaves_one_entry_and_one_history_row(self, here: World) -> None:
        issued = issue(here)
        entry = LedgerEntry.objects.get(event="key.issued")
        history = issued.key.history.get()
        assert (entry.history_id, history.door, history.history_user) == (history.history_id, "admin", here.owner)

    def test_is_also_the_products_own(self, here: World) -> None:
        issued = issue(here, actor=system(Door.DEMO), environment="test", scopes=["propose:invoice.post"])
        assert issued.plain.startswith("hitl_test_")
        assert issued.key.holder == here.owner

    def test_gives_a_person_a_token(self, here: World) -> None:
        issued = issue_token(here, scopes=["read", "decide"])
        assert issued.key.scopes == ["decide", "read"]

    @pytest.mark.parametrize(
        "changes",
        [{"scopes": []}, {"scopes": ["decide"]}, {"scopes": ["propose:"]}, {"expires_at": NOON}, {"environment": "x"}],
        ids=str,
    )
    def test_refuses_an_agents_key_with(self, here: World, changes: dict[str, Any]) -> None:
        with pytest.raises(Malformed):
            issue(here, **changes)

    @pytest.mark.parametrize(
        "changes",
        [{"scopes": ["read:own"]}, {"expires_at": None}, {"expires_at": NOON + timedelta(days=91)}],
        ids=str,
    )
    def test_refuses_a_token_with(self, here: World, changes: dict[str, Any]) -> None:
        with pytest.raises(Malformed):
            issue_token(here, **changes)

    def test_refuses_others(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            issue(here, actor=Actor(Door.ADMIN, person=here.junior))
        with pytest.raises(NotAllowed):
            issue(here, actor=here.as_agent())
        with pytest.raises(NotAllowed):
            issue_token(here, actor=Actor(Door.TOKEN, person=here.junior))
        with pytest.raises(NotAllowed):
            issue_token(here, actor=Actor(Door.ADMIN, person=here.senior))


class TestRevoke:
    def test_ends_a_key_with_an_entry(self, here: World) -> None:
        key = issue(here).key
        api_keys.revoke(actor=Actor(Door.ADMIN, person=here.owner), at=NOON, identifier=key.identifier, reason="Lost.")
        assert ApiKey.objects.get().revoked_at == NOON
        assert LedgerEntry.objects.filter(event="key.revoked").count() == 1

    def test_refuses_a_second_time(self, here: World) -> None:
        given: dict[str, Any] = {"actor": system(Door.COMMAND), "at": NOON, "identifier": issue(here).key.identifier}
        api_keys.revoke(**given)
        with pytest.raises(WrongState):
            api_keys.revoke(**given)

    def test_refuses_others(self, here: World) -> None:
        key = issue(here).key
        for actor in (Actor(Door.ADMIN, person=here.junior), here.as_agent(), Actor(Door.TOKEN, person=here.owner)):
            with pytest.raises(NotFound):
                api_keys.revoke(actor=actor, at=NOON, identifier=key.identifier)


class TestFind:
    def test_finds_nothing_by_a_wrong_secret(self, here: World) -> None:
        issued = issue(here)
        body = f"hitl_test_{issued.key.identifier}_{'a' * 43}"
        assert reading.find(f"{body}_{reading.checksum(body)}") is None

    @pytest.mark.parametrize("spoil", [str.lower, lambda text: text[:-1], lambda text: text.replace("test", "live")])
    def test_tells_a_mistyped_key(self, here: World, spoil: Any) -> None:
        plain = issue(here).plain
        assert reading.identifier_of(plain)
        assert reading.identifier_of(spoil(plain)) is None

    def test_asks_the_database_whether_it_expired(self, here: World) -> None:
        yesterday = NOON - timedelta(days=1)
        lapsed = issue(here, at=yesterday, expires_at=yesterday + timedelta(seconds=1))
        assert reading.find(lapsed.plain).is_expired
        assert not reading.find(issue(here).plain).is_expired
