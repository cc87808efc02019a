"""Drafting in the admin: what is wrong is said with its place, and a draft changes nothing by itself."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from approvals.models import Action, Membership, Person
from approvals.states import Tier
from policies.admin.editor import start
from policies.engine.document.source_text import read
from policies.models import Version
from policies.queries import templates
from tests import world
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
        assert "Expected review, got auto" in writer.post(page(), {"source": FAILING}).content.decode()

    @pytest.mark.parametrize("query", ["?template=tiered_review", "?version={pk}"])
    def test_starts_from_a_template_or_a_version(self, writer: Client, published: Make, query: str) -> None:
        version = published()
        text = writer.get(page() + query.format(pk=version.pk)).content.decode()
        assert "policy: " in text

    @pytest.mark.parametrize("query", ["?template=../settings", "?version=x", "?version=99999999999999"])
    def test_starts_from_nothing_when_asked_for_what_is_not_there(self, writer: Client, query: str) -> None:
        assert 'name="source" value=""' in writer.get(page() + query).content.decode()

    def test_is_for_policy_authors(self, second: Person) -> None:
        assert signed_in(second, "Reviewers").get(page()).status_code == 403


class TestAskingForPublication:
    def ask(self, client: Client, version: Version) -> str:
        answer: Any = client.post(reverse("admin:policy_ask", args=[version.pk]), follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_is_a_button_on_a_draft(self, writer: Client, drafted: Make) -> None:
        address = reverse("admin:policies_version_change", args=[drafted().pk])
        assert "Request publication" in writer.get(address).content.decode()

    def test_is_withdrawn_by_a_button_in_its_place(self, writer: Client, drafted: Make) -> None:
        version = drafted()
        address = reverse("admin:policies_version_change", args=[version.pk])
        assert "Withdraw request" not in writer.get(address).content.decode()
        asked = self.ask(writer, version)
        assert "Withdraw request" in asked and "Request publication" not in asked
        writer.post(reverse("admin:policy_withdraw", args=[version.pk]))
        assert Action.objects.get().state == "withdrawn"

    def test_proposes_an_action(self, writer: Client, drafted: Make) -> None:
        assert "Publication requested" in self.ask(writer, drafted())
        assert Action.objects.get().action_type.name == "policy.publish"

    def test_says_why_not(self, writer: Client, drafted: Make) -> None:
        assert "Expected review" in self.ask(writer, drafted(FAILING))
        assert not Action.objects.exists()

    def test_is_for_policy_authors(self, second: Person, drafted: Make) -> None:
        version = drafted()
        answer = signed_in(second, "Reviewers").post(reverse("admin:policy_ask", args=[version.pk]))
        assert (answer.status_code, Action.objects.exists()) == (403, False)


class TestTheParts:
    def shown(self, client: Client, source: str, **typed: str) -> str:
        return client.post(page(), {"source": source, **typed}).content.decode()

    @pytest.mark.parametrize(
        "part", ["about", "rules", "rules/0", "rules/1", "tables", "plans", "tests", "tests/0", "text"]
    )
    def test_are_shown_with_the_text_in_hand(self, writer: Client, part: str) -> None:
        text = self.shown(writer, TEXT, go=part)
        assert 'name="source"' in text and "amount &lt;= 500.0" in text

    def test_take_in_what_was_typed_before_another_is_shown(self, writer: Client) -> None:
        typed = {"part": "rules", "open": "0", "rules/0/when": "amount <= 700.0", "go": "text"}
        assert "amount &lt;= 700.0" in self.shown(writer, TEXT, **typed)

    def test_stay_at_the_plan_whose_stages_are_changed(self, writer: Client) -> None:
        source = TEXT + "plans: {two: {stages: [{name: boss, who: manager}, {name: rest, who: desk}]}}\n"
        text = self.shown(writer, source, part="plans", open="0", remove="plans/two/stages/0")
        assert 'name="plans/two/stages/0/who"' in text and "boss" not in text
        assert 'name="new_plan"' in self.shown(writer, source, part="plans", open="0", remove="plans/two")
        added = self.shown(writer, source, part="plans", add_plan="1", new_plan="three")
        assert 'name="plans/three/stages/0/who"' in added

    def test_say_beside_the_field_what_is_wrong(self, writer: Client) -> None:
        typed = {"part": "rules", "open": "0", "rules/0/when": "amonut <= 700.0", "go": "rules/0"}
        assert "<mark>amonut</mark>" in self.shown(writer, TEXT, **typed)

    @pytest.mark.parametrize("source", ["a: [", "[]", "- a", "x" * 70_000, "\x00", "rules: {a: 1}", "plans: 3"])
    def test_show_the_text_or_what_they_can_of_what_is_odd(self, writer: Client, source: str) -> None:
        for part in ("rules", "tables", "plans", "tests", "about", "nothing", "rules/99999999999", "/"):
            answer = writer.post(page(), {"source": source, "part": part, "go": part, "check": "x"})
            assert answer.status_code == 422

    def test_name_the_facts_with_values_of_actions_that_the_author_may_see(
        self, writer: Client, author: Person
    ) -> None:
        action = world.make().pending()
        kind = action.action_type.name
        assert "Paper Mill" not in self.shown(writer, TEXT, go="rules/0", kind=kind)
        Membership.objects.create(person=author, desk=action.desk, tier=Tier.JUNIOR)
        text = self.shown(writer, TEXT, go="rules/0", kind=kind)
        assert 'data-insert="payload.issuer"' in text and "Paper Mill" in text


class TestTheStages:
    PLAN = TEXT + "plans: {two: {stages: [{name: boss, who: manager}, {name: rest, who: desk}]}}\n"

    def body(self, client: Client, **typed: str) -> Any:
        text = client.post(page(), {"source": self.PLAN, "part": "plans", "open": "0", **typed}).content.decode()
        found = re.search(r'name="source" value="(.*?)"', text, re.DOTALL)
        return read(html.unescape(found[1] if found else ""))["plans"]["two"]["stages"]

    def test_are_added_moved_and_removed_by_buttons(self, writer: Client) -> None:
        assert [each["name"] for each in self.body(writer, add_stage="plans/two/people")] == ["boss", "rest", "stage-3"]
        assert self.body(writer, add_stage="plans/two/check")[2] == {"name": "check-3", "check": "", "says": ""}
        assert [each["name"] for each in self.body(writer, down="plans/two/stages/0")] == ["rest", "boss"]
        assert [each["name"] for each in self.body(writer, remove="plans/two/stages/0")] == ["rest"]

    @pytest.mark.parametrize("name", ["plans/none/people", "plans", "rules/0/people", "plans/two/stages/0/people"])
    def test_are_not_added_where_there_is_no_plan(self, writer: Client, name: str) -> None:
        assert len(self.body(writer, add_stage=name)) == 2

    def test_ask_somebody_by_kind_and_name(self, writer: Client) -> None:
        of = "plans/two/stages/1/who"
        assert self.body(writer, **{of: "desk:", f"{of}~name": "it"})[1]["who"] == "desk:it"
        assert self.body(writer, **{of: "owner", f"{of}~name": "it"})[1]["who"] == "owner"


class TestTemplates:
    def test_are_cards_with_a_sentence_each(self, writer: Client) -> None:
        text = writer.get(page()).content.decode()
        assert all(str(card.sentence) in html.unescape(text) for card in start.CARDS)
        assert {card.name for card in start.CARDS} == set(templates.names())

    def test_fill_an_empty_or_unchanged_draft(self, writer: Client) -> None:
        assert "policy: tiered_review" in writer.post(page(), {"use_template": "tiered_review"}).content.decode()
        unchanged = {"source": TEXT, "origin": start.origin_of(TEXT), "use_template": "house"}
        assert "policy: house" in writer.post(page(), unchanged).content.decode()

    def test_ask_before_they_replace_what_was_typed(self, writer: Client) -> None:
        typed = {"source": TEXT, "origin": start.origin_of(""), "part": "about", "title": "Typed", "reason": "Because."}
        text = writer.post(page(), typed | {"use_template": "house"}).content.decode()
        assert "Replace your draft by" in text and "title: Typed" in text and 'value="Because."' in text
        kept = writer.post(page(), typed | {"go": "about"}).content.decode()
        assert "title: Typed" in kept
        replaced = writer.post(page(), typed | {"replace_by": "house"}).content.decode()
        assert "policy: house" in replaced and "title: Typed" not in replaced


class TestBeginning:
    def test_shows_no_fault_before_anything_was_typed(self, writer: Client) -> None:
        text = writer.get(page()).content.decode()
        assert "aria-invalid" not in text and "data-status" not in text

    def test_says_what_a_new_rule_still_needs_in_neutral_words(self, writer: Client) -> None:
        typed = {"source": TEXT, "part": "rules", "open": "1", "rules/1/name": "far", "go": "rules/1"}
        text = writer.post(page(), typed).content.decode()
        assert "Not complete yet." in text and "Still needed: Rule 2: Condition, Outcome" in text
        assert "aria-invalid" not in text and "The field outcome is missing" not in text

    def test_says_faults_once_the_draft_was_sent(self, writer: Client) -> None:
        typed = {"source": TEXT, "part": "rules", "open": "1", "rules/1/name": "far", "keep": "x"}
        answer = writer.post(page(), typed)
        assert answer.status_code == 422 and "is-open" not in answer.content.decode()

    def test_a_row_that_is_not_complete_is_not_saved_away(self, writer: Client) -> None:
        rows = {"c:rules/0/when:any": "all", "c:rules/0/when:0:field": "score", "c:rules/0/when:0:how": "above"}
        typed = {"source": TEXT, "part": "rules", "open": "0", "rules/0/when": "amount <= 500.0", **rows}
        answer = writer.post(page(), typed | {"c:rules/0/when:0:value": "", "keep": "x"})
        assert answer.status_code == 422 and "row that is not complete" in answer.content.decode()
        assert not Version.objects.exists()
        assert writer.post(page(), typed | {"c:rules/0/when:0:value": "40", "keep": "x"}).status_code == 302
        assert "when: score > 40" in Version.objects.get().source


class TestTrying:
    def tried(self, client: Client, source: str = TEXT, **typed: str) -> str:
        return client.post(page(), {"source": source, "part": "tests", "try": "1", **typed}).content.decode()

    def test_says_what_every_rule_said_and_stores_nothing(self, writer: Client) -> None:
        text = self.tried(writer, try_facts='{"amount": "600.00", "currency": "EUR"}')
        assert "does not match" in text and "No policy rule applies to this action" in text
        assert not Version.objects.exists()
        assert not Action.objects.exists()

    def test_tries_a_past_action_only_for_those_who_may_see_it(self, writer: Client, author: Person) -> None:
        action = world.make().pending()
        refused = self.tried(writer, try_id=str(action.pk))
        assert "The action does not exist" in refused and f'<option value="{action.pk}"' not in refused
        Membership.objects.create(person=author, desk=action.desk, tier=Tier.JUNIOR)
        tried = self.tried(writer, try_id=str(action.pk))
        assert "Result of each rule" in tried and f'<option value="{action.pk}"' in tried

    def test_tries_a_proposal_as_an_agent_sends_it(self, writer: Client) -> None:
        kind = world.make().kind
        body = {"action_type": kind.name, "payload": {"issuer": "A", "amount": 80, "currency": "EUR"}, "reasoning": "x"}
        text = self.tried(writer, try_facts=json.dumps(body))
        assert "Result of each rule" in text and "pasted proposal" in text

    @pytest.mark.parametrize(
        "pasted",
        ["{", "[1]", '{"amuont": 3}', '{"reasoning": "x"}', '{"payload": 3}', "x" * 30_000, '{"a": {"a": 1}}', "é"],
    )
    def test_says_what_cannot_be_read(self, writer: Client, pasted: str) -> None:
        text = self.tried(writer, try_facts=pasted)
        assert "alert-error" in text and "Result of each rule" not in text

    def test_becomes_a_test_that_stands_in_the_document(self, writer: Client) -> None:
        typed = {"try_facts": '{"amount": "60.00", "currency": "EUR"}', "keep_test": "1", "test_name": "a small one"}
        text = self.tried(writer, **typed)
        assert "its test passes" in text and "name: a small one" in text


class TestTheCheck:
    def check(self, client: Client, **typed: str) -> Any:
        return client.post(reverse("admin:policies_version_check"), typed)

    def test_says_what_is_wrong_where(self, writer: Client) -> None:
        typed = {"part": "rules", "open": "0", "rules/0/when": "amonut <= 5.0", "source": TEXT}
        answer = self.check(writer, **typed).json()
        assert answer["faults"][0]["name"] == "rules/0/when"
        assert answer["faults"][0]["marked"] == ["", "amonut", " <= 5.0"]
        assert not answer["is_good"]

    def test_says_that_all_is_well(self, writer: Client) -> None:
        assert self.check(writer, source=TEXT).json()["is_good"]

    def test_says_which_tests_fail(self, writer: Client) -> None:
        assert "auto" in self.check(writer, source=FAILING).json()["failing"]["0"]

    def test_is_for_policy_authors_and_by_post_with_a_token(
        self, writer: Client, author: Person, second: Person
    ) -> None:
        assert self.check(signed_in(second, "Reviewers"), source=TEXT).status_code == 403
        assert writer.get(reverse("admin:policies_version_check")).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(author)
        assert self.check(strict, source=TEXT).status_code == 403
