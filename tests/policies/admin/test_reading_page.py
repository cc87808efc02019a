"""The page of a policy: what it says in words and pictures, its versions and their differences, and who may draft."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Action, Person
from policies.models import Version
from tests import world
from tests.policies.versions import TEXT

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Version]
LADDER = """\
policy: invoices
title: Invoices
about: Small invoices run.
amounts: {base: EUR, ladders: {EUR: [{up_to: "500.00", outcome: auto}, {outcome: review}]}}
rules:
  - {name: small, when: 'amount <= 700.0', outcome: auto, says: Small.}
  - {name: text, when: "subject.matches('x')", outcome: review, says: Odd.}
"""
# One of them asks whether there are clients.
MAX_STATEMENTS = 18


def signed_in(person: Person, *groups: str) -> Client:
    person.is_staff = True
    person.save()
    person.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def reader(author: Person) -> Client:
    return signed_in(author, "Policy authors")


def shown(client: Client, of: Version, **query: str) -> str:
    answer = client.get(reverse("admin:policies_policy_change", args=[of.policy_id]), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestThePage:
    def test_says_rules_in_words_and_keeps_the_text_of_others(self, reader: Client, published: Make) -> None:
        text = shown(reader, published(LADDER))
        assert "If amount is at most 700, the action runs automatically." in text
        assert "If the condition below is true, a junior reviewer decides." in text
        assert "subject.matches(&#x27;x&#x27;)" in text

    def test_draws_the_ladder_and_says_the_same(self, reader: Client, published: Make) -> None:
        text = shown(reader, published(LADDER))
        assert 'class="fill-auto"' in text and 'width="50.00%"' in text
        assert "Above EUR 500.00, a junior reviewer decides." in text

    def test_draws_the_same_in_german(self, reader: Client, author: Person, published: Make) -> None:
        Person.objects.filter(pk=author.pk).update(language="de")
        text = shown(reader, published(LADDER))
        assert 'width="50.00%"' in text and "Bis EUR 500,00: der Vorgang läuft automatisch." in text

    def test_shows_the_version_in_force_unless_asked_for_another(
        self, reader: Client, published: Make, drafted: Make
    ) -> None:
        version = published(LADDER)
        drafted(LADDER.replace("700", "800"))
        assert "at most 700" in shown(reader, version)
        draft = shown(reader, version, version="2")
        assert "it is not in force" in draft and "Read version 1, which is in force" in draft

    @pytest.mark.parametrize("number", ["9", "x", "99999999999"])
    def test_is_not_there_for_a_version_that_is_not(self, reader: Client, published: Make, number: str) -> None:
        version = published(LADDER)
        answer = reader.get(reverse("admin:policies_policy_change", args=[version.policy_id]), {"version": number})
        assert answer.status_code == (404 if number == "9" else 200)

    def test_names_the_action_types_that_use_it(self, reader: Client, published: Make) -> None:
        kind = world.make().kind
        version = published(LADDER.replace("invoices", kind.policy), kind.policy)
        assert kind.title in shown(reader, version)

    def test_costs_no_more_for_many_versions(self, reader: Client, published: Make, drafted: Make) -> None:
        version = published(LADDER)
        for limit in range(5):
            drafted(LADDER.replace("700", f"80{limit}"))
        with CaptureQueriesContext(connection) as counted:
            shown(reader, version, version="4")
        assert len(counted) <= MAX_STATEMENTS, "\n".join(each["sql"][:150] for each in counted)

    def test_is_for_those_who_may_see_policies(self, second: Person, published: Make) -> None:
        version = published(LADDER)
        client = signed_in(second)
        assert client.get(reverse("admin:policies_policy_change", args=[version.policy_id])).status_code == 403


class TestDifferences:
    def test_of_a_draft_are_from_the_version_in_force(self, reader: Client, published: Make, drafted: Make) -> None:
        version = published(LADDER)
        drafted(LADDER.replace("700", "800"))
        text = shown(reader, version, version="2")
        assert "Differences of version 2 from version 1" in text
        assert "amount is at most 700" in text and "amount is at most 800" in text

    def test_are_from_any_version_that_is_chosen(self, reader: Client, published: Make) -> None:
        version = published(LADDER)
        published(LADDER.replace("700", "800"))
        published(LADDER.replace("700", "900"))
        text = shown(reader, version, against="1")
        assert "Differences of version 3 from version 1" in text and "at most 800" not in text

    def test_that_are_none_are_said(self, reader: Client, published: Make, drafted: Make) -> None:
        version = published(LADDER)
        drafted(LADDER.replace("700.0", "700"))
        text = shown(reader, version, version="2")
        assert "The two versions say the same." in text and "Only their texts are different" in text


class TestDrafting:
    def test_is_one_click_for_those_who_may(self, reader: Client, second: Person, published: Make) -> None:
        version = published(LADDER)
        link = f"{reverse('admin:policies_version_draft')}?version={version.pk}"
        assert link in shown(reader, version)
        assert link not in shown(signed_in(second, "Reviewers"), version)

    def test_without_a_change_cannot_be_sent(self, reader: Client, published: Make, drafted: Make) -> None:
        version = published(LADDER)
        draft = drafted(LADDER)
        text = shown(reader, version, version="2")
        assert "same as the version in force" in text and "Request publication" not in text
        reader.post(reverse("admin:policy_ask", args=[draft.pk]))
        assert not Action.objects.exists()

    def test_of_nothing_cannot_be_sent(self, reader: Client, drafted: Make) -> None:
        draft = drafted("policy: invoices\ntitle: Invoices\n")
        text = shown(reader, draft)
        assert "so it has no effect" in text and "Request publication" not in text
        answer = reader.post(reverse("admin:policy_ask", args=[draft.pk]), follow=True)
        assert "so it has no effect" in answer.content.decode() and not Action.objects.exists()

    def test_with_a_change_can_be_sent(self, reader: Client, published: Make, drafted: Make) -> None:
        published(LADDER)
        draft = drafted(TEXT)
        assert "Request publication" in shown(reader, draft, version="2")
