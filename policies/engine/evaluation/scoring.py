"""The risk score of an action: points with reasons, and the anomalies in its payload.

A scorer is a function of (facts, schema) that returns a `Finding`. Points are never negative, so a scorer can only make
the route stricter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policies.engine.checks.find import find
from policies.engine.checks.flag import Flag
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import said, schemas
from policies.engine.values.money import as_written, figure
from policies.engine.values.said import message, say
from policies.engine.values.vocabulary import DATA_CLASSES, FLAGS, NON_NEGOTIABLE, REGULATED, Mode

HIGHEST = 100
_STAKES = {"low": 0, "medium": 10, "high": 25}
_STAKES_SAID = {"low": message("low stakes"), "medium": message("medium stakes"), "high": message("high stakes")}
_AMOUNTS = ((100_000, 30), (50_000, 25), (10_000, 20), (5_000, 15), (1_000, 10), (250, 5))
_CONFIDENCES = ((0.95, 0), (0.9, 3), (0.8, 8), (0.6, 15), (0.0, 30))
_FLAG_POINTS = {
    "malformed_iban": 35,
    "seen_before": 35,
    "look_alike_subject": 35,
    "malformed_email": 10,
    "malformed_date": 15,
    "quote_not_found": 35,
}
_USUAL_FLAG_POINTS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """The points of one scorer, and the sentence that explains them."""

    name: str
    points: int
    sentence: str
    said: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one scorer: points, a sentence, and any anomalies."""

    points: int
    sentence: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A score from 0 to 100 with its parts and all anomalies."""

    score: int
    parts: tuple[Part, ...]
    flags: tuple[Flag, ...]


Scorer = Callable[[PolicyInput, Mapping[str, object]], Finding]


def type_risk(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
    """Score the action type: stakes, reversibility, external effects, data and domain."""
    reasons = [(_STAKES[facts.stakes], say(_STAKES_SAID[facts.stakes]))]
    if facts.reversibility == "irreversible":
        reasons.append((15, say("irreversible")))
    if facts.external:
        reasons.append((5, say("external effects")))
    if any(name in REGULATED or name not in DATA_CLASSES for name in facts.data_classes):
        reasons.append((20, say("regulated data")))
    if facts.domain in NON_NEGOTIABLE:
        reasons.append((20, say(NON_NEGOTIABLE[facts.domain])))
    words = [words for _, words in reasons]
    return Finding(sum(points for points, _ in reasons), say("Action type: {words}.", words=words))


def amount(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
    """Score the amount in base currency."""
    if facts.amount is None and facts.amount_base is None:
        return Finding(0, say("The action has no amount."))
    if facts.amount_base is None:
        return Finding(
            15, say("There is no exchange rate for the amount, so its value in the base currency is unknown.")
        )
    size = facts.amount_base.copy_abs()
    points = next((points for bound, points in _AMOUNTS if size >= bound), 0)
    return Finding(points, say("The amount is {amount} in the base currency.", amount=as_written(size, "")))


def confidence(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
    """Score the agent's confidence."""
    if facts.confidence is None and facts.mode == Mode.HUMAN_IN_COMMAND:
        return Finding(15, say("A person started this action, so there is no confidence value."))
    if facts.confidence is None:
        return Finding(15, say("The agent did not provide a confidence value."))
    points = next(points for bound, points in _CONFIDENCES if facts.confidence >= bound)
    return Finding(points, say("The agent’s confidence is {confidence}.", confidence=figure(facts.confidence)))


def missing_data(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
    """Score missing data that automation requires."""
    if not facts.missing:
        return Finding(0, say("No required data is missing."))
    return Finding(
        min(30, 10 * len(facts.missing)), say("Missing: {fields}.", fields=titles(facts.missing[:10], schema))
    )


def titles(pointers: Sequence[str], schema: Mapping[str, object]) -> list[str]:
    """Return the titles of fields, as people know them."""
    return [schemas.title_at(schema, pointer) for pointer in pointers]


def exceptions(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
    """Score the anomalies in the payload."""
    flags = find(facts, schema)
    if not flags:
        return Finding(0, say("There are no anomalies in the payload."))
    codes = dict.fromkeys(flag.code for flag in flags)
    points = sum(_FLAG_POINTS.get(code, _USUAL_FLAG_POINTS) for code in codes)
    return Finding(
        min(60, points), say("Anomalies: {flags}.", flags=[say(FLAGS.get(code, code)) for code in codes]), flags
    )


SCORERS: Mapping[str, Scorer] = {
    "type_risk": type_risk,
    "amount": amount,
    "confidence": confidence,
    "missing_data": missing_data,
    "exceptions": exceptions,
}
"""The built-in scorers by name."""


def score(
    facts: PolicyInput,
    schema: Mapping[str, object],
    weights: Mapping[str, int] | None = None,
    *,
    scorers: Mapping[str, Scorer] = SCORERS,
) -> Scored:
    """Score an action; weights are in percent and default to 100."""
    parts: list[Part] = []
    flags: list[Flag] = []
    for name, scorer in scorers.items():
        finding = scorer(facts, schema)
        weight = 100 if weights is None else weights.get(name, 100)
        points = max(0, finding.points) * max(0, weight) // 100
        parts.append(Part(name, points, str(finding.sentence), said.as_json(finding.sentence)))
        flags.extend(finding.flags)
    return Scored(_total(parts), tuple(parts), tuple(flags))


def _total(parts: Sequence[Part]) -> int:
    return min(HIGHEST, sum(part.points for part in parts))
