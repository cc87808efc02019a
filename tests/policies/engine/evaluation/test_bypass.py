"""What a standing rule may let pass, and everything that it never may."""

from decimal import Decimal

import pytest
from hypothesis import given

from policies.engine.document.parse import Document
from policies.engine.evaluation.bypass import NEVER, lets_pass, names, objections
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.vocabulary import NON_NEGOTIABLE, REGULATED, Mode, Route
from tests.policies.engine.evaluation.test_evaluate import FACTS, HOUSE
from tests.policies.engine.given import document, rule, ruled, rules

ASKS = rules(rule("asks", "review"))
LADDER = document('amounts: {base: EUR, ladders: {EUR: [{up_to: "50.00", outcome: auto}, {outcome: review}]}}')
KIND = {"reversibility": "reversible", "stakes": "low"}


def against(evaluation: Evaluation, *documents: Document, **kind: str) -> tuple[str, ...]:
    return objections(evaluation, documents, **(KIND | kind))


def passes(evaluation: Evaluation, named: tuple[str, ...] | None = None, **kind: str) -> bool:
    """Whether it passes a standing rule that names these rules; all that held it up, unless others are given."""
    return lets_pass(evaluation, names(evaluation) if named is None else named, **(KIND | kind))


class TestADocumentsOwnWish:
    @pytest.mark.parametrize(
        "text",
        [
            "rules:\n" + rule("asks", "review"),
            'amounts: {base: EUR, ladders: {EUR: [{up_to: "50.00", outcome: auto}, {outcome: review}]}}',
            "score: {review: 3}",
            "reversibility: {reversible_low: review}",
        ],
    )
    def test_may_be_let_pass(self, text: str) -> None:
        own = document(text + "\nconfidence: {absent: ignore}")
        evaluation = ruled(own)
        assert evaluation.outcome is Route.REVIEW
        assert against(evaluation, own) == ()
        assert passes(evaluation)

    def test_is_named_by_its_document_and_rule(self) -> None:
        assert names(ruled(ASKS)) == ("sample:asks",)

    def test_may_be_accompanied_by_votes_to_run(self) -> None:
        assert passes(ruled(rules(rule("asks", "review"), rule("runs", "auto"))))


class TestANewReason:
    def test_is_not_let_pass(self) -> None:
        both = rules(rule("asks", "review"), rule("asks-too", "review", "amount > 100.0"))
        named = names(ruled(both, amount=Decimal(50)))
        assert passes(ruled(both, amount=Decimal(50)), named)
        assert not passes(ruled(both), named)

    def test_of_another_document_with_the_same_name_is_new(self) -> None:
        assert not passes(ruled(document("rules:\n" + rule("asks", "review"), "other")), ("sample:asks",))

    def test_that_is_gone_does_no_harm(self) -> None:
        assert passes(ruled(ASKS), ("sample:asks", "sample:asks-too"))


class TestWhatIsNeverLetPass:
    @pytest.mark.parametrize(
        "changes",
        [
            {"mode": Mode.HUMAN_IN_COMMAND},
            {"missing": ("/iban",)},
            {"flags": ("malformed_iban",)},
            {"confidence": None},
            {"payload": {"note": "x" * 9_000}},
            {"domain": "unheard_of"},
            {"data_classes": ("unheard_of",)},
            {"score": None},
            *({"domain": domain} for domain in NON_NEGOTIABLE),
            *({"data_classes": (name,)} for name in REGULATED),
        ],
        ids=str,
    )
    def test_is_what_always_takes_a_person(self, changes: dict[str, object]) -> None:
        evaluation = ruled(ASKS, **changes)
        assert against(evaluation, ASKS)
        assert not passes(evaluation)

    @pytest.mark.parametrize("name", sorted(NEVER | {"budget_agent_day"}))
    def test_is_a_rule_that_bears_such_a_name(self, name: str) -> None:
        posing = rules(rule(name, "review"), rule("asks", "review"))
        assert against(ruled(posing), posing) and not passes(ruled(posing))

    def test_is_a_confidence_band_because_the_doubt_is_about_this_one(self) -> None:
        own = document("confidence: {bands: [{at_least: 0.99, outcome: auto}, {at_least: 0.0, outcome: review}]}")
        assert against(ruled(own), own) and not passes(ruled(own))

    def test_is_a_budget(self) -> None:
        own = document("budgets: {per_agent_day: {count: 2}}\nrules:\n" + rule("asks", "review"))
        within = ruled(own, counted={"recent.agent_day.count": 2})
        beyond = ruled(own, counted={"recent.agent_day.count": 3})
        assert passes(within) and not passes(beyond) and against(beyond, own)

    def test_is_what_a_house_wide_policy_asks_for(self) -> None:
        house = document("rules:\n" + rule("asks", "review"), "house")
        evaluation = ruled(ASKS, house)
        assert against(evaluation, ASKS, house) and not passes(evaluation)

    def test_is_an_amount_that_nobody_knows_the_worth_of(self) -> None:
        evaluation = ruled(LADDER, currency="XTS", amount_base=None)
        assert against(evaluation, LADDER) and not passes(evaluation)

    @pytest.mark.parametrize(
        "own",
        [
            rules(rule("asks", "review", tier="senior")),
            rules(rule("asks", "escalate")),
            rules(rule("asks", "review", "payload.absent == 1")),
            rules(rule("asks", "block")),
            rules(rule("asks", "review", requires_rationale="true")),
            document("tiers: {junior: {who: desk, quorum: 2}}\nrules:\n" + rule("asks", "review")),
            rules(),
        ],
        ids=["senior", "escalated", "erring", "blocked", "words", "quorum", "no rule"],
    )
    def test_is_what_more_than_one_usual_reviewer_decides(self, own: Document) -> None:
        evaluation = ruled(own)
        assert against(evaluation, own) and not passes(evaluation)

    def test_is_what_cannot_be_undone_with_much_at_stake(self) -> None:
        grave = {"reversibility": "irreversible", "stakes": "high"}
        assert against(ruled(ASKS), ASKS, **grave) and not passes(ruled(ASKS), **grave)
        assert passes(ruled(ASKS), **(grave | {"stakes": "medium"}))

    def test_is_what_runs_by_itself_anyway(self) -> None:
        own = rules(rule("runs", "auto"))
        assert against(ruled(own), own) and not passes(ruled(own))

    def test_is_without_any_policy(self) -> None:
        assert against(ruled()) and not passes(ruled())


@given(FACTS)
def test_whatever_the_facts_nothing_is_let_pass_that_an_objection_speaks_against(some: PolicyInput) -> None:
    own = rules(rule("asks", "review"))
    evaluation = evaluate([own, HOUSE], some)
    kind = {"reversibility": some.reversibility, "stakes": some.stakes}
    assert lets_pass(evaluation, names(evaluation), **kind) == (not objections(evaluation, [own, HOUSE], **kind))
