"""The policies that the guides show are usable, and do what the guides say."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from hypothesis import assume, given
from hypothesis import strategies as st

from approvals.actors import Door, system
from approvals.models import Action, Desk, Membership
from approvals.services import routing
from approvals.services.execution import run
from approvals.states import Tier
from policies.engine.checks.find import find
from policies.engine.conditions import cel
from policies.engine.conditions.cel import Match
from policies.engine.document.parse import FIELDS, Document, parse
from policies.engine.document.sections import ROWS, SCORERS
from policies.engine.document.source_text import read
from policies.engine.document.writer import rewrite
from policies.engine.evaluation import run_tests
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.inputs.windows import SERIES
from policies.engine.values.money import MAX_DIGITS, digits
from policies.engine.values.vocabulary import FLAGS, Mode, Reversibility, Route, Stakes
from policies.lab import glossary
from policies.models import Version
from policies.queries.in_force import in_force_with_house
from tests import world
from tests.docs import pages
from tests.management.running import ROOT
from tests.policies.engine.given import facts

LANGUAGE, INPUTS, SCHEMAS = "policy-language.md", "policy-inputs.md", "payload-schemas.md"
TEN, TOTALS, APPROVALS, PUBLISH = (
    *("write-policy-rules.md", "limit-totals-over-time.md"),
    *("require-several-approvals.md", "publish-a-policy.md"),
)
WITH_CONDITIONS = (LANGUAGE, "lookups.md")
DIGITS = st.integers(1, 10**8)
SHOWN = pages.policies()
IN_THE_README = parse(pages.blocks("README.md", "yaml")[0])
DEMO = parse((ROOT / "approvals" / "demo" / "policies" / "invoices.yaml").read_text())


def ruled(amount: str, currency: str = "EUR") -> Route:
    """What the README's policy says of an invoice that is fine but for its amount."""
    worth = Decimal(amount) if currency == "EUR" else None
    facts = PolicyInput(
        action_type="invoice.post", payload={}, agent="reader", amount=Decimal(amount), currency=currency,
        amount_base=worth, domain="finance", external=False, data_classes=("financial",), mode=Mode.ON_THE_LOOP,
        reversibility=Reversibility.REVERSIBLE, stakes=Stakes.MEDIUM, score=10,
    )  # fmt: skip
    return evaluate([IN_THE_README], facts).outcome


class TestEveryPolicyShown:
    @pytest.mark.parametrize(
        ("name", "source"), SHOWN, ids=[f"{name}-{place}" for place, (name, _) in enumerate(SHOWN)]
    )
    def test_is_usable_and_passes_its_own_tests(self, name: str, source: str) -> None:
        assert run_tests.failures(parse(source)) == ()

    def test_is_on_every_page_that_has_one(self) -> None:
        assert {name for name, _ in SHOWN} >= {"README.md", LANGUAGE, TEN, TOTALS, APPROVALS}


class TestThePolicyInTheReadme:
    @pytest.mark.parametrize(
        ("amount", "currency", "outcome"),
        [
            ("88.10", "EUR", Route.AUTO),
            ("500.00", "EUR", Route.AUTO),
            ("717.97", "EUR", Route.REVIEW),
            ("5000.01", "EUR", Route.ESCALATE),
            ("-12.00", "EUR", Route.REVIEW),
            ("12.00", "XTS", Route.REVIEW),
        ],
    )
    def test_rules_as_it_reads(self, amount: str, currency: str, outcome: Route) -> None:
        assert ruled(amount, currency) is outcome

    def test_is_the_heart_of_the_demos(self) -> None:
        assert (IN_THE_README.name, IN_THE_README.amounts) == (DEMO.name, DEMO.amounts)
        assert IN_THE_README.confidence == DEMO.confidence
        assert set(IN_THE_README.rules) <= set(DEMO.rules)


class TestTheTenRules:
    def test_are_ten_each_with_a_test_in_which_it_alone_speaks(self) -> None:
        document = parse(pages.blocks(TEN, "yaml")[0])
        baseline, *tests = document.tests
        names = {rule.name for rule in document.rules}
        assert len(names) == len(tests) == 10
        assert not names & spoken(document, baseline.given)
        assert [names & spoken(document, test.given) for test in tests] == [set(test.rules) for test in tests]

    @pytest.mark.parametrize("rule", range(10))
    def test_let_it_run_when_taken_out(self, rule: int) -> None:
        source = pages.blocks(TEN, "yaml")[0]
        body: Any = read(source)
        taken = body["rules"].pop(rule)
        failing = " ".join(map(str, run_tests.failures(parse(rewrite(source, body)))))
        assert f"tests[{rule + 1}]" in failing, taken["name"]


def spoken(document: Document, given: PolicyInput) -> set[str]:
    """The rules that speak of some facts."""
    return {reason.rule for reason in evaluate([document], given).reasons}


