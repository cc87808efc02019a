"""Limits of connectors in the admin: one that only limits holds at once, one that lets more through waits."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import FlowLimit, LedgerEntry, Tightening
from tests.world import World

FIELDS = {"connector": "http", "host": "", "starts_per_minute": "10", "calls_at_once": "", "breaker_failures": "5"}


def save(client: Client, row: FlowLimit | None = None, **changes: Any) -> None:
    name, arguments = ("add", []) if row is None else ("change", [row.pk])
    url = reverse(f"admin:approvals_flowlimit_{name}", args=arguments)
    answer = client.post(url, {**FIELDS, "breaker_pause": "60", **changes})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def limits() -> list[tuple[Any, ...]]:
    return list(FlowLimit.objects.values_list("host", "starts_per_minute", "calls_at_once", "breaker_failures"))


@pytest.fixture
def first(live: World, admin: Client) -> FlowLimit:
    """A limit that somebody set."""
    save(admin)
    return FlowLimit.objects.get()


def test_a_new_one_holds_at_once(first: FlowLimit) -> None:
    assert limits() == [("", 10, None, 5)]
    assert LedgerEntry.objects.filter(event="flow_limit.added").count() == 1


@pytest.mark.parametrize("changes", [{"breaker_failures": "0"}, {"breaker_failures": "9"}, {"breaker_pause": "10"}])
def test_a_new_one_that_loosens_the_breaker_waits(live: World, admin: Client, changes: dict[str, str]) -> None:
    save(admin, **changes)
    assert limits() == []


def test_a_new_one_of_a_host_waits_where_the_connector_has_one(first: FlowLimit, admin: Client) -> None:
    save(admin, host="Api.Example")
    assert limits() == [("", 10, None, 5)]


@pytest.mark.parametrize(
    "changes",
    [{"starts_per_minute": "9"}, {"calls_at_once": "2"}, {"breaker_failures": "3"}, {"breaker_pause": "90"}],
)
def test_a_change_that_tightens_holds_at_once(first: FlowLimit, admin: Client, changes: dict[str, str]) -> None:
    before = limits()
    save(admin, first, **changes)
    assert (limits() != before or FlowLimit.objects.get().breaker_pause == 90) and Tightening.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"starts_per_minute": "11"}, {"starts_per_minute": ""}, {"breaker_failures": "0"}, {"breaker_pause": "30"}],
)
def test_a_change_that_loosens_waits(first: FlowLimit, admin: Client, changes: dict[str, str]) -> None:
    save(admin, first, **changes)
    assert limits() == [("", 10, None, 5)] and FlowLimit.objects.get().breaker_pause == 60


def test_its_removal_waits(first: FlowLimit, admin: Client) -> None:
    admin.post(reverse("admin:approvals_flowlimit_delete", args=[first.pk]), {"post": "yes"})
    assert limits() == [("", 10, None, 5)]


def test_a_host_is_kept_in_lower_case(live: World, admin: Client) -> None:
    save(admin, host=" Api.Example:8443 ")
    assert limits() == [("api.example:8443", 10, None, 5)]
