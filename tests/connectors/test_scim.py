"""The scim connector against a provider in a process of its own: the right user, the right group, once."""

import time
from typing import Any

import pytest

from approvals.connectors.base import CallStatus, Recovery
from approvals.connectors.scim import ScimConnector
from tests.connectors.providers import ODD, Provider
from tests.servers import scim

SCIM = ScimConnector()
BY_NAME = {"group_by": "displayName", "user_by": "userName"}


class TestSend:
    def test_adds_and_removes_by_id(self, provider: Provider) -> None:
        outcome = SCIM.send(provider.order())
        assert (outcome.answer, provider.members()) == (CallStatus.DONE, ["u-1"])
        assert outcome.result == {"operation": "add", "group": "readers", "user": "u-1"}
        assert SCIM.send(provider.order(operation="remove")).answer is CallStatus.DONE
        assert provider.members() == []

    def test_finds_both_by_name_without_case(self, provider: Provider) -> None:
        assert SCIM.send(provider.order("READERS", "Mara@example.com", **BY_NAME)).answer is CallStatus.DONE
        assert provider.members() == ["u-1"]

    @pytest.mark.parametrize("group", [ODD])
    @pytest.mark.parametrize("user", ['a" or userName eq "mara@example.com', "o'neil@example.com"])
    def test_escapes_names_in_filters(self, provider: Provider, group: str, user: str) -> None:
        assert SCIM.send(provider.order(group, user, **BY_NAME)).answer is CallStatus.DONE
        (member,) = provider.members(ODD.casefold())
        assert provider.control()["users"][member] == user

    def test_escapes_ids_in_addresses(self, provider: Provider) -> None:
        SCIM.send(provider.order(user="u/3"))
        assert provider.members() == ["u/3"]
        assert SCIM.send(provider.order(group="../Users/u-1")).answer is CallStatus.REFUSED

    @pytest.mark.parametrize(
        ("group", "user"),
        [("none", "u-1"), ("readers", "none"), ("", "u-1"), (None, "u-1"), ("readers", 7), ("..", "u")],
    )
    def test_changes_nothing_without_both(self, provider: Provider, group: Any, user: Any) -> None:
        assert SCIM.send(provider.order(group, user)).answer is CallStatus.REFUSED
        assert SCIM.send(provider.order(group, user, **BY_NAME)).answer is CallStatus.REFUSED
        assert provider.control()["changes"] == []

    def test_does_not_trust_a_provider_that_ignores_filters(self, provider: Provider) -> None:
        provider.control(ignores_filters=True, users={"u-1": "mara@example.com"})
        assert SCIM.send(provider.order(user="kim@example.com", user_by="userName")).answer is CallStatus.REFUSED
        assert SCIM.send(provider.order("Writers", "Mara@example.com", **BY_NAME)).answer is CallStatus.DONE

    def test_does_not_choose_between_two_of_a_name(self, provider: Provider) -> None:
        provider.control(users={"u-1": "same", "u-2": "same"})
        assert SCIM.send(provider.order(user="same", user_by="userName")).answer is CallStatus.REFUSED

    def test_says_that_it_is_done_where_it_was_so_already(self, provider: Provider) -> None:
        assert SCIM.send(provider.order("writers")).answer is CallStatus.DONE
        assert SCIM.send(provider.order("readers", operation="remove")).answer is CallStatus.DONE
        assert (provider.members("writers"), provider.members()) == (["u-1"], [])


class TestCheck:
    def test_says_what_does_not_exist(self, provider: Provider) -> None:
        assert SCIM.check(provider.order()) == []
        assert SCIM.check(provider.order(group="none")) == ["The provider does not have this group."]
        assert SCIM.check(provider.order(user="none")) == ["The provider does not have this user."]

    def test_leaves_a_silent_provider_to_the_attempt(self, provider: Provider) -> None:
        provider.control(faults=["503"])
        assert SCIM.check(provider.order()) == []


class TestReverse:
    @pytest.mark.parametrize(("operation", "group"), [("add", "readers"), ("remove", "writers")])
    def test_is_the_opposite_change_under_another_key(self, provider: Provider, operation: str, group: str) -> None:
        before, order = provider.members(group), provider.order(group, operation=operation)
        SCIM.send(order)
        back = SCIM.reverse(order)
        assert provider.members(group) != before and back.key != order.key
        SCIM.send(back)
        assert provider.members(group) == before


