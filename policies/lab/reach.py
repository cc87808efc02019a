"""Which conditions can never match, which always do, and which rules another rule makes superfluous.

A condition is read as alternatives of atoms that must all hold. Only what is decidable is said: numbers and texts that
are compared with literals, and the same expression with its opposite. Everything else is opaque.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from policies.engine.conditions import tree
from policies.engine.conditions.tree import Call, Const, Expression, ListOf, Loop, Path
from policies.engine.document.sections import Rule
from policies.engine.values.vocabulary import Route
from policies.lab import ranges
from policies.lab.action_types import TypeInfo
from policies.lab.ranges import Range

MAX_CLAUSES = 64
_OPPOSITE = {"_<_": "_>=_", "_>=_": "_<_", "_>_": "_<=_", "_<=_": "_>_", "_==_": "_!=_", "_!=_": "_==_"}
_TURNED = {"_<_": "_>_", "_>_": "_<_", "_<=_": "_>=_", "_>=_": "_<=_", "_==_": "_==_", "_!=_": "_!=_"}
# The ranges that inputs have; counts include the current action.
_RANGES = {"score": Range(0, 100, is_whole=True), "confidence": Range(0, 1)}


@dataclass(frozen=True, slots=True)
class Atom:
    """A comparison of a value with a literal, or an expression that is true or false."""

    subject: str
    sign: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Known:
    """What an action type's schema says of a condition: the range of each value, and the atoms that are always true."""

    ranges: Mapping[str, Range] = field(default_factory=dict)
    certain: frozenset[str] = frozenset()


NOTHING = Known()
Clause = frozenset[Atom]
_TRUE, _FALSE = Atom("", "true"), Atom("", "false")


def known_of(condition: Expression, about: TypeInfo) -> Known:
    """Return what the schema of an action type says of a condition's values."""
    found = {_subject(value): reached for value, reached in ranges.of(condition, about)}
    return Known(found, frozenset(map(repr, ranges.always_there(condition, about))))


def can_match(condition: Expression, known: Known = NOTHING) -> bool:
    """Return whether the condition can be true for some action."""
    return any(_is_possible(clause, known) for clause in _clauses(condition, is_true=True))


def always_matches(condition: Expression, known: Known = NOTHING) -> bool:
    """Return whether the condition is true for every action; a literal true says so openly and does not count."""
    if condition == Const(True):
        return False
    return not any(_is_possible(clause, known) for clause in _clauses(condition, is_true=False))


def loops_true_for_nothing(condition: Expression) -> Iterator[str]:
    """Yield the lists whose `all()` also holds if they are empty, without a check of their size beside it."""
    everything = tuple(tree.walk(condition))
    sized = {
        each.operands[0]
        for each in everything
        if isinstance(each, Call) and each.function == "size" and len(each.operands) == 1
    }
    sized |= {each.over for each in everything if isinstance(each, Loop) and each.kind in ("exists", "exists_one")}
    for each in everything:
        if isinstance(each, Loop) and each.kind == "all" and each.over not in sized:
            yield each.over.name if isinstance(each.over, Path) else "the list"


def shadowed_by(rules: tuple[Rule, ...]) -> Iterator[tuple[int, Rule]]:
    """Yield the index of each rule that changes nothing, and the rule that makes it superfluous."""
    clauses = [_clauses(tree.of(rule.when), is_true=True) for rule in rules]
    for index, rule in enumerate(rules):
        for other, stronger in enumerate(rules):
            if other == index or not _asks_as_much(stronger, rule) or not _covers(clauses[other], clauses[index]):
                continue
            # Of two that say the same, the later one is superfluous.
            if other < index or not (_asks_as_much(rule, stronger) and _covers(clauses[index], clauses[other])):
                yield index, stronger
                break


def _asks_as_much(rule: Rule, other: Rule) -> bool:
    """Return whether a rule applies wherever another does, and demands at least as much."""
    if not all("*" in rule.action_types or name in rule.action_types for name in other.action_types):
        return False
    if rule.outcome.rank < other.outcome.rank or (other.plan and other.plan != rule.plan):
        return False
    if other.outcome is Route.BLOCK and other.do_not_retry and not rule.do_not_retry:
        return False
    is_senior = rule.outcome is Route.ESCALATE or other.tier is None or other.tier == rule.tier
    has_all = set(other.reason_codes) <= set(rule.reason_codes)
    return is_senior and has_all and (rule.requires_rationale or not other.requires_rationale)


def _covers(wide: list[Clause], narrow: list[Clause]) -> bool:
    """Return whether one condition holds wherever another does; an error counts as holding in both."""
    possible = [clause for clause in narrow if _is_possible(clause)]
    return bool(possible) and all(any(_implies(clause, other) for other in wide) for clause in possible)


def _implies(clause: Clause, other: Clause) -> bool:
    return all(atom in clause or atom == _TRUE or _is_implied(clause, atom) for atom in other)


def _is_implied(clause: Clause, atom: Atom) -> bool:
    if atom.sign not in _OPPOSITE:
        return False
    return not _is_possible(clause | {replace(atom, sign=_OPPOSITE[atom.sign])})


