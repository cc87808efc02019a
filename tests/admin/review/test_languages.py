"""A page in another language holds none of the engine's English: not of anomalies, conditions, reasons or events."""

import html
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from approvals.errors import BlockedByPolicy
from approvals.models import Action
from approvals.services.notifications import messages
from policies.engine.evaluation.result import Requirement
from policies.engine.values import money
from policies.engine.values.said import in_a_row, say
from policies.lab import requirements
from tests import world
from tests.admin.pages import edit, show
from tests.world import World

# Odd in as many ways as fit in one invoice; nothing in it has three Latin letters in a row.
ODD = {
    "issuer": "1\u200b2",
    "amount": 717.975,
    "invoice_number": "0000",
    "iban": "1",
    "date": "1950-01-01",
    "lines": [{"name": "<b>1</b>"}, {"name": "аb"}],
}


def english_of(action: Action) -> list[str]:
    """Every stored English sentence about an action, without the values in it."""
    content = action.evaluation.content
    problems = [flag["said"]["template"] if flag.get("said") else flag["sentence"] for flag in action.flags]
    reasons = [reason["said"]["template"] if reason.get("said") else reason["text"] for reason in content["reasons"]]
    parts = [part["said"]["template"] if part.get("said") else part["sentence"] for part in content["parts"]]
    needs = [requirements.said(Requirement(**item)).template for item in content["requirements"]]
    pieces = [piece for text in (*problems, *reasons, *parts, *needs) for piece in re.split(r"\{\w+\}", text)]
    return [piece.strip() for piece in pieces if len(piece.strip()) > 8]


@pytest.mark.django_db(transaction=True)
class TestInAnotherLanguage:
    def test_the_review_page_holds_no_sentence_of_the_engine(self, here: World, junior: Client, foreign: None) -> None:
        action = here.pending(**ODD)
        assert len({flag["code"] for flag in action.flags}) >= 6
        page = html.unescape(show(junior, action))
        said = english_of(action)
        assert len(said) > 12
        assert [text for text in said if text in page] == []
        assert "IS NOT A VALID iban." in page

    def test_the_inbox_holds_none(self, here: World, junior: Client, foreign: None) -> None:
        action = here.pending(**ODD)
        page = html.unescape(junior.get(reverse("admin:inbox")).content.decode())
        assert str(action.pk) in page
        assert [text for text in english_of(action) if text in page] == []

    def test_the_history_holds_none_and_no_event_in_english(self, here: World, junior: Client, foreign: None) -> None:
        action = here.pending(**ODD)
        world.decide("escalate", action, here.junior, rationale="1")
        page = html.unescape(junior.get(reverse("admin:approvals_action_history", args=[action.pk])).content.decode())
        assert [text for text in english_of(action) if text in page] == []
        assert "sENT TO REVIEW BY POLICY" in page and "Sent to review by policy" not in page
        assert "Escalated revision" not in page
        # No anomalies yet is said in a word.
        assert "<del></del>" not in page

    def test_the_confirmation_page_names_the_field_as_people_do(
        self, here: World, junior: Client, foreign: None
    ) -> None:
        page = html.unescape(edit(junior, here.pending(), amount="9000", iban="1").content.decode())
        assert "IBAN: “1” IS NOT A VALID iban." in page

    def test_a_refusal_of_a_standing_approval_is_said_so(self, here: World, junior: Client, foreign: None) -> None:
        page = html.unescape(show(junior, here.pending(confidence=None)))
        told = page.split('<div class="always">')[1].split("</div>")[0]
        assert "a REQUIRED VALUE IS UNKNOWN: CONFIDENCE." in told
        assert "a person decides" not in told

    def test_a_refusal_gives_its_reasons_so_and_the_record_in_english(self, foreign: None) -> None:
        refusal = BlockedByPolicy(
            "{reasons}",
            said={"reasons": in_a_row([say("One."), say("Two {at}.", at=money.money(Decimal("1234.5"), "EUR"))])},
        )
        with translation.override("de"):
            assert refusal.in_words == "oNE. tWO EUR 1.234,50."
        assert refusal.message == "One. Two EUR 1,234.50."

    def test_a_mail_gives_its_reasons_so(self, here: World, foreign: None) -> None:
        action = here.pending(**ODD)
        assert [text for text in messages._reasons(action) if "a person" in text or "is above" in text] == []
