"""What ships as an example holds what it stands for, and passes all that the long form checks."""

import pytest

from approvals.models import ActionType
from approvals.services.catalog.kinds import gallery, gallery_words, policy_cards, sketch
from approvals.services.catalog.kinds.gallery import Card
from approvals.services.payloads import revisions
from policies.engine.values.vocabulary import DATA_CLASSES, DOMAINS, NON_NEGOTIABLE, REGULATED

CARDS = pytest.mark.parametrize("card", gallery.cards(), ids=lambda card: card.key)


class TestTheGallery:
    def test_has_each_row_of_the_reversibility_table(self) -> None:
        stakes = {(card.undo, card.stakes) for card in gallery.cards()}
        assert {
            ("reversible", "low"),
            ("reversible", "medium"),
            ("irreversible", "low"),
            ("irreversible", "high"),
        } <= stakes
        assert any(set(card.data_classes) & set(REGULATED) for card in gallery.cards())
        assert any(card.row.startswith("Ambiguous intent") for card in gallery.cards())

    def test_has_domains_in_which_a_person_always_decides(self) -> None:
        domains = {card.domain for card in gallery.cards()}
        assert {"legal", "hr", "security", "healthcare", "financial_approval", "customer_legal"} <= domains & set(
            NON_NEGOTIABLE
        )

    def test_can_be_translated(self) -> None:
        said = {text for card in gallery.cards() for text in (card.title, card.says, card.row)}
        assert said == set(gallery_words.WORDS)


@CARDS
@pytest.mark.django_db
class TestACard:
    def test_is_a_valid_kind(self, card: Card) -> None:
        made = sketch.begun(card.title, card.example)
        assert list(made.faults(frozenset({"policy"}))) == []

    def test_has_an_example_that_fits(self, card: Card) -> None:
        schema = sketch.begun(card.title, card.example).schema
        revisions.check_schema(ActionType(name="x", schema=schema), dict(card.example))

    def test_speaks_of_what_exists(self, card: Card) -> None:
        assert card.domain in DOMAINS and set(card.data_classes) <= set(DATA_CLASSES)
        assert card.policy in policy_cards.BY_KEY and set(card.choices) <= set(card.example)
