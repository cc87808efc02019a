"""What is in force, at what cost, and that nothing is judged by what was tampered with."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AbstractBaseUser
from pytest_django import DjangoAssertNumQueries

from policies.models import Version
from policies.queries import in_force
from policies.services import versions
from tests.policies.versions import AT, TEXT

pytestmark = pytest.mark.django_db
Make = Callable[..., Version]
HOUSE = "policy: house\ntitle: House rules\nscore: {block: 90}\n"


class TestInForce:
    def test_is_nothing_before_somebody_published(self, drafted: Make) -> None:
        drafted()
        assert in_force.in_force("invoices") is None
        assert in_force.house() is None

    def test_is_the_published_version_with_its_number_and_digest(self, published: Make) -> None:
        published()
        version = published(TEXT + "missing: escalate\n")
        document = in_force.in_force("invoices")
        assert document is not None
        assert (document.version, document.digest, document.missing) == (2, version.digest, "escalate")

    def test_is_nothing_once_it_was_retired(self, published: Make, second: AbstractBaseUser) -> None:
        published()
        versions.retire(actor_person=second, door="admin", name="invoices", number=1, at=AT, reason="Too lax.")
        assert in_force.in_force("invoices") is None

    def test_takes_one_statement_and_builds_a_document_once(
        self, published: Make, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        published()
        with django_assert_max_num_queries(2):
            assert in_force.in_force("invoices") is in_force.in_force("invoices")


class TestInForceWithHouse:
    def test_is_the_type_first_and_the_house_after_in_one_statement(
        self, published: Make, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        published()
        published(HOUSE, "house")
        published(TEXT.replace("policy: invoices", "policy: zebra"), "zebra")
        with django_assert_max_num_queries(1):
            assert [document.name for document in in_force.in_force_with_house("zebra")] == ["zebra", "house"]

    def test_is_what_there_is(self, published: Make) -> None:
        published(HOUSE, "house")
        assert [document.name for document in in_force.in_force_with_house("invoices")] == ["house"]


class TestATamperedPolicy:
    def test_is_never_judged_by(self, drafted: Make, second: AbstractBaseUser) -> None:
        version = drafted()
        forged = version.canonical.replace("500.0", "5000000.0")
        with pytest.raises(in_force.TamperedPolicy, match="does not match its published digest"):
            in_force._document(version.digest, 1, forged)
