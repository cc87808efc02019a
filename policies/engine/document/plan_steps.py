"""Plans: read and check the stages of a document, and run automatic checks.

A stage asks people (`who`) or checks a condition (`check`). Absent fields of a people stage default to `tiers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from policies.engine.conditions import cel
from policies.engine.document.section_readers import condition, optional
from policies.engine.document.sections import Rule, Terms
from policies.engine.document.stage import DEFAULT_STAGES, Stage
from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values import assignees, durations
from policies.engine.values.typed_reader import Node
from policies.engine.values.vocabulary import OnFail, OnTimeout, StageKind, Tier

MAX_PLANS = 50
MAX_STAGES = 10
PEOPLE_FIELDS = ("name", "who", "tier", "quorum", *durations.FIELDS, "on_timeout")
CHECK_FIELDS = ("name", "check", "fetch", "says", "on_fail")


@dataclass(frozen=True, slots=True)
class Plan:
    """A named sequence of stages; at least one asks people."""

    name: str
    stages: tuple[Stage, ...]
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


def check_passes(stage: Stage, facts: PolicyInput) -> tuple[bool, str]:
    """Return whether an automatic check passes, and a sentence about the result.

    Only a true condition passes; an error or a missing value does not.
    """
    verdict = cel.evaluate(cel.compile(stage.check), facts)
    if verdict.match is cel.Match.YES:
        return True, stage.says
    if verdict.match is cel.Match.NO:
        return False, f'The automatic check "{stage.name}" failed.'
    return False, f'The automatic check "{stage.name}" could not run. {verdict.message}'


def conditions(found: Mapping[str, Plan]) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every check."""
    for name, plan in found.items():
        for index, stage in enumerate(plan.stages):
            if stage.check:
                yield f"plans.{name}.stages[{index}].check", stage.check


def _plan(node: Node, name: str, terms: Mapping[Tier, Terms]) -> Plan:
    fields = node.fields(("about", "stages"), required=("stages",))
    stages = tuple(_stage(item, terms) for item in fields["stages"].items()) if "stages" in fields else ()
    if "stages" in fields:
        _check_stages(fields["stages"], stages)
    return Plan(name, stages, optional(fields, "about", Node.text, ""))


def _check_stages(node: Node, stages: tuple[Stage, ...]) -> None:
    if not any(stage.kind is StageKind.PEOPLE for stage in stages):
        node.fault("No stage asks people. Add a stage with who; checks alone never approve.")
    if len(stages) > MAX_STAGES:
        node.fault(f"The plan has {len(stages)} stages. Reduce them to at most {MAX_STAGES}.")
    names = [stage.name for stage in stages]
    for name in sorted(set(names) & set(DEFAULT_STAGES.values())):
        node.fault(f"The stage name {name!r} is reserved. Use another name.")
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        node.fault(f"The stage name {name!r} is used twice. Rename one of them.")


def _stage(node: Node, terms: Mapping[Tier, Terms]) -> Stage:
    entries = node.value if isinstance(node.value, Mapping) else {}
    if "who" in entries and "check" in entries:
        node.fault("A stage cannot have both who and check. Split it into two stages.")
    return _check(node) if "check" in entries else _people(node, terms)


def _people(node: Node, terms: Mapping[Tier, Terms]) -> Stage:
    fields = node.fields(PEOPLE_FIELDS, required=("name", "who"))
    tier = optional(fields, "tier", lambda field: field.word(Tier), Tier.JUNIOR)
    usual = terms[tier]
    who = optional(fields, "who", assignees.read, "desk")
    is_one = assignees.asked(who).is_one_person
    quorum = optional(fields, "quorum", lambda field: field.whole(1, 9), 1 if is_one else usual.quorum)
    if is_one and quorum > 1:
        fields["quorum"].fault("One person cannot reach this quorum. Remove quorum, or assign a desk or a group.")
    return Stage(
        name=optional(fields, "name", Node.slug, ""),
        tier=tier,
        who=who,
        quorum=quorum,
        **asdict(durations.read(fields, usual.timing)),
        on_timeout=optional(fields, "on_timeout", lambda field: field.word(OnTimeout), usual.on_timeout),
    )


def _check(node: Node) -> Stage:
    fields = node.fields(CHECK_FIELDS, required=("name", "check", "says"))
    return Stage(
        name=optional(fields, "name", Node.slug, ""),
        tier=Tier.JUNIOR,
        who="",
        quorum=0,
        due_seconds=0,
        on_timeout=OnTimeout.EXPIRE,
        kind=StageKind.CHECK,
        check=optional(fields, "check", condition, "false"),
        fetch=optional(fields, "fetch", lambda field: tuple(map(Node.slug, field.items())), ()),
        says=optional(fields, "says", Node.text, ""),
        on_fail=optional(fields, "on_fail", lambda field: field.word(OnFail), OnFail.ESCALATE),
    )
