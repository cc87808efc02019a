"""The page of connectors that do not respond: for those who may close a circuit breaker, which is recorded."""

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Breaker, LedgerEntry
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World


@pytest.fixture
def breaker(here: World) -> Breaker:
    """A circuit breaker that is open."""
    return world.open_breaker("http", "api.example", "<b>Timed out.</b>")


@pytest.fixture
def able(here: World) -> Client:
    """Somebody in the group that halts and closes."""
    return signed_in(here.senior, "Reviewers", "Halts")


def text(client: Client, name: str = "connectors") -> str:
    return client.get(reverse(f"admin:{name}")).content.decode()


def close(client: Client, breaker: Breaker, reason: str = "It is back.") -> int:
    return client.post(reverse("admin:breaker_close", args=[breaker.pk]), {"reason": reason}).status_code


def test_names_the_connector_and_its_error_as_text(breaker: Breaker, able: Client) -> None:
    page = text(able)
    assert "http (api.example)" in page and "<b>Timed out.</b>" not in page and "Timed out." in page


def test_says_that_all_respond(here: World, able: Client) -> None:
    assert "All connectors respond." in text(able)


def test_closes_one_by_hand(breaker: Breaker, able: Client) -> None:
    assert close(able, breaker) == 302
    breaker.refresh_from_db()
    assert breaker.state == "closed"
    assert LedgerEntry.objects.filter(event="breaker.closed").count() == 1


def test_keeps_what_was_typed_where_it_is_refused(breaker: Breaker, able: Client) -> None:
    close(able, breaker)
    assert close(able, breaker) == 422


def test_is_not_for_others(breaker: Breaker, here: World) -> None:
    other = signed_in(here.junior, "Reviewers")
    assert other.get(reverse("admin:connectors")).status_code == 403
    assert close(other, breaker) == 403
    assert "does not respond" not in text(other, "index")


def test_is_named_on_the_home_page(breaker: Breaker, able: Client) -> None:
    assert "1 connector does not respond" in text(able, "index")


def test_changes_nothing_when_it_is_only_looked_at(breaker: Breaker, able: Client) -> None:
    assert able.get(reverse("admin:breaker_close", args=[breaker.pk])).status_code == 405
