"""Drafting in the admin: what is wrong is said with its place, and a draft changes nothing by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from approvals.models import Action, Person
from policies.models import Version
from tests.policies.versions import TEXT

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Version]
FAILING = TEXT + "tests:\n  - {name: it waits, given: {amount: 20.0, currency: EUR}, expect: {outcome: review}}\n"


def page() -> str:
    return reverse("admin:policies_version_draft")


def signed_in(person: Person, *groups: str) -> Client:
    person.is_staff = True
    person.save()
    person.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def writer(author: Person) -> Client:
    return signed_in(author, "Policy authors")


class TestDrafting:
    def test_keeps_a_draft_as_typed_with_plain_line_ends(self, writer: Client, author: Person) -> None:
        answer = writer.post(page(), {"source": TEXT.replace("\n", "\r\n"), "reason": "A start.", "keep": "x"})
        version = Version.objects.get()
        assert (answer.status_code, version.source, version.state) == (302, TEXT, "draft")
        assert (version.drafted_by, version.history.get().history_change_reason) == (author, "A start.")

    def test_says_what_is_wrong_with_its_place_and_keeps_nothing(self, writer: Client) -> None:
        source = TEXT.replace("amount <= 500.0", "amonut <= 500.0")
        answer = writer.post(page(), {"source": source, "keep": "x"})
        assert answer.status_code == 422
        assert "rules[0].when" in answer.content.decode()
        assert not Version.objects.exists()

    def test_checks_without_keeping(self, writer: Client) -> None:
        assert "no tests yet" in writer.post(page(), {"source": TEXT, "check": "x"}).content.decode()
        assert not Version.objects.exists()

    def test_says_which_tests_fail(self, writer: Client) -> None:
        assert "review was expected, but it is auto" in writer.post(page(), {"source": FAILING}).content.decode()

    @pytest.mark.parametrize("query", ["?template=tiered_review", "?version={pk}"])
    def test_starts_from_a_template_or_a_version(self, writer: Client, published: Make, query: str) -> None:
        version = published()
        text = writer.get(page() + query.format(pk=version.pk)).content.decode()
        assert "policy: " in text

    @pytest.mark.parametrize("query", ["?template=../settings", "?version=x", "?version=99999999999999"])
    def test_starts_from_nothing_when_asked_for_what_is_not_there(self, writer: Client, query: str) -> None:
        assert "policy:" not in writer.get(page() + query).content.decode()

    def test_is_for_policy_authors(self, second: Person) -> None:
        assert signed_in(second, "Reviewers").get(page()).status_code == 403


class TestAskingForPublication:
    def ask(self, client: Client, version: Version) -> str:
        answer: Any = client.post(reverse("admin:policy_ask", args=[version.pk]), follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_is_a_button_on_a_draft(self, writer: Client, drafted: Make) -> None:
        address = reverse("admin:policies_version_change", args=[drafted().pk])
        assert "Ask for publication" in writer.get(address).content.decode()

    def test_proposes_an_action(self, writer: Client, drafted: Make) -> None:
        assert "Asked." in self.ask(writer, drafted())
        assert Action.objects.get().action_type.name == "policy.publish"

    def test_says_why_not(self, writer: Client, drafted: Make) -> None:
        assert "review was expected" in self.ask(writer, drafted(FAILING))
        assert not Action.objects.exists()

    def test_is_for_policy_authors(self, second: Person, drafted: Make) -> None:
        version = drafted()
        answer = signed_in(second, "Reviewers").post(reverse("admin:policy_ask", args=[version.pk]))
        assert (answer.status_code, Action.objects.exists()) == (403, False)
