"""What a folder changes, in lines that a person reads before it happens. Pure."""

from collections.abc import Iterator

from approvals.services.configuration.folder.apply import Outcome
from approvals.services.configuration.folder.planning import Planned
from approvals.services.configuration.folder.values import shown

WAITS = "  (loosens)"


def lines(outcome: Outcome) -> Iterator[str]:
    """Each row with its changed fields, from what to what; then each policy."""
    for planned in outcome.rows:
        yield f"{planned.entry.place}: {_row(planned)}{WAITS if planned.loosens else ''}"
        if not planned.is_new:
            for name, (before, after) in planned.fields.items():
                yield f"    {name}: {shown(before)} → {shown(after)}"
    for policy in outcome.policies:
        verb = "add policy" if policy.is_new else "change policy"
        yield f"{policy.path}: {verb} “{policy.name}”{WAITS if outcome.is_live else ''}"


def summary(outcome: Outcome) -> str:
    """What would follow, or followed, in one sentence."""
    if outcome.is_empty:
        return "Nothing differs. The installation is as the files say."
    rows, policies = len(outcome.rows), len(outcome.policies)
    count = f"Different: {_counted(rows, 'row', 'rows')}, {_counted(policies, 'policy', 'policies')}."
    if outcome.waiting is not None:
        return f"{count} A part of it loosens the gate, so all rows wait until a second person approves them together."
    if outcome.is_live and outcome.policies:
        return f"{count} A second person publishes each policy. The rows take effect immediately."
    return f"{count} All of it takes effect immediately."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _row(planned: Planned) -> str:
    return f"{planned.operation} {planned.row._meta.verbose_name} “{planned.label}”"
