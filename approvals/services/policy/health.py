"""What the action types and the policies in force name, and whether it exists and can be met. Steps."""

from collections.abc import Iterable, Iterator, Sequence

from approvals.models import ActionType
from approvals.models.recorded import BOOKKEEPING
from approvals.queries.insight import policy_names
from approvals.queries.insight.policy_names import Roll
from approvals.services.policy import type_names
from policies.engine.document.parse import HOUSE
from policies.engine.values.said import say
from policies.lab import findings
from policies.lab.findings import Finding
from policies.queries import in_force


def everything() -> Iterator[tuple[str, Finding]]:
    """Yield the findings of every active action type and every policy in force, each with its name.

    Before anybody is a member of a desk, the installation is being set up, and nothing is amiss yet.
    """
    roll = Roll()
    if not roll.seats:
        return
    kinds = ActionType.objects.filter(is_active=True).order_by("name")
    kinds = kinds.select_related("desk", "reversal_type", "responsible", "owner", "confidence_person")
    for kind in kinds.select_related("edge_case_owner", "confidence_group", "overriders", "desk"):
        yield from ((kind.name, finding) for finding in of_type(kind, roll))
    for name in sorted(in_force.numbers()):
        yield from ((name, finding) for finding in of_policy(name, roll))


def of_type(kind: ActionType, roll: Roll, regulated: frozenset[str] | None = None) -> Iterator[Finding]:
    """Yield everything that an action type names and that does not exist, or is no longer there."""
    fields = (field.name for field in kind._meta.concrete_fields if field.name not in BOOKKEEPING)
    data = {name: getattr(kind, name) for name in fields}
    yield from (Finding(name, sentence) for name, sentence in type_names.faults(data, regulated))
    yield from policy_names.of_type(kind, roll)


def by_type(kinds: Sequence[ActionType], roll: Roll) -> dict[int, list[Finding]]:
    """Return the findings of some action types and of their policies, by the type's row ID; documents are read once."""
    documents = in_force.standing_of({HOUSE, *(kind.policy for kind in kinds)})
    regulated = frozenset().union(*(document.regulated for document in documents.values()))
    words = policy_names.vocabulary() if kinds else {}
    found = {kind.pk: dict.fromkeys(of_type(kind, roll, regulated)) for kind in kinds}
    for kind in kinds:
        if document := documents.get(kind.policy):
            about = findings.of(document, [policy_names.info(kind)], words)
            found[kind.pk] |= dict.fromkeys((*about, *policy_names.of_document(document, [kind], roll)))
    return {pk: list(each) for pk, each in found.items()}


def of_policy(name: str, roll: Roll, kinds: Iterable[ActionType] | None = None) -> tuple[Finding, ...]:
    """Return what is found in the policy in force, for these action types or all that use it."""
    try:
        document = in_force.in_force(name)
    except in_force.TamperedPolicy:
        return (Finding("", say("The stored policy does not match its published digest. Publish a new version.")),)
    if document is None:
        return ()
    about = policy_names.types_of(name) if kinds is None else list(kinds)
    own = findings.of(document, [policy_names.info(kind) for kind in about], policy_names.vocabulary())
    return tuple(dict.fromkeys((*own, *policy_names.of_document(document, about, roll))))
