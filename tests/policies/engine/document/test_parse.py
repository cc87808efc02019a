"""Policy documents: what can be read, and how clearly the rest is refused."""

import pytest

from policies.engine.document.parse import SAMPLE, PolicyFault, dry_run, load, parse
from policies.engine.document.sections import DEFAULT_TERMS
from policies.engine.values.vocabulary import OnTimeout, Route, Tier
from tests.policies.engine.given import RUNS, document, facts, rule, rules

HEAD = "policy: sample\ntitle: A sample\n"


def faults(source: str) -> str:
    with pytest.raises(PolicyFault) as caught:
        parse(source)
    return "\n".join(map(str, caught.value.faults))


class TestParse:
    def test_reads_yaml_and_json_alike(self) -> None:
        as_json = '{"policy": "sample", "title": "A sample", "rules": []}'
        assert parse(HEAD + "rules: []").digest == parse(as_json).digest

    def test_gives_a_digest_that_ignores_comments_order_and_version(self) -> None:
        assert parse(HEAD, version=1).digest == parse("# why\ntitle: A sample\npolicy: sample", version=2).digest
        assert parse(HEAD).digest != parse(HEAD + "missing: escalate").digest

    def test_takes_no_date_and_no_yes_for_anything_but_text(self) -> None:
        assert "Expected true or false" in faults(
            HEAD + "rules: [{name: a, when: 'true', outcome: auto, says: b, requires_rationale: yes}]"
        )
        assert parse("policy: sample\ntitle: 2026-01-01").title == "2026-01-01"

    def test_reads_what_each_tier_may_take(self) -> None:
        terms = document("tiers: {senior: {who: 'desk:treasury', quorum: 2, due: 90m, on_timeout: escalate}}").terms
        assert terms[Tier.SENIOR].quorum == 2
        assert terms[Tier.SENIOR].due_seconds == 5400
        assert terms[Tier.SENIOR].on_timeout is OnTimeout.ESCALATE
        assert terms[Tier.JUNIOR] == DEFAULT_TERMS[Tier.JUNIOR]

    @pytest.mark.parametrize(
        ("source", "sentence"),
        [
            ("policy: &a sample\ntitle: *a", "Line 1, column 9: anchors and aliases are not allowed"),
            ("policy: sample\npolicy: other", "Line 2, column 1: The key 'policy' is duplicated"),
            ('{"policy": "a", "policy": "b"}', "The key 'policy' is duplicated"),
            ("policy: !!python/name:os.system sample", "tags are not allowed"),
            ("[" * 5000, "nested deeper than 12 levels"),
            ('{"a":' * 5000, "nested deeper than 12 levels"),
            ("a: " + "b" * 70_000, "larger than 64 KiB"),
            ("a: b: c", "Line 1, column 5: mapping values are not allowed here"),
            ("a: " + "9" * 5000, "an invalid number"),
            ('{"policy": NaN}', "NaN is not allowed"),
            ("1: x", "The key '1' is not text"),
            ("a: \x07", "a character that YAML does not allow"),
            ("--- {policy: a}\n--- {policy: b}", "found another document"),
            ("- policy", "Expected fields with values"),
            ("", "Expected fields with values"),
        ],
    )
    def test_says_what_is_wrong_with_a_text(self, source: str, sentence: str) -> None:
        assert sentence.casefold() in faults(source).casefold()

    @pytest.mark.parametrize(
        ("section", "sentence"),
        [
            ("rulez: []", "rulez: Unknown field. Use one of: policy, title"),
            ("rules: 5", "rules: Expected a list"),
            ("rules: [{name: a, when: 'amount > 5', outcome: auto, says: b}]", "rules[0].when: Line 1, column 8"),
            (
                "rules: [{name: a, when: 'true', outcome: maybe, says: b}]",
                "rules[0].outcome: 'maybe' is not allowed here",
            ),
            ("rules: [{name: A b, when: 'true', outcome: auto, says: b}]", "rules[0].name: Invalid name"),
            ("rules: [{name: a, outcome: auto, says: b}]", "rules[0]: The field when is missing"),
            (
                "rules: [{name: a, when: 'true', outcome: escalate, tier: junior, says: b}]",
                "rules[0].tier: The outcome escalate always uses the senior tier",
            ),
            (
                "rules: [{name: a, when: 'true', outcome: auto, tier: senior, says: b}]",
                "A tier has no effect with the outcome auto",
            ),
            (
                "rules: [{name: a, when: 'true', outcome: auto, says: b, action_types: []}]",
                "The list of action types is empty",
            ),
            ("rules: [{name: a, when: 'true', outcome: auto, says: b, action_types: [A.b]}]", "Invalid action type"),
            ("confidence: {bands: [{at_least: 0.5, outcome: auto}]}", "The last band must start at 0"),
            (
                "confidence: {bands: [{at_least: 0.5, outcome: review}, {at_least: 0, outcome: auto}]}",
                "Lower confidence must not have a less strict outcome",
            ),
            (
                "confidence: {bands: [{at_least: 0.1, outcome: auto}, {at_least: 0.5, outcome: review}]}",
                "The bands are not in order",
            ),
            ("confidence: {absent: auto}", "confidence.absent: 'auto' is not allowed"),
            (
                "amounts: {base: EUR, ladders: {EUR: [{up_to: '5', outcome: auto}]}}",
                "Every step except the last needs up_to",
            ),
            (
                "amounts: {base: EUR, ladders: {EUR: [{up_to: 5, outcome: review}, {outcome: auto}]}}",
                "A higher amount must not have a less strict outcome",
            ),
            ("amounts: {base: EUR, ladders: {euro: [{outcome: review}]}}", "amounts.ladders.euro: Invalid currency"),
            (
                "amounts: {base: EUR, ladders: {EUR: [{up_to: -5, outcome: auto}, {outcome: review}]}}",
                "Expected an amount",
            ),
            ("amounts: {base: EUR, ladders: {}}", "There is no ladder"),
            ("reversibility: {irreversible_high: auto}", "'auto' is not allowed here"),
            ("reversibility: {regulated_data: auto}", "'auto' is not allowed here"),
            ("reversibility: {ambiguous_intent: {outcome: auto, below: 0.5}}", "'auto' is not allowed here"),
            ("reversibility: {reversible_medium: {outcome: review, beyond: auto}}", "is less strict than"),
            ("score: {review: 60, escalate: 30}", "must rise from review"),
            ("missing: auto", "'auto' is not allowed here"),
            ("flags: {outcome: auto}", "'auto' is not allowed here"),
            ("flags: {ignore: [bad_luck]}", "'bad_luck' is not a known anomaly"),
            ("limits: {hr: '5'}", "limits.hr: Unknown field"),
            ("tiers: {junior: {due: soon}}", "tiers.junior.due: Expected a duration"),
            ("tiers: {junior: {due: 5s}}", "This is too short"),
            ("tiers: {junior: {on_timeout: approve}}", "'approve' is not allowed here"),
            ("tiers: {junior: {quorum: 0}}", "Expected a whole number from 1 to 9"),
            ("tiers: {junior: {who: somebody}}", "Unknown assignee"),
            ("weights: {luck: 5}", "weights.luck: Unknown field"),
        ],
    )
    def test_says_what_is_wrong_with_a_section(self, section: str, sentence: str) -> None:
        assert sentence in faults(HEAD + section)

    def test_names_every_fault_at_once(self) -> None:
        assert len(faults("policy: A\nextra: 1\nscore: {review: high}").splitlines()) == 4

    def test_refuses_two_rules_of_one_name(self) -> None:
        assert "'a' is used twice" in faults(HEAD + "rules:\n" + rule("a", "auto") + "\n" + rule("a", "block"))

    def test_tries_each_condition_and_tells_what_would_always_fail(self) -> None:
        assert "invalid regular expression" in faults(
            HEAD + "rules:\n" + rule("a", "auto", "payload.note.matches('(')")
        )
        assert rules(rule("a", "auto", "payload.absent == 1")).rules[0].outcome is Route.AUTO

    def test_keeps_a_name_that_fits_the_catalog(self) -> None:
        assert "at most 64 characters" in faults(f"policy: {'a' * 65}\ntitle: b")


