"""Reasons in set words: kept with the kind of action, chosen on the decision page, counted with the corrections."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import Action, ActionType, Decision
from approvals.queries.insight import reason_codes
from approvals.states import DecisionType
from tests.admin.conftest import signed_in
from tests.admin.pages import confirm, edit, press, show
from tests.admin.setup.test_catalog import again, as_typed, events, faults, keeper, staff, url
from tests.world import World

__all__ = ["keeper", "staff"]
REFUSALS = "wrong-account | The account is wrong. | modify, reject\nfraud | This looks like fraud. | reject"
LINES = f"{REFUSALS}\nfine | It is fine."


@pytest.fixture
def kind(here: World) -> ActionType:
    here.kind.reasons = [
        {"code": "fine", "words": "It is fine."},
        {"code": "wrong-account", "words": "The account is wrong.", "for": ["modify", "reject"]},
        {"code": "typo", "words": "A typo was corrected.", "for": ["modify"]},
    ]
    here.kind.save()
    return here.kind


def options(page: str) -> list[str]:
    return re.findall(r'<option value="([a-z-]+)"\s+data-words', page)


class TestTheCatalogsForm:
    def save(self, staff: Client, kind: ActionType, text: str) -> object:
        return staff.post(url(kind), as_typed(kind) | {"reasons": text})

    def test_keeps_a_reason_a_line(self, here: World, staff: Client) -> None:
        self.save(staff, here.kind, LINES)
        assert again(here.kind).reasons == [
            {"code": "wrong-account", "words": "The account is wrong.", "for": ["modify", "reject"]},
            {"code": "fraud", "words": "This looks like fraud.", "for": ["reject"]},
            {"code": "fine", "words": "It is fine."},
        ]
        assert events("setup.action_type.changed")[-1]["fields"] == ["reasons"]

    def test_shows_them_as_they_were_written(self, here: World, staff: Client) -> None:
        self.save(staff, here.kind, LINES)
        assert LINES in staff.get(url(here.kind)).content.decode()
        self.save(staff, again(here.kind), LINES.replace("\n", "\r\n"))
        assert len(events("setup.action_type.changed")) == 1 or events("setup.action_type.changed")[-1]["fields"] == []

    def test_takes_them_away(self, kind: ActionType, staff: Client) -> None:
        self.save(staff, kind, " ")
        assert again(kind).reasons is None

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Wrong Account | No. ", "Line 1: the code can have"),
            ("fine | Yes.\nfraud", "Line 2: use the format code | text"),
            ("fraud | No. | refuse", "Line 1: refuse is not a decision type"),
            ("fine | Yes.\nfine | Yes!", "The code fine appears twice"),
            (f"fine | {'x' * 501}", "at most 500"),
            ("\n".join(f"c{number} | Words." for number in range(31)), "at most 30 reasons"),
        ],
        ids=["code", "words", "verdict", "twice", "long", "many"],
    )
    def test_refuses_what_is_no_reason(self, here: World, staff: Client, text: str, said: str) -> None:
        answer = self.save(staff, here.kind, text)
        assert said in faults(answer)["reasons"][0]  # type: ignore[arg-type]
        assert again(here.kind).reasons is None


class TestThePage:
    def test_offers_what_its_buttons_decide(self, here: World, kind: ActionType, junior: Client) -> None:
        assert options(show(junior, here.pending())) == ["fine", "wrong-account"]

    def test_offers_for_an_edit_where_it_is_confirmed(self, here: World, kind: ActionType, junior: Client) -> None:
        preview = edit(junior, here.pending(), issuer="Paper Mill Ltd")
        assert options(preview.content.decode()) == ["fine", "typo", "wrong-account"]

    def test_keeps_the_words_of_a_reason_that_was_chosen(self, here: World, kind: ActionType, junior: Client) -> None:
        press(junior, here.pending(), "reject", reason_code="wrong-account")
        decision = Decision.objects.get(is_final=True)
        assert (decision.reason_code, decision.reason) == ("wrong-account", "The account is wrong.")

    def test_keeps_what_the_reviewer_made_of_them(self, here: World, kind: ActionType, junior: Client) -> None:
        said = "The account is wrong. It should be 4400."
        press(junior, here.pending(), "reject", reason_code="wrong-account", rationale=said)
        assert Decision.objects.get(is_final=True).reason == said

    def test_has_no_list_where_there_are_none(self, here: World, junior: Client) -> None:
        assert 'name="reason_code"' not in show(junior, here.pending())


def test_what_policy_asks_for_comes_after_what_has_words(here: World, kind: ActionType) -> None:
    found = reason_codes.offered(kind, {"reason_codes": ["fine", "called-back"]}, [DecisionType.REJECT])
    assert [(reason.code, reason.label) for reason in found] == [
        ("fine", "It is fine."),
        ("wrong-account", "The account is wrong."),
        ("called-back", "called-back"),
    ]


def test_corrections_count_them_whether_changed_or_refused(here: World, kind: ActionType, junior: Client) -> None:
    here.set_kind(undo_seconds=0)
    press(junior, here.pending(), "reject", reason_code="wrong-account")
    action: Action = here.pending()
    confirm(junior, action, edit(junior, action, issuer="Paper Mill Ltd"), reason_code="wrong-account")
    page = signed_in(here.senior, "Reviewers").get(reverse("admin:corrections")).content.decode()
    assert "wrong-account 2" in re.sub("<[^>]+>", "", page)
