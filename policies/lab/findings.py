"""What is wrong with a whole document, or worth a second look: names, kinds of values, and rules that do nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.engine.conditions import tree
from policies.engine.document.parse import Document
from policies.engine.evaluation.votes import applies_to
from policies.engine.values.currencies import CODES
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import DATA_CLASSES
from policies.lab import operands, reach, shapes
from policies.lab.action_types import TypeInfo

MAX_FINDINGS = 100
_SAYS_NOTHING = frozenset({"policy", "title", "about", "tests"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a document, with its path; with an error it cannot be saved or published."""

    path: str
    sentence: Said
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else str(self.sentence)


def of(
    document: Document, types: Sequence[TypeInfo] = (), vocabulary: Mapping[str, frozenset[str]] | None = None
) -> tuple[Finding, ...]:
    """Return what is found in a document that these action types use; errors come first."""
    found = [
        *_of_reach(document),
        *_of_schemas(document, types),
        *_of_plans(document),
        *_of_sections(document),
        *_of_types(document, types),
        *_of_operands(document, types, vocabulary or {}),
        *_of_tests(document, types),
    ]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda each: not each.is_error)[:MAX_FINDINGS])


def errors(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that keep a document from being saved or published."""
    return tuple(each for each in found if each.is_error)


def of_emptiness(document: Document) -> Iterator[Finding]:
    """Yield that a document decides nothing; one in force may be replaced by such a one on purpose."""
    body = json.loads(document.canonical) if document.canonical else {}
    if not any(value for name, value in body.items() if name not in _SAYS_NOTHING):
        yield Finding("", say("The policy has no rules and no tables, so it has no effect. Add at least one rule."))


def _of_reach(document: Document) -> Iterator[Finding]:
    for path, text in document.conditions():
        condition = tree.of(text)
        if not reach.can_match(condition):
            sentence = say(
                "This condition can never be true. Correct its thresholds or values, or remove the condition."
            )
            yield Finding(path, sentence)
        elif reach.always_matches(condition):
            sentence = say(
                "This condition is always true. Correct it, or replace it with true if that is what you intend."
            )
            yield Finding(path, sentence, is_error=False)
        for name in reach.loops_true_for_nothing(condition):
            template = message(
                "all() is also true if `{name}` is empty. To require at least one entry, add size({name}) > 0."
            )
            yield Finding(path, say(template, name=name), is_error=False)
    for index, stronger in reach.shadowed_by(document.rules):
        template = message(
            "The rule “{name}” covers everything that this rule covers, so this rule has no effect. Remove this "
            "rule, or make it stricter."
        )
        yield Finding(f"rules[{index}]", say(template, name=stronger.name), is_error=False)


def _of_schemas(document: Document, types: Sequence[TypeInfo]) -> Iterator[Finding]:
    """Say which conditions the schemas of all these types decide; what no schema is needed for is said elsewhere."""
    patterns = _patterns(document)
    for path, text in document.conditions():
        condition = tree.of(text)
        about = [each for each in types if applies_to(patterns.get(path, ("*",)), each.name)]
        if not about or not reach.can_match(condition) or reach.always_matches(condition):
            continue
        known = [reach.known_of(condition, each) for each in about]
        if not any(reach.can_match(condition, each) for each in known):
            sentence = say("No payload that the schema allows meets this condition. Correct or remove the condition.")
            yield Finding(path, sentence, is_error=False)
        elif all(reach.always_matches(condition, each) for each in known):
            sentence = say(
                "Every payload that the schema allows meets this condition. Correct the condition, or replace it "
                "with true."
            )
            yield Finding(path, sentence, is_error=False)


def _patterns(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The action types that the condition of each rule is about, by its path."""
    return {f"rules[{index}].when": rule.action_types for index, rule in enumerate(document.rules)}


def _of_plans(document: Document) -> Iterator[Finding]:
    used = {rule.plan for rule in document.rules}
    for name in document.plans:
        if name not in used:
            sentence = say("No rule uses this plan. Add the plan to a rule, or remove it.")
            yield Finding(f"plans.{name}", sentence, is_error=False)


def _of_sections(document: Document) -> Iterator[Finding]:
    for budget in document.budgets:
        if budget.count == 0:
            template = message(
                "This budget is always exceeded, because each action counts toward it. Set the count to 1 or more."
            )
            yield Finding(f"budgets.per_{budget.series}.count", say(template))
    for code in document.amounts.ladders if document.amounts else ():
        if code not in CODES:
            sentence = say(
                "{code} is not an ISO 4217 currency code, so no action uses this ladder. Correct the code.", code=code
            )
            yield Finding(f"amounts.ladders.{code}", sentence, is_error=False)
    for name in sorted(document.regulated - set(DATA_CLASSES)):
        near = shapes.nearest(name, DATA_CLASSES)
        if near:
            template = message("No data class is named “{name}”. Did you mean “{near}”?")
            yield Finding("regulated", say(template, name=name, near=near), is_error=False)


def _of_types(document: Document, types: Sequence[TypeInfo]) -> Iterator[Finding]:
    """Say which sections are about no action type that uses the policy."""
    if not types:
        return
    names = [about.name for about in types]
    sections = [(f"rules[{index}].action_types", rule.action_types) for index, rule in enumerate(document.rules)]
    sections += [("confidence.action_types", document.confidence.action_types)]
    sections += [("amounts.action_types", document.amounts.action_types)] if document.amounts else []
    table = document.reversibility
    sections += [("reversibility.action_types", table.action_types)] if table else []
    for path, patterns in sections:
        for pattern in patterns:
            if not any(applies_to((pattern,), name) for name in names):
                near = shapes.nearest(pattern, names)
                cure = (
                    say("Did you mean “{near}”?", near=near) if near else say("Use one of: {names}.", names=names[:20])
                )
                template = message("No action type that uses this policy is named “{name}”. {cure}")
                yield Finding(path, say(template, name=pattern, cure=cure), is_error=False)


def _of_operands(
    document: Document, types: Sequence[TypeInfo], vocabulary: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    patterns = _patterns(document)
    for path, text in document.conditions():
        about = [each for each in types if applies_to(patterns.get(path, ("*",)), each.name)]
        # Without a type, the inputs that all actions have are still checked.
        found = [tuple(operands.doubts(tree.of(text), each, vocabulary)) for each in about or [_ANY]]
        if document.is_house_wide and not all(found):
            # A global rule about one type's fields says nothing about the others.
            continue
        for doubt in (doubt for doubts in found for doubt in doubts):
            yield Finding(path, doubt.sentence, is_error=doubt.is_error)


def _of_tests(document: Document, types: Sequence[TypeInfo]) -> Iterator[Finding]:
    """Say which tests give a payload that intake would refuse; what they leave out is left to them."""
    known = {about.name: about for about in types}
    for index, test in enumerate(document.tests):
        about = known.get(test.given.action_type) or (types[0] if len(types) == 1 else None)
        for key, value in test.given.payload.items() if about else ():
            field = shapes.of(about.schema).member(key) if about else None
            if field is not None and field.kinds is not None and shapes.kind_of(value) not in field.kinds:
                template = message(
                    "`payload.{name}` is {kind} in this test, but the action type “{type}” expects {needed}."
                )
                needed = operands.kinds_in_words(field.kinds)
                kind = operands.kinds_in_words(frozenset({shapes.kind_of(value)}))
                said = {"name": key, "kind": kind, "type": about.name if about else "", "needed": needed}
                yield Finding(f"tests[{index}].given.payload.{key}", say(template, said))


_ANY = TypeInfo(name="any", lookups=None)
