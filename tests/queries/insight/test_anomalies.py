"""What is unlike the subject's past."""

from typing import Any

import pytest

from approvals.models import Action
from approvals.queries.insight import anomalies, precedents
from tests import world
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
IBAN, OTHER = "DE89370400440532013000", "GB29NWBK60161331926819"


def past(here: World, number: int = 3, **values: Any) -> None:
    for place in range(number):
        usual = {"iban": IBAN, "account": 4400, "amount": 298 + place}
        world.decide("approve", here.pending(**(usual | values)), here.junior)


def marked(action: Action) -> dict[str, str]:
    return dict(anomalies.sentences(action, precedents.of_subject(action, precedents.near(action))))


class TestSentences:
    def test_name_a_value_that_always_was_another(self, here: World) -> None:
        past(here)
        found = marked(here.pending(iban=OTHER, account=4400))
        assert list(found) == ["/iban"]
        assert found["/iban"] == f"Differs from the last 3 actions for Paper Mill, which all had {IBAN}."

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

    def test_tell_a_number_from_its_text(self, here: World) -> None:
        past(here, reference=12)
        assert list(marked(here.pending(iban=IBAN, account=4400, reference="12"))) == ["/reference"]