class TestTheReference:
    def test_names_every_section(self) -> None:
        assert pages.first_cells(LANGUAGE, "Sections") == set(FIELDS)

    def test_names_the_rows_and_the_scorers(self) -> None:
        assert {*ROWS, *SCORERS} <= set(pages.spans(LANGUAGE))

    def test_names_the_anomalies(self) -> None:
        assert pages.first_cells(LANGUAGE, "Anomalies") == set(FLAGS)

    def test_names_every_series_that_is_counted(self) -> None:
        by, windows = (
            re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
            for table in pages.section(INPUTS, "Counters").split("| window |")
        )
        assert {f"{who}_{window}" for who in by for window in windows} == set(SERIES)

    @pytest.mark.parametrize("page", WITH_CONDITIONS)
    def test_shows_conditions_that_compile(self, page: str) -> None:
        conditions = [line for block in pages.blocks(page, "cel") for line in block.splitlines()]
        assert len([cel.compile(line) for line in conditions]) >= 2

    def test_says_how_numbers_compare(self) -> None:
        rows = re.findall(r"^\| `([^`]+)` \| (true|false|error) \|$", pages.section(LANGUAGE, "Numbers"), re.MULTILINE)
        about = facts(amount=Decimal("119.00"), payload={"quantity": 3})
        said = {"true": Match.YES, "false": Match.NO, "error": Match.ERROR}
        assert len(rows) > 10
        for condition, result in rows:
            assert cel.evaluate(cel.compile(condition), about).match is said[result], condition

    @given(DIGITS, st.integers(0, 6), st.sampled_from(["1e-9", "0.0001", "0.004", "0"]), st.booleans())
    def test_says_that_amounts_compare_exactly(self, whole: int, places: int, more: str, is_more: bool) -> None:
        bound = Decimal(whole).scaleb(-places)
        amount = bound + Decimal(more) * (1 if is_more else -1)
        # A credit note counts by its size.
        assume(amount > 0 and digits(amount) <= MAX_DIGITS)
        ladder = f'[{{up_to: "{bound:f}", outcome: auto}}, {{outcome: escalate}}]'
        document = parse(f"policy: a\ntitle: A\namounts: {{base: EUR, ladders: {{EUR: {ladder}}}}}")
        about = facts(amount=amount, amount_base=amount)
        is_above = amount > bound
        assert (evaluate([document], about).outcome is Route.ESCALATE) is is_above
        assert (cel.evaluate(cel.compile(f"amount > {bound:f}"), about).match is Match.YES) is is_above

    def test_tells_of_every_fact_and_function_what_the_editor_tells(self) -> None:
        told = pages.text_of(INPUTS)
        for word in glossary.FACTS:
            assert f"| `{word.name}` | {word.type} | {word.sentence} |" in told
        for word in glossary.FUNCTIONS:
            name, shown = (text.replace("|", "\\|") for text in (word.name, word.type))
            assert f"| `{name}` | `{shown}` | {word.sentence} |" in told

    def test_names_facts_that_conditions_know(self) -> None:
        names = [name for name in pages.first_cells(INPUTS, "Inputs") if "." not in name]
        assert len(names) > 15
        assert [cel.compile(f"{name} == {name}") for name in names]

    @pytest.mark.parametrize(
        ("expected", "wrong"),
        [
            ({"kind": "iban"}, "DE00"),
            ({"kind": "vat"}, "X1"),
            ({"kind": "email"}, "nobody"),
            ({"kind": "date", "not_future": True}, "2999-01-01"),
            ({"kind": "number", "min_length": 3, "pattern": "[0-9]"}, "F"),
            ({"kind": "reference"}, "0000"),
            ({"kind": "phone"}, "none"),
            ({"kind": "url"}, "javascript:go()"),
            ({"kind": "name", "person": True}, "R2D2"),
            ({"kind": "total", "of": ["/net", "/tax"]}, "3.00"),
        ],
        ids=lambda value: value["kind"] if isinstance(value, dict) else "",
    )
    def test_names_expectations_that_find_what_is_wrong(self, expected: dict[str, object], wrong: str) -> None:
        payload = {"value": wrong, "net": "1.00", "tax": "1.00"}
        schema = {"properties": {"value": {"x-expect": expected}}}
        assert find(PolicyInput(action_type="a.b", payload=payload, agent="a"), schema)
        assert f"kind: {expected['kind']}" in pages.section(SCHEMAS, "Expected values")

    def test_names_every_template(self) -> None:
        shipped = {path.stem for path in (ROOT / "policies" / "shipped").glob("*.yaml")}
        assert shipped <= set(pages.spans(PUBLISH))


class TestPublishing:
    @pytest.mark.django_db(transaction=True)
    def test_of_a_file_puts_it_in_force_as_the_page_says(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        author, senior = (world.person(name) for name in ("integrator", "senior"))
        Membership.objects.create(person=senior, desk=Desk.objects.get(slug="policies"), tier=Tier.SENIOR)
        source = pages.blocks(LANGUAGE, "yaml")[0]
        (tmp_path / "refunds.yaml").write_text(source)
        monkeypatch.chdir(tmp_path)
        commands = [line.split("#")[0].split()[2:] for line in pages.blocks(PUBLISH, "sh")[0].splitlines()]
        for words in commands[:2]:
            call_command(*words)
        author.groups.add(Group.objects.get(name="Policy authors"))
        client = Client()
        client.force_login(author)
        page = client.get(f"/admin/policies/version/{Version.objects.get().pk}/change/").content.decode()
        client.post(re.findall(r'formaction="([^"]+)">Request publication<', page)[0])
        asked = Action.objects.get(action_type__name="policy.publish")
        now = asked.created_at
        routing.route(actor=system(Door.CELERY), at=now, action_id=asked.pk)
        world.decide("approve", asked, senior, now)
        run.run_ready(actor=system(Door.CELERY), clock=lambda: now)
        call_command(*commands[2])
        assert [document.name for document in in_force_with_house("refunds")] == ["refunds"]
        assert (tmp_path / "policies-in-force" / "refunds.yaml").read_text() == source