class TestAFault:
    @pytest.mark.parametrize(
        ("faults", "answer"),
        [
            (["429"], CallStatus.NOT_DONE),
            (["503"], CallStatus.NOT_DONE),
            (["", "closed after"], CallStatus.NOT_DONE),
            (["", "", "429"], CallStatus.NOT_DONE),
            (["401"], CallStatus.REFUSED),
            (["", "", "500"], CallStatus.UNKNOWN),
        ],
    )
    def test_before_the_change_is_told_apart_from_one_in_it(
        self, provider: Provider, faults: list[str], answer: CallStatus
    ) -> None:
        provider.control(faults=faults)
        assert SCIM.send(provider.order()).answer is answer
        assert provider.members() == []
        assert SCIM.look_up(provider.order()).answer is CallStatus.NOT_DONE

    @pytest.mark.parametrize("fault", ["500 after", "closed after"])
    @pytest.mark.parametrize(("operation", "group"), [("add", "readers"), ("remove", "writers")])
    def test_after_the_change_is_found_by_asking(
        self, provider: Provider, fault: str, operation: str, group: str
    ) -> None:
        provider.control(faults=["", "", fault])
        order = provider.order(group, operation=operation)
        assert SCIM.send(order).answer is CallStatus.UNKNOWN
        assert SCIM.look_up(order).answer is CallStatus.DONE
        assert provider.control()["changes"] == [[operation, group]]

    def test_that_takes_long_ends_in_the_time_of_the_target(self, provider: Provider) -> None:
        provider.control(faults=["", "", "slow"])
        began = time.monotonic()
        assert SCIM.send(provider.order(timeout=1)).answer is CallStatus.UNKNOWN
        assert time.monotonic() - began < 4

    def test_of_a_look_up_leaves_it_unknown(self, provider: Provider) -> None:
        provider.control(faults=["500"])
        assert SCIM.look_up(provider.order()).answer is CallStatus.UNKNOWN
        assert SCIM.look_up(provider.order(group="none")).answer is CallStatus.UNKNOWN
        assert SCIM.recovery({}) is Recovery.ASKABLE


class TestAProviderThatHidesMembers:
    @pytest.mark.parametrize(("operation", "group"), [("add", "readers"), ("remove", "writers")])
    def test_is_asked_by_a_filter(self, provider: Provider, operation: str, group: str) -> None:
        provider.control(hides_members=True)
        order = provider.order(group, operation=operation)
        assert SCIM.look_up(order).answer is CallStatus.NOT_DONE
        SCIM.send(order)
        assert SCIM.look_up(order).answer is CallStatus.DONE

    def test_leaves_it_unknown_where_it_takes_no_filter(self, provider: Provider) -> None:
        provider.control(hides_members=True, faults=["", "", "", "401"])
        assert SCIM.look_up(provider.order("writers", operation="remove")).answer is CallStatus.UNKNOWN

    def test_has_groups_that_are_too_large_to_read(self, provider: Provider) -> None:
        many = [f"user-{number}-{'x' * 200}" for number in range(6_000)]
        provider.control(groups={"Readers": [*many, "u-1"]})
        assert SCIM.look_up(provider.order()).answer is CallStatus.DONE
        assert SCIM.look_up(provider.order(user="u-2")).answer is CallStatus.NOT_DONE


class TestAVersion:
    def test_that_has_changed_keeps_a_late_request_from_its_effect(self, provider: Provider) -> None:
        provider.control(faults=["", "", "late"])
        assert SCIM.send(provider.order(timeout=1)).answer is CallStatus.UNKNOWN
        assert SCIM.send(provider.order(user="u-2")).answer is CallStatus.DONE
        time.sleep(scim.LATE_SECONDS)
        assert provider.members() == ["u-2"]

    def test_is_not_needed(self, provider: Provider) -> None:
        provider.control(has_versions=False)
        assert SCIM.send(provider.order()).answer is CallStatus.DONE


class TestATarget:
    @pytest.mark.parametrize(
        "changes",
        [
            {"operation": "delete"}, {"operation": None}, {"group": "group"}, {"user_by": "email"}, {"group_by": []},
            {"url": None}, {"url": "https://elsewhere.example/"}, {"timeout": 0}, {"timeout": 11}, {"timeout": True},
            {"credential": "ERP"}, {"method": "PUT"},
        ],
    )  # fmt: skip
    def test_with_a_fault_is_refused(self, provider: Provider, changes: dict[str, Any]) -> None:
        assert SCIM.check_target(provider.order().target | changes)

    def test_without_a_fault_is_accepted(self, provider: Provider) -> None:
        assert SCIM.check_target(provider.order(timeout=10, **BY_NAME).target) == []