class TestLoad:
    def test_builds_the_same_document_from_its_canonical_form(self) -> None:
        body = {
            "policy": "sample",
            "title": "A sample",
            "confidence": {"bands": [{"at_least": 0.0, "outcome": "auto"}]},
        }
        assert load(body, version=3).digest == load({**body}, version=4).digest

    def test_refuses_numbers_that_no_digest_can_hold(self) -> None:
        with pytest.raises(PolicyFault, match="no canonical JSON form"):
            load({"policy": "sample", "title": "A sample", "score": {"review": 2**60}})


class TestDryRun:
    def test_says_nothing_of_values_that_are_merely_absent(self) -> None:
        assert (
            dry_run(rules(rule("a", "auto", "payload.absent == 1 && amount > 1.0")), (SAMPLE, facts(amount=None))) == ()
        )

    def test_finds_a_condition_that_breaks_on_a_sample(self) -> None:
        sample = facts(payload={"count": "three"})
        assert (
            "no matching overload" in str(dry_run(rules(rule("a", "auto", "payload.count > 1")), (sample,))).casefold()
        )


class TestDocument:
    def test_named_house_is_house_wide_and_no_other(self) -> None:
        assert (document("", "house").is_house_wide, RUNS.is_house_wide) == (True, False)

    def test_cites_itself_by_name_version_and_digest(self) -> None:
        assert RUNS.as_reference() == {"name": "sample", "version": 1, "digest": RUNS.digest}
