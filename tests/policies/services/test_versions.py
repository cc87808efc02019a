"""Drafting, publishing, retiring: two people, one version in force, one history row each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from approvals.models import Person
from policies import errors
from policies.engine.document.parse import PolicyFault
from policies.models import Policy, Version
from policies.services import versions as policy_versions
from tests.policies.versions import AT, TEXT

Make = Callable[..., Version]


def publish(person: AbstractBaseUser, version: Version, **changes: Any) -> Version:
    return policy_versions.publish(
        **{
            "actor_person": person,
            "door": "admin",
            "name": "invoices",
            "number": version.number,
            "digest": version.digest,
            "at": AT,
            **changes,
        }
    )


def history(row: Policy | Version) -> list[tuple[str, str, str, str]]:
    rows = row.history.order_by("history_date", "history_type")
    return [(item.history_type, str(item.history_user), item.history_change_reason, item.door) for item in rows]


class TestDraft:
    def test_keeps_the_text_as_written_and_numbers_it(self, drafted: Make) -> None:
        first, next_one = drafted(), drafted("# why\n" + TEXT)
        assert (first.number, next_one.number) == (1, 2)
        assert next_one.source == "# why\n" + TEXT
        assert first.digest == next_one.digest
        assert first.state == "draft"

    def test_leaves_one_history_row_with_who_why_and_by_which_door(self, drafted: Make) -> None:
        version = drafted()
        assert history(version) == [("+", "author", "Draft saved.", "admin")]
        assert history(version.policy) == [("+", "author", "Policy created.", "admin")]

    def test_refuses_what_is_no_policy_and_keeps_nothing(self, drafted: Make) -> None:
        with pytest.raises(PolicyFault, match="The field title is missing"):
            drafted("policy: invoices")
        assert not Policy.objects.exists()

    def test_refuses_a_document_about_another_policy(self, drafted: Make) -> None:
        with pytest.raises(errors.WrongName, match="“invoices”, not “refunds”"):
            drafted(TEXT, "refunds")

    def test_cannot_be_part_of_another_transaction(self, author: AbstractBaseUser) -> None:
        assert policy_versions.draft.__wrapped__ is not None  # type: ignore[attr-defined]


@pytest.mark.vendor_sensitive
class TestPublish:
    def test_puts_a_draft_in_force_and_retires_the_one_before(self, published: Make) -> None:
        first, next_one = published(), published()
        first.refresh_from_db()
        assert (first.state, next_one.state) == ("retired", "published")
        assert (first.retired_at, next_one.published_at) == (AT, AT)
        assert history(first)[-1] == ("~", "second", "Replaced by version 2.", "admin")

    def test_takes_the_title_of_the_version(self, published: Make) -> None:
        published()
        assert (
            published(TEXT.replace("title: Invoices", "title: Incoming invoices")).policy.title == "Incoming invoices"
        )

    def test_refuses_the_author(self, drafted: Make, author: AbstractBaseUser) -> None:
        with pytest.raises(errors.SamePerson):
            publish(author, drafted())
        assert not Version.objects.filter(state="published").exists()

    def test_lets_a_firm_of_one_publish_and_records_it(self, drafted: Make, author: AbstractBaseUser) -> None:
        assert publish(author, drafted(), is_solo=True).is_solo is True

    def test_calls_nobody_solo_where_two_took_part(self, drafted: Make, second: AbstractBaseUser) -> None:
        assert publish(second, drafted(), is_solo=True).is_solo is False

    def test_refuses_a_digest_that_was_not_shown(self, drafted: Make, second: AbstractBaseUser) -> None:
        with pytest.raises(errors.StaleVersion):
            publish(second, drafted(), digest="0" * 64)

    def test_refuses_what_was_published_before(self, published: Make, second: AbstractBaseUser) -> None:
        with pytest.raises(errors.NotADraft):
            publish(second, published())

    def test_refuses_a_draft_that_a_newer_version_has_overtaken(
        self, drafted: Make, published: Make, second: AbstractBaseUser
    ) -> None:
        old = drafted()
        published()
        with pytest.raises(errors.Overtaken):
            publish(second, old)

    @pytest.mark.parametrize("changes", [{"number": 9}, {"name": "refunds"}])
    def test_refuses_what_does_not_exist(self, drafted: Make, second: AbstractBaseUser, changes: dict) -> None:
        with pytest.raises(errors.UnknownVersion):
            publish(second, drafted(), **changes)


@pytest.mark.vendor_sensitive
class TestPublishBesideAnother:
    @pytest.mark.django_db(transaction=True)
    def test_leaves_one_version_in_force(self) -> None:
        author, second = Person.objects.create_user("author"), Person.objects.create_user("second")
        versions = [
            policy_versions.draft(actor_person=author, door="admin", name="invoices", source=TEXT, at=AT)
            for _ in range(6)
        ]
        start = Barrier(len(versions))
        with ThreadPoolExecutor(len(versions)) as pool:
            answers = list(pool.map(lambda version: _publish_at_once(start, second, version), versions))
        assert set(answers) <= {"published", "overtaken"}
        assert [version.number for version in Version.objects.filter(state="published")] == [6]

    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_run_inside_a_transaction(self) -> None:
        author = Person.objects.create_user("author")
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            policy_versions.draft(actor_person=author, door="admin", name="invoices", source=TEXT, at=AT)


def _publish_at_once(start: Barrier, person: AbstractBaseUser, version: Version) -> str:
    connection.ensure_connection()
    start.wait()
    try:
        publish(person, version)
    except errors.Overtaken as refusal:
        return refusal.code
    finally:
        connection.close()
    return "published"


class TestATestThatFails:
    def test_keeps_the_version_from_being_published(self, drafted: Make, second: AbstractBaseUser) -> None:
        trial = "tests:\n  - {name: it runs, given: {amount: 600.00, currency: EUR}, expect: {outcome: auto}}\n"
        version = drafted(TEXT + trial)
        with pytest.raises(errors.TestsFail, match="Expected auto, got review"):
            publish(second, version)
        version.refresh_from_db()
        assert version.state == "draft"


class TestRetire:
    def test_takes_a_version_out_of_force_and_says_why(self, published: Make, second: AbstractBaseUser) -> None:
        version = policy_versions.retire(
            actor_person=second, door="admin", name="invoices", number=published().number, at=AT, reason="Too lax."
        )
        assert version.state == "retired"
        assert history(version)[-1] == ("~", "second", "Too lax.", "admin")

    def test_refuses_a_version_that_is_not_in_force(self, drafted: Make, second: AbstractBaseUser) -> None:
        with pytest.raises(errors.NotInForce):
            policy_versions.retire(
                actor_person=second, door="admin", name="invoices", number=drafted().number, at=AT, reason="No."
            )


class TestEachRefusal:
    def test_has_a_sentence_and_a_stable_code_of_its_own(self) -> None:
        family = [
            found for found in vars(errors).values() if isinstance(found, type) and found.__module__ == errors.__name__
        ]
        assert len({refusal.code for refusal in family}) == len(family)
        assert all(str(refusal()).endswith(".") for refusal in family)
