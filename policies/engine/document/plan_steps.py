"""Plans and their steps: as a document writes them, checked, and what an automatic step says of a policy input.

A step asks people (`who`) or checks a condition (`check`). What a people's step leaves out is as in `tiers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, cast

from policies.engine.conditions import cel
from policies.engine.document.section_readers import condition, optional
from policies.engine.document.sections import Rule, Terms
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import assignees, durations
from policies.engine.values.canonical import plain
from policies.engine.values.durations import Timing
from policies.engine.values.said import say
from policies.engine.values.typed_reader import Node
from policies.engine.values.vocabulary import OnFail, OnTimeout, StageKind, Tier

MAX_PLANS = 50
MAX_STAGES = 10
PEOPLE_FIELDS = ("name", "who", "tier", "quorum", *durations.FIELDS, "on_timeout")
CHECK_FIELDS = ("name", "check", "fetch", "says", "on_fail")


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One stage: people are asked, or `check` runs after the lookups in `fetch`.

    A check has no quorum and no assignee; `says` is its message when it passes. People have `due_seconds`, or a number
    of working hours or days, and get a reminder `remind_seconds` before.
    """

    name: str
    tier: Tier
    who: str
    quorum: int
    due_seconds: int
    on_timeout: OnTimeout
    kind: StageKind = StageKind.PEOPLE
    check: str = ""
    fetch: tuple[str, ...] = ()
    says: str = ""
    on_fail: OnFail = OnFail.ESCALATE
    working_hours: int = 0
    working_days: int = 0
    remind_seconds: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the step as plain JSON values, without what was never said."""
        values = cast(dict[str, Any], plain(asdict(self)))
        return {name: value for name, value in values.items() if name not in _UNSAID or value != _UNSAID[name]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "PlanStep":
        """Build a step from what `as_json` gave."""
        given = {**_UNSAID, **value}
        words = {name: _WORDS[name](given[name]) for name in _WORDS}
        return cls(**{**given, **words, "fetch": tuple(given["fetch"])})

    @property
    def timing(self) -> Timing:
        """The due time and the reminder."""
        return Timing(self.due_seconds, self.working_hours, self.working_days, self.remind_seconds)


DEFAULT_STAGES = {Tier.JUNIOR: "review", Tier.SENIOR: "senior_review"}
"""Names of the steps that policy adds where no plan asks for as much, by tier; no plan may use them."""

_WORDS = {"tier": Tier, "on_timeout": OnTimeout, "kind": StageKind, "on_fail": OnFail}
_UNSAID = {each.name: plain(each.default) for each in fields(PlanStep) if each.default is not MISSING}


@dataclass(frozen=True, slots=True)
class Plan:
    """A named sequence of stages; at least one asks people."""

    name: str
    stages: tuple[PlanStep, ...]
    about: str = ""


def plans(node: Node, terms: Mapping[Tier, Terms]) -> dict[str, Plan]:
    """Read the plans by name."""
    found: dict[str, Plan] = {}
    for name, item in sorted(node.entries().items()):
        Node(name, item.path, item.faults).slug()
        found[name] = _plan(item, name, terms)
    if len(found) > MAX_PLANS:
        node.fault(f"The policy has {len(found)} plans. Split it so that each policy has at most {MAX_PLANS}.")
    return found


def check_names(rules: Node, found: tuple[Rule, ...], known: Mapping[str, Plan]) -> None:
    """Record a fault for every rule that names an unknown plan."""
    for rule, item in zip(found, rules.items(), strict=False):
        if rule.plan and rule.plan not in known:
            place = item.entries()["plan"]
            hint = f"Use one of: {', '.join(known)}." if known else "Add it under plans."
            place.fault(f"The document has no plan {rule.plan!r}. {hint}")


def check_passes(step: PlanStep, facts: PolicyInput) -> tuple[bool, str]:
    """Return whether an automatic check passes, and a sentence about the result.

    Only a true condition passes; an error or a missing value does not.
    """
    verdict = cel.evaluate(cel.compile(step.check), facts)
    if verdict.match is cel.Match.YES:
        return True, step.says
    if verdict.match is cel.Match.NO:
        return False, say("The automatic check “{name}” failed.", name=step.name)
    return False, say("The automatic check “{name}” could not run. {why}", name=step.name, why=verdict.message)


def conditions(found: Mapping[str, Plan]) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every check."""
    for name, plan in found.items():
        for index, step in enumerate(plan.stages):
            if step.check:
                yield f"plans.{name}.stages[{index}].check", step.check


def _plan(node: Node, name: str, terms: Mapping[Tier, Terms]) -> Plan:
    given = node.fields(("about", "stages"), required=("stages",))
    stages = tuple(_stage(item, terms) for item in given["stages"].items()) if "stages" in given else ()
    if "stages" in given:
        _check_stages(given["stages"], stages)
    return Plan(name, stages, optional(given, "about", Node.text, ""))


def _check_stages(node: Node, stages: tuple[PlanStep, ...]) -> None:
    if not any(stage.kind is StageKind.PEOPLE for stage in stages):
        node.fault("No stage asks people. Add a stage with who; checks alone never approve.")
    if len(stages) > MAX_STAGES:
        node.fault(f"The plan has {len(stages)} stages. Reduce them to at most {MAX_STAGES}.")
    names = [stage.name for stage in stages]
    for name in sorted(set(names) & set(DEFAULT_STAGES.values())):
        node.fault(f"The stage name {name!r} is reserved. Use another name.")
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        node.fault(f"The stage name {name!r} is used twice. Rename one of them.")


def _stage(node: Node, terms: Mapping[Tier, Terms]) -> PlanStep:
    entries = node.value if isinstance(node.value, Mapping) else {}
    if "who" in entries and "check" in entries:
        node.fault("A stage cannot have both who and check. Split it into two stages.")
    return _check(node) if "check" in entries else _people(node, terms)


def _people(node: Node, terms: Mapping[Tier, Terms]) -> PlanStep:
    given = node.fields(PEOPLE_FIELDS, required=("name", "who"))
    tier = optional(given, "tier", lambda field: field.word(Tier), Tier.JUNIOR)
    usual = terms[tier]
    who = optional(given, "who", assignees.read, "desk")
    is_one = assignees.asked(who).is_one_person
    quorum = optional(given, "quorum", lambda field: field.whole(1, 9), 1 if is_one else usual.quorum)
    if is_one and quorum > 1:
        given["quorum"].fault("One person cannot reach this quorum. Remove quorum, or assign a desk or a group.")
    return PlanStep(
        name=optional(given, "name", Node.slug, ""),
        tier=tier,
        who=who,
        quorum=quorum,
        **asdict(durations.read(given, usual.timing)),
        on_timeout=optional(given, "on_timeout", lambda field: field.word(OnTimeout), usual.on_timeout),
    )


def _check(node: Node) -> PlanStep:
    given = node.fields(CHECK_FIELDS, required=("name", "check", "says"))
    return PlanStep(
        name=optional(given, "name", Node.slug, ""),
        tier=Tier.JUNIOR,
        who="",
        quorum=0,
        due_seconds=0,
        on_timeout=OnTimeout.EXPIRE,
        kind=StageKind.CHECK,
        check=optional(given, "check", condition, "false"),
        fetch=optional(given, "fetch", lambda field: tuple(map(Node.slug, field.items())), ()),
        says=optional(given, "says", Node.text, ""),
        on_fail=optional(given, "on_fail", lambda field: field.word(OnFail), OnFail.ESCALATE),
    )