def _clauses(condition: Expression, *, is_true: bool) -> list[Clause]:
    """Return the alternatives under which a condition is true, or false."""
    if isinstance(condition, Call) and condition.function == "!_":
        return _clauses(condition.operands[0], is_true=not is_true)
    if isinstance(condition, Call) and condition.function in ("_&&_", "_||_"):
        left, right = (_clauses(operand, is_true=is_true) for operand in condition.operands)
        if (condition.function == "_&&_") is is_true:
            found = [one | other for one in left for other in right]
        else:
            found = [*left, *right]
        # Too many to look at: nothing is said.
        return found if len(found) <= MAX_CLAUSES else [frozenset()]
    return _atoms(condition, is_true=is_true)


def _atoms(condition: Expression, *, is_true: bool) -> list[Clause]:
    if isinstance(condition, Const) and isinstance(condition.value, bool):
        return [frozenset({_TRUE if condition.value is is_true else _FALSE})]
    if isinstance(condition, Loop) and condition.over == ListOf(()):
        return [frozenset({_TRUE if (condition.kind == "all") is is_true else _FALSE})]
    if isinstance(condition, Call) and condition.function in _OPPOSITE:
        return [frozenset({_compared(condition, is_true=is_true)})]
    if isinstance(condition, Call) and condition.function == "@in" and isinstance(condition.operands[1], ListOf):
        return _listed(condition.operands[0], condition.operands[1], is_true=is_true)
    return [frozenset({Atom(repr(condition), "is" if is_true else "is not")})]


def _compared(condition: Call, *, is_true: bool) -> Atom:
    left, right = condition.operands
    sign = condition.function if is_true else _OPPOSITE[condition.function]
    if isinstance(left, Const) and isinstance(right, Const):
        return _TRUE if _holds(left.value, sign, right.value) else _FALSE
    if isinstance(left, Const):
        left, right, sign = right, left, _TURNED[sign]
    if isinstance(right, Const):
        return Atom(_subject(left), sign, right.value)
    if left == right:
        return _TRUE if sign in ("_==_", "_<=_", "_>=_") else _FALSE
    return Atom(f"{left!r} {right!r}", sign, None)


def _listed(value: Expression, items: ListOf, *, is_true: bool) -> list[Clause]:
    consts = [item for item in items.items if isinstance(item, Const)]
    if len(consts) < len(items.items):
        return [frozenset({Atom(repr((value, items)), "is" if is_true else "is not")})]
    if not is_true:
        return [frozenset(Atom(_subject(value), "_!=_", item.value) for item in consts)]
    return [frozenset({Atom(_subject(value), "_==_", item.value)}) for item in consts] or [frozenset({_FALSE})]


def _subject(value: Expression) -> str:
    if isinstance(value, Path):
        return value.name
    return f"size {value.operands[0]!r}" if isinstance(value, Call) and value.function == "size" else repr(value)


def _is_possible(clause: Clause, known: Known = NOTHING) -> bool:
    if _FALSE in clause:
        return False
    subjects = {atom.subject for atom in clause}
    return all(_can_be([atom for atom in clause if atom.subject == subject], subject, known) for subject in subjects)


def _can_be(atoms: list[Atom], subject: str, known: Known) -> bool:
    signs = {atom.sign for atom in atoms}
    if {"is", "is not"} <= signs or ("is not" in signs and subject in known.certain):
        return False
    if any(atom.value is None for atom in atoms):
        return not any(_OPPOSITE.get(atom.sign) == other.sign and atom.value == other.value
                       for atom in atoms for other in atoms)  # fmt: skip
    reached = known.ranges.get(subject) or _range(subject)
    equal = [atom.value for atom in atoms if atom.sign == "_==_"]
    if equal:
        is_in_range = not _is_number(equal[0]) or reached.has(float(equal[0]))
        return is_in_range and all(_holds(equal[0], atom.sign, atom.value) for atom in atoms)
    bounds = [(atom.sign, float(atom.value)) for atom in atoms if _is_number(atom.value)]
    return _has_room(bounds, reached) and _has_words(atoms)


def _has_room(bounds: list[tuple[str, float]], reached: Range) -> bool:
    """Return whether some number of the range fulfils all bounds, each a sign and a number."""
    for sign, value in bounds:
        if sign in ("_>_", "_>=_"):
            reached = reached.above(value, is_open=sign == "_>_")
        elif sign in ("_<_", "_<=_"):
            reached = reached.below(value, is_open=sign == "_<_")
    return reached.has_room([value for sign, value in bounds if sign == "_!=_"])


def _has_words(atoms: list[Atom]) -> bool:
    above = [atom.value for atom in atoms if atom.sign in ("_>_", "_>=_") and isinstance(atom.value, str)]
    below = [atom.value for atom in atoms if atom.sign in ("_<_", "_<=_") and isinstance(atom.value, str)]
    return not above or not below or max(above) <= min(below)


def _range(subject: str) -> Range:
    if subject.startswith("size "):
        return Range(0, is_whole=True)
    if subject.startswith("recent."):
        return Range(0) if subject.endswith(".sum") else Range(1, is_whole=True)
    return _RANGES.get(subject, Range())


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _holds(left: object, sign: str, right: object) -> bool:
    if sign in ("_==_", "_!=_"):
        is_same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return is_same is (sign == "_==_")
    if (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str)):
        found: dict[str, bool] = {
            "_<_": left < right, "_<=_": left <= right, "_>_": left > right, "_>=_": left >= right,  # type: ignore[operator]
        }  # fmt: skip
        return found[sign]
    return True
