"""What a policy says is checked when it is written: names, kinds of values, and rules that do nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.conditions.cel import ConditionFault, Match, compile, evaluate
from policies.engine.document.parse import Document, parse
from policies.lab import findings
from policies.lab.action_types import TypeInfo
from policies.queries import templates
from tests.policies.engine.given import facts

FIELDS = {
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "words": {"type": "string"},
    "truth": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}},
                                         "required": ["price"]}},
    "place": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "status": {"enum": ["open", "closed"]},
}  # fmt: skip
VALUES = {
    "number": 2.5, "whole": 3, "words": "some words", "truth": True, "texts": ["a"], "lines": [{"price": 1.5}],
    "place": {"city": "Bern"}, "status": "open",
}  # fmt: skip
INVOICE = TypeInfo(
    name="invoice.post",
    schema={"type": "object", "properties": FIELDS, "required": list(FIELDS)},
    lookups=("budget",),
    never_known=frozenset({"confidence"}),
)
# How each field may be used, and with which kinds of values.
USES = (
    "{path} > {value}",
    "{path} == {value}",
    "{value} == {path}",
    "{path} + {value} == {value}",
    "{path} in [{value}]",
)
LITERALS = {"number": ("2", "2.0", "0.5"), "words": ("'2'", "'some'"), "truth": ("true", "false")}
KIND = {"number": "number", "whole": "number", "words": "words", "truth": "truth", "status": "words"}


def policy(*rules: str, more: str = "") -> Document:
    items = "".join(f'  - {{name: r{n}, when: "{when}", outcome: review, says: s}}\n' for n, when in enumerate(rules))
    return parse(f"policy: sample\ntitle: A sample\nrules:\n{items}{more}")


def said(*rules: str, about: TypeInfo = INVOICE, more: str = "") -> list[str]:
    return [str(found) for found in findings.of(policy(*rules, more=more), [about])]


def errors(when: str, about: TypeInfo = INVOICE) -> list[str]:
    return [str(each) for each in findings.errors(findings.of(policy(when), [about]))]


class TestKinds:
    @given(st.sampled_from(sorted(VALUES)), st.sampled_from(USES), st.sampled_from(sorted(LITERALS)), st.data())
    def test_what_passes_never_fails_on_a_payload_of_the_type(
        self, name: str, use: str, kind: str, data: st.DataObject
    ) -> None:
        when = use.format(path=f"payload.{name}", value=data.draw(st.sampled_from(LITERALS[kind])))
        try:
            outcome = evaluate(compile(when), facts(payload=VALUES)).match
        except ConditionFault:
            return
        if outcome is Match.ERROR:
            assert errors(when), when
        elif KIND.get(name) != kind:
            # A comparison of two kinds is never equal, which nobody means.
            assert errors(when), when
        elif name != "status":
            assert not errors(when), when

    @pytest.mark.parametrize(
        ("when", "sentence"),
        [
            ("payload.words > 2000", "`payload.words` is text, but the rule compares it with a number. Write `double("),
            ("payload.words == 2000", "`payload.words` is text"),
            ("payload.number == '5'", "Write the number without quotes"),
            ("payload.wrods == 'a'", "has no field `payload.wrods`. Did you mean `words`?"),
            ("payload.status == 'opne'", "`payload.status` is never 'opne'. Did you mean 'open'?"),
            ("payload.status in ['open', 'shut']", "`payload.status` is never 'shut'. Use one of: open, closed."),
            ("payload.place.ctiy == 'Bern'", "Did you mean `city`?"),
            ("payload.words.city == 'Bern'", "`payload.words` is text, so it has no part `city`"),
            ("payload.lines.exists(line, line.price > '3')", "`line.price` is a number"),
            ("payload.lines.exists(line, line.prise > 3)", "Did you mean `price`?"),
            ("3 in payload.texts", "is a number, but the list contains text"),
            ("payload.words && true", "`&&` needs true or false, but `payload.words` is text"),
            ("payload.words", "returns dyn"),
            ("payload.number.startsWith('a')", "`startsWith` needs text, but `payload.number` is a number"),
            ("payload.words.exists(x, true)", "`payload.words` is text, not a list"),
            ("size(payload.number) > 1", "but `payload.number` is a number"),
            ("fetched.budgte > 3", "has no field `fetched.budgte`. Did you mean `budget`?"),
            ("history.same_numbr > 0", "Did you mean `same_number`?"),
            ("domain == 'finanz'", "`domain` is never 'finanz'. Did you mean 'finance'?"),
            ("'seen_befor' in flags", "Did you mean 'seen_before'?"),
            ("data_classes.exists(name, name == 'persnal')", "Did you mean 'personal'?"),
            ("'amuont' in known && amount > 5", "Did you mean 'amount'?"),
            ("currency == 'eur'", "`currency` is never 'eur'. Did you mean 'EUR'?"),
            ("currency in ['EUR', 'Euro']", "`currency` is never 'Euro'. Use a three-letter code"),
            ("'number' in missing", "`missing` lists pointers, so it never has 'number'. Write '/number'."),
            ("'/numbr' in missing", "has no field '/numbr'. Did you mean '/number'?"),
            ("'words' in unusual.fields", "`unusual.fields` lists pointers"),
            ("'/wrods' in unusual.fields", "Did you mean '/words'?"),
            ("confidence < 0.5", "Actions of the type invoice.post never have `confidence`"),
        ],
    )
    def test_a_wrong_name_or_kind_is_refused_with_its_cure(self, when: str, sentence: str) -> None:
        try:
            found = errors(when)
        except ValueError as refusal:
            found = [str(refusal)]
        assert any(sentence in each for each in found), found

    @given(st.sampled_from(sorted(FIELDS)), st.data())
    def test_every_misspelled_field_is_named_with_the_nearest(self, name: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(name) - 2))
        wrong = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        if wrong not in FIELDS:
            assert any(f"Did you mean `{name}`?" in each for each in errors(f"has(payload.{wrong})"))

    @pytest.mark.parametrize(
        "when", ["currency == 'EUR'", "currency == ''", "'/place/city' in missing", "'/lines' in unusual.fields"]
    )
    def test_a_currency_and_a_pointer_that_exist_are_fine(self, when: str) -> None:
        assert not said(when)

    def test_a_currency_that_is_on_no_list_is_doubted(self) -> None:
        assert said("currency == 'EUX'") == [
            "rules[0].when: EUX is not an ISO 4217 currency code. Use a code such as EUR."
        ]
        ladder = "amounts: {base: EUR, ladders: {EUX: [{outcome: review}]}}\n"
        assert any(
            each.startswith("amounts.ladders.EUX: EUX is not an ISO 4217 currency code")
            for each in said("amount > 5", more=ladder)
        )

    def test_a_text_that_is_read_as_a_number_is_fine(self) -> None:
        assert not said("double(payload.words) > 2000")

    @pytest.mark.parametrize("name", sorted(FIELDS))
    def test_what_may_be_absent_wants_a_guard(self, name: str) -> None:
        optional = TypeInfo(name="invoice.post", schema={"properties": FIELDS})
        assert any("Check `has(payload." in each for each in said(f"payload.{name} != null", about=optional))
        guarded = said(f"has(payload.{name}) && payload.{name} != null", about=optional)
        assert not any("Check `has(" in each for each in guarded)

    def test_each_type_that_uses_the_policy_is_asked(self) -> None:
        other = TypeInfo(name="order.place", schema={"properties": {"number": {"type": "string"}}})
        found = findings.of(policy("payload.number > 5"), [INVOICE, other])
        assert any("order.place" in str(each) or "is text" in str(each) for each in findings.errors(found))

    def test_a_test_with_another_kind_of_value_than_the_type_takes_is_refused(self) -> None:
        more = (
            "tests: [{name: a, given: {action_type: invoice.post, payload: {words: 2500}}, expect: {outcome: review}}]"
        )
        found = said("payload.words == 'a'", more=more)
        assert "tests[0].given.payload.words: `payload.words` is a number in this test" in " ".join(found)


class TestReach:
    @given(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from(["amount", "payload.number"]))
    def test_thresholds_that_contradict_each_other_are_found(self, low: int, high: int, path: str) -> None:
        found = errors(f"{path} > {low} && {path} < {high}.0")
        assert any("can never be true" in each for each in found) is (low >= high)

    @pytest.mark.parametrize(
        "when",
        [
            *("score > 100", "1 > 2", "external && !external", "currency == 'EUR' && currency == 'USD'", "false"),
            *("recent.agent_day.count < 1", "size(flags) < 0", "confidence > 1.0", "[].exists(x, true)"),
            *("currency in ['EUR'] && currency != 'EUR'", "!(amount > 5) && amount > 5", "3 == 4.0"),
        ],
    )
    def test_what_can_never_be_true_is_refused(self, when: str) -> None:
        assert any("can never be true" in each for each in errors(when))

    @pytest.mark.parametrize(
        "when", ["amount > 5 || amount <= 5", "1 == 1.0", "score >= 0", "recent.type_day.count > 0", "[].all(x, false)"]
    )
    def test_what_is_always_true_is_said(self, when: str) -> None:
        assert any("is always true" in each for each in said(when))

    def test_a_rule_may_be_about_everything(self) -> None:
        assert not said("true")

    def test_all_over_no_lines_is_said_unless_the_lines_are_counted(self) -> None:
        assert any(
            "all() is also true if `payload.texts` is empty" in e for e in said("payload.texts.all(t, t != 'x')")
        )
        assert not said("size(payload.texts) > 0 && payload.texts.all(t, t != 'x')")

    @given(st.integers(0, 99), st.integers(0, 99))
    def test_a_rule_that_another_covers_is_said(self, one: int, other: int) -> None:
        found = " ".join(said(f"score > {one}", f"score > {other} && external"))
        assert ("rules[1]: The rule “r0” covers everything" in found) is (other >= one)

    def test_of_two_rules_that_say_the_same_the_later_is_superfluous(self) -> None:
        found = [each for each in said("score > 40", "score > 40.0") if "covers" in each]
        assert [each.partition(":")[0] for each in found] == ["rules[1]"]

    def test_an_empty_policy_decides_nothing(self) -> None:
        (found,) = findings.of_emptiness(parse("policy: a\ntitle: b\nrules: []"))
        assert found.is_error
        assert "so it has no effect" in str(found)

    @pytest.mark.parametrize("name", templates.names())
    def test_what_is_shipped_has_no_findings(self, name: str) -> None:
        assert not findings.of(templates.document(name))
