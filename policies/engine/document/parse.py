"""Policy documents as frozen values, parsed from text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from policies.engine.conditions import cel, tree
from policies.engine.document import plan_steps, section_readers
from policies.engine.document.embedded_tests import EmbeddedTest, embedded_tests
from policies.engine.document.plan_steps import Plan
from policies.engine.document.sections import (
    DEFAULT_TERMS,
    NO_BANDS,
    NO_SCORE_BANDS,
    Amounts,
    Budget,
    Confidence,
    Reversal,
    Rule,
    ScoreBands,
    Terms,
)
from policies.engine.document.source_text import SourceFault, read
from policies.engine.inputs import windows
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.canonical import canonical_bytes, digest
from policies.engine.values.said import say
from policies.engine.values.typed_reader import Fault, Node
from policies.engine.values.vocabulary import Route, Tier

HOUSE = "house"
FIELDS = (
    "policy",
    "title",
    "about",
    "rules",
    "plans",
    "confidence",
    "amounts",
    "budgets",
    "reversibility",
    "regulated",
    "score",
    "missing",
    "flags",
    "limits",
    "tiers",
    "undo",
    "weights",
    "tests",
)


class PolicyFault(ValueError):
    """An invalid document; `faults` holds each path with its sentence."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one policy; `digest` covers its content without the version number.

    The document named `house` is global and only ever makes evaluations stricter: where nothing in it matches, it
    has no opinion. `counts` names what has to be counted to judge by it: series, and `first_for_subject`.
    """

    name: str
    title: str
    about: str = ""
    rules: tuple[Rule, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    confidence: Confidence = NO_BANDS
    amounts: Amounts | None = None
    budgets: tuple[Budget, ...] = ()
    reversibility: Reversal | None = None
    regulated: frozenset[str] = frozenset()
    score: ScoreBands = NO_SCORE_BANDS
    missing: Route = Route.REVIEW
    flags: Route = Route.REVIEW
    ignored_flags: frozenset[str] = frozenset()
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    terms: Mapping[Tier, Terms] = field(default_factory=lambda: DEFAULT_TERMS)
    undo_after_person: int | None = None
    undo_after_policy: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    tests: tuple[EmbeddedTest, ...] = ()
    version: int = 0
    digest: str = ""
    canonical: bytes = field(default=b"", repr=False)
    counts: frozenset[str] = frozenset()

    @property
    def is_house_wide(self) -> bool:
        """Whether the document is the global policy, which applies to every action."""
        return self.name == HOUSE

    def conditions(self) -> Iterator[tuple[str, str]]:
        """Yield the path and text of every condition."""
        for index, rule in enumerate(self.rules):
            yield f"rules[{index}].when", rule.when
        yield from plan_steps.conditions(self.plans)

    def as_reference(self) -> dict[str, object]:
        """Return the name, version and digest that an evaluation refers to."""
        return {"name": self.name, "version": self.version, "digest": self.digest}


def parse(source: str, *, version: int = 0, samples: tuple[PolicyInput, ...] = ()) -> Document:
    """Parse a document from YAML or JSON text, and try it on an empty action, a typical one and the samples.

    :raises PolicyFault: the document is invalid; every fault has its path.
    """
    try:
        body = read(source)
    except SourceFault as error:
        raise PolicyFault((Fault("", str(error)),)) from error
    document = load(body, version=version)
    if faults := dry_run(document, (EMPTY, SAMPLE, *samples)):
        raise PolicyFault(faults)
    return document


def load(body: object, *, version: int = 0) -> Document:
    """Build a document from its plain JSON value.

    :raises PolicyFault: the document is invalid.
    """
    faults: list[Fault] = []
    document = _document(Node(body, "", faults), version)
    if faults:
        raise PolicyFault(tuple(faults))
    return document


def unreadable(name: str, version: int) -> Document:
    """Return what stands in for a document that cannot be read: a senior decides on everything that it is about."""
    says = say("The policy in force cannot be read, so a senior reviewer decides. Publish a new version of the policy.")
    rule = Rule("unreadable_policy", "true", Route.ESCALATE, says)
    return Document(name=name, title=name, rules=(rule,), version=version)


def dry_run(document: Document, samples: tuple[PolicyInput, ...]) -> tuple[Fault, ...]:
    """Try every condition on the samples; a missing value is not a fault."""
    faults: list[Fault] = []
    for path, text in document.conditions():
        faults += [Fault(path, sentence) for sentence in _pattern_faults(text)]
        for sample in samples:
            verdict = cel.evaluate(cel.compile(text), sample)
            fault = Fault(path, verdict.message)
            if verdict.match is cel.Match.ERROR and not verdict.is_absence and fault not in faults:
                faults.append(fault)
    return tuple(faults)


def _document(root: Node, version: int) -> Document:
    fields = root.fields(FIELDS, required=("policy", "title"))
    flags, ignored = section_readers.optional(fields, "flags", section_readers.flags, (Route.REVIEW, frozenset[str]()))
    after_person, after_policy = section_readers.optional(fields, "undo", section_readers.undo, (None, None))
    canonical = _canonical(root)
    rules: tuple[Rule, ...] = section_readers.optional(fields, "rules", section_readers.rules, ())
    terms: Mapping[Tier, Terms] = section_readers.optional(fields, "tiers", section_readers.terms, DEFAULT_TERMS)
    planned = section_readers.optional(fields, "plans", lambda node: plan_steps.plans(node, terms), {})
    if rules:
        plan_steps.check_names(fields["rules"], rules, planned)
    whens = [*(rule.when for rule in rules), *(text for _, text in plan_steps.conditions(planned))]
    budgets: tuple[Budget, ...] = section_readers.optional(fields, "budgets", section_readers.budgets, ())
    return Document(
        name=section_readers.optional(fields, "policy", _name, ""),
        title=section_readers.optional(fields, "title", Node.text, ""),
        about=section_readers.optional(fields, "about", Node.text, ""),
        rules=rules,
        plans=planned,
        confidence=section_readers.optional(fields, "confidence", section_readers.confidence, NO_BANDS),
        amounts=section_readers.optional(fields, "amounts", section_readers.amounts, None),
        budgets=budgets,
        reversibility=section_readers.optional(fields, "reversibility", section_readers.reversibility, None),
        regulated=section_readers.optional(fields, "regulated", _names, frozenset[str]()),
        score=section_readers.optional(fields, "score", section_readers.score, NO_SCORE_BANDS),
        missing=section_readers.optional(fields, "missing", section_readers.a_person, Route.REVIEW),
        flags=flags,
        ignored_flags=ignored,
        limits=section_readers.optional(fields, "limits", section_readers.limits, {}),
        terms=terms,
        undo_after_person=after_person,
        undo_after_policy=after_policy,
        weights=section_readers.optional(fields, "weights", section_readers.weights, {}),
        tests=section_readers.optional(fields, "tests", embedded_tests, ()),
        version=version,
        digest=digest(root.value) if canonical else "",
        canonical=canonical,
        counts=frozenset((*windows.used(whens), *(budget.series for budget in budgets))),
    )


def _canonical(root: Node) -> bytes:
    try:
        return canonical_bytes(root.value)
    except ValueError as error:
        root.fault(str(error))
        return b""


def _name(node: Node) -> str:
    name = node.slug()
    if len(name) > 64 or "." in name:
        node.fault("Invalid policy name. Use at most 64 characters and no dots.")
    return name


def _names(node: Node) -> frozenset[str]:
    return frozenset(map(Node.slug, node.items()))


def _pattern_faults(text: str) -> Iterator[str]:
    """Yield why a pattern in a condition is invalid; the engine says so only when it is used."""
    for each in tree.walk(tree.of(text)):
        if isinstance(each, tree.Call) and each.function == "matches" and isinstance(each.operands[-1], tree.Const):
            verdict = cel.evaluate(
                cel.compile(f"subject.matches({json.dumps(each.operands[-1].value)})"), _ABOUT_NOTHING
            )
            if verdict.match is cel.Match.ERROR:
                yield verdict.message


_ABOUT_NOTHING = PolicyInput(action_type="sample.action", payload={}, agent="sample-agent", subject="nothing")

EMPTY = PolicyInput(action_type="sample.action", payload={}, agent="sample-agent")
"""An action without any known values."""

SAMPLE = PolicyInput(
    action_type="sample.action",
    payload={},
    agent="sample-agent",
    amount=Decimal("120.00"),
    currency="EUR",
    amount_base=Decimal("120.00"),
    confidence=0.9,
    on_behalf_of="someone",
    subject="a subject",
    client="a-client",
    data_classes=("internal",),
    score=20,
)
"""An action with typical values; what its payload holds is up to its type."""
