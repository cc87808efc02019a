"""What is unlike the subject's past."""

from typing import Any

import pytest

from approvals.models import Action
from approvals.queries.insight import anomalies, precedents
from approvals.services.payloads import expectations
from tests import world
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
IBAN, OTHER = "DE89370400440532013000", "GB29NWBK60161331926819"


def past(here: World, number: int = 3, **values: Any) -> None:
    for place in range(number):
        usual = {"iban": IBAN, "account": 4400, "amount": 298 + place}
        world.decide("approve", here.pending(**(usual | values)), here.junior)


def marked(action: Action) -> dict[str, str]:
    before = precedents.of_subject(action, precedents.near(action))
    found = anomalies.sentences(action, expectations.schema_of(action.action_type), before)
    return {pointer: sentence for pointer, _code, sentence in found}


class TestSentences:
    def test_name_a_value_that_always_was_another(self, here: World) -> None:
        past(here)
        found = marked(here.pending(iban=OTHER, account=4400))
        assert list(found) == ["/iban"]
        assert found["/iban"] == f"Differs from the last 3 actions for Paper Mill, which all had the value {IBAN}."

    def test_say_nothing_of_what_always_differs(self, here: World) -> None:
        past(here)
        assert marked(here.pending(iban=IBAN, account=4400)) == {}

    def test_name_an_amount_far_above_all_before(self, here: World) -> None:
        past(here)
        assert list(marked(here.pending(amount=901, iban=IBAN, account=4400))) == ["/amount"]
        assert marked(here.pending(amount=899, iban=IBAN, account=4400)) == {}

    def test_need_some_past(self, here: World) -> None:
        past(here, 2)
        assert marked(here.pending(iban=OTHER)) == {}

    def test_take_only_what_was_let_through_for_usual(self, here: World) -> None:
        past(here, 2)
        world.decide("reject", here.pending(iban=IBAN), here.junior)
        assert marked(here.pending(iban=OTHER)) == {}

    def test_know_no_other_subjects(self, here: World) -> None:
        past(here)
        assert marked(here.pending(issuer="Somebody Else", iban=OTHER)) == {}

    @pytest.mark.parametrize(
        "name", ["PAPER MILL", "paper  mill", "Paper-Mill.", "Pаper Mill", "Ｐaper Mill", "Paper\u200b Mill"]
    )
    def test_know_a_subject_in_every_spelling_as_policy_does(self, here: World, name: str) -> None:
        past(here)
        action = here.pending(issuer=name, amount=999, iban=OTHER, account=4400)
        assert {"/amount", "/iban"} <= marked(action).keys()
        assert {"unusual_amount", "unusual_value"} <= {flag["code"] for flag in action.flags}
        assert [len(rows) for rows in precedents.of_subjects([action]).values()] == [3]

    def test_tell_a_number_from_its_text(self, here: World) -> None:
        past(here, reference=12)
        assert list(marked(here.pending(iban=IBAN, account=4400, reference="12"))) == ["/reference"]

    def test_are_what_policy_flags(self, here: World) -> None:
        past(here)
        action = here.pending(amount=3000, iban=OTHER, account=4400)
        assert [(flag["code"], flag["pointer"]) for flag in action.flags] == [
            ("unusual_amount", "/amount"),
            ("unusual_value", "/iban"),
        ]
        assert (
            action.flags[0]["sentence"]
            == "amount “3000” is 10 times the highest of the last 3 amounts for this subject."
        )
