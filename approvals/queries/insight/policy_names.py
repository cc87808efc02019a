"""Whom and what a policy and its action types name, and whether this installation has them.

Nothing here refuses anything: people come and go. Drafting, `policy_check`, system checks and the inventory show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import Group
from django.db.models.functions import Now

from approvals import conf
from approvals.authority import memberships
from approvals.models import ActionType, Agent, Client, Desk, Duty, Employee, Membership, Person, SubjectOwner
from approvals.models.action_types import BUILT_IN
from approvals.models.people import active_person
from approvals.states import Stakes, Tier
from policies.engine.document.parse import HOUSE, Document
from policies.engine.values.assignees import CLIENT_RESPONSIBLE, Asked, asked
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import StageKind
from policies.engine.values.vocabulary import Tier as PolicyTier
from policies.lab import shapes
from policies.lab.action_types import TypeInfo
from policies.lab.findings import Finding

_TIERS = {PolicyTier.JUNIOR: Tier.JUNIOR, PolicyTier.SENIOR: Tier.SENIOR}
_STAKES = {Stakes.LOW: 0, Stakes.MEDIUM: 1, Stakes.HIGH: 2}
_OF_AMOUNTS = frozenset({"amount", "amount_minor", "amount_base"})
_OF_CURRENCIES = frozenset({"currency", "amount_minor", "amount_base"})


@dataclass(frozen=True, slots=True)
class Ask:
    """A place in a document that asks people: its path, its assignee, its tier and its quorum."""

    path: str
    who: str
    tier: Tier
    quorum: int


class Roll:
    """The people of this installation as they are now; each list is read at most once."""

    @cached_property
    def seats(self) -> list[Membership]:
        """The memberships of active people."""
        return list(memberships.in_force().select_related("person", "desk"))

    @cached_property
    def groups(self) -> Mapping[str, frozenset[int]]:
        """The ids of the active people of each group, by its name."""
        found: dict[str, set[int]] = {name: set() for name in Group.objects.values_list("name", flat=True)}
        rows = Person.objects.filter(active_person(""), groups__isnull=False)
        for name, person in rows.values_list("groups__name", "pk"):
            found[name].add(person)
        return {name: frozenset(people) for name, people in found.items()}

    @cached_property
    def desks(self) -> frozenset[str]:
        """The names of the desks."""
        return frozenset(Desk.objects.values_list("slug", flat=True))

    @cached_property
    def usernames(self) -> frozenset[str]:
        """The usernames of active people."""
        return frozenset(Person.objects.filter(active_person("")).values_list("username", flat=True))

    @cached_property
    def on_duty(self) -> frozenset[str]:
        """The names of the desks with a shift now or later."""
        return frozenset(Duty.objects.filter(ends_at__gt=Now()).values_list("desk__slug", flat=True))

    @cached_property
    def has_managers(self) -> bool:
        """Whether some employee has a manager who can sign in."""
        managers = Employee.objects.filter(is_active=True, person__is_active=True)
        return Employee.objects.filter(is_active=True, manager__in=managers).exists()

    @cached_property
    def has_owners(self) -> bool:
        """Whether some subject has an owner."""
        return SubjectOwner.objects.filter(active_person("owner")).exists()

    @cached_property
    def has_responsible(self) -> bool:
        """Whether some client has a responsible person."""
        return Client.objects.filter(active_person("responsible"), is_active=True, responsible__isnull=False).exists()

    def able(self, wanted: Asked, tier: Tier, kind: ActionType) -> set[int]:
        """Return the ids of the people whom a stage could ask about an action of the type."""
        desk = wanted.name if wanted.kind == "desk" and wanted.name else kind.desk.slug
        seats = [seat for seat in self.seats if seat.tier >= tier and _reaches(seat, kind)]
        if wanted.kind == "group":
            members = self.groups.get(wanted.name, frozenset())
            return {seat.person_id for seat in seats if seat.person_id in members}
        if wanted.kind == "person":
            seats = [seat for seat in seats if seat.person.username == wanted.name]
        return {seat.person_id for seat in seats if seat.desk.slug == desk}


def types_of(policy: str) -> list[ActionType]:
    """Return the active action types that a policy decides on; the global one decides on all but the built-in ones."""
    rows = ActionType.objects.filter(is_active=True).select_related("desk").order_by("name")
    if policy == HOUSE:
        return list(rows.exclude(name__in=BUILT_IN, connector__in=BUILT_IN.values()))
    return list(rows.filter(policy=policy))


def info(kind: ActionType) -> TypeInfo:
    """Return what those who write a policy need to know of an action type."""
    never = frozenset() if kind.amount_pointer else _OF_AMOUNTS
    never |= frozenset() if kind.currency_pointer else _OF_CURRENCIES
    return TypeInfo(
        name=kind.name,
        title=kind.title,
        schema=kind.schema,
        lookups=_lookups(kind),
        never_known=never,
        domain=kind.domain or "general",
        data_classes=frozenset(kind.data_classes),
    )


def vocabulary() -> dict[str, frozenset[str]]:
    """Return the names of the action types and agents, and the keys of clients: what conditions may compare with."""
    return {
        "action_type": frozenset(ActionType.objects.values_list("name", flat=True)),
        "agent": frozenset(Agent.objects.values_list("name", flat=True)),
        "client": frozenset(Client.objects.values_list("key", flat=True)),
    }


def of_document(document: Document, kinds: Sequence[ActionType], roll: Roll) -> Iterator[Finding]:
    """Yield what a document names that nobody here is, and what nobody here could fulfil."""
    for ask in _asks(document):
        yield from _of_ask(ask, asked(ask.who), kinds, roll)
    for name, plan in document.plans.items():
        for index, step in enumerate(plan.stages):
            for lookup in step.fetch:
                yield from _of_lookup(f"plans.{name}.stages[{index}].fetch", lookup, kinds)
    if document.amounts and document.amounts.base != conf.base_currency():
        template = message("This installation’s base currency is {base}, so amounts in other currencies need review.")
        yield Finding("amounts.base", say(template, base=conf.base_currency()), is_error=False)


def of_type(kind: ActionType, roll: Roll) -> Iterator[Finding]:
    """Yield the people whom an action type names and who are no longer there."""
    for name in ("responsible", "owner", "confidence_person", "edge_case_owner"):
        person = getattr(kind, name)
        if person is not None and not person.is_active:
            yield Finding(name, say("{person} is no longer active. Choose another person.", person=str(person)))
    for name in ("confidence_group", "overriders"):
        group = getattr(kind, name)
        if group is not None and not roll.groups.get(group.name):
            yield Finding(name, say("The group “{group}” has no active members.", group=group.name))
    if not any(seat.desk_id == kind.desk_id for seat in roll.seats):
        yield Finding("desk", say("The desk “{desk}” has no active members.", desk=str(kind.desk)))


def _asks(document: Document) -> Iterator[Ask]:
    for tier, terms in document.terms.items():
        # The type's own policy says who; the global one can only ask for more people.
        who = "desk" if document.is_house_wide else terms.who
        yield Ask(f"tiers.{tier}", who, _TIERS[tier], terms.quorum)
    for name, plan in document.plans.items():
        for index, step in enumerate(plan.stages):
            if step.kind is StageKind.PEOPLE:
                yield Ask(f"plans.{name}.stages[{index}]", step.who, _TIERS[step.tier], step.quorum)


def _of_ask(ask: Ask, wanted: Asked, kinds: Sequence[ActionType], roll: Roll) -> Iterator[Finding]:
    if unknown := _unknown(wanted, kinds, roll):
        yield Finding(f"{ask.path}.who", unknown, is_error=False)
    elif wanted.kind not in ("manager", "owner", "on_duty", CLIENT_RESPONSIBLE):
        for sentence in dict.fromkeys(_unmet(ask, wanted, kind, roll) for kind in kinds):
            if sentence:
                yield Finding(ask.path, sentence, is_error=False)


def _unknown(wanted: Asked, kinds: Sequence[ActionType], roll: Roll) -> Said | None:
    """Return why an assignee names nobody."""
    if wanted.kind in ("desk", "on_duty") and wanted.name and wanted.name not in roll.desks:
        return say("The desk “{name}” does not exist.{near}", name=wanted.name, near=_near(wanted.name, roll.desks))
    if wanted.kind == "group" and wanted.name not in roll.groups:
        return say("The group “{name}” does not exist.{near}", name=wanted.name, near=_near(wanted.name, roll.groups))
    if wanted.kind == "person" and wanted.name not in roll.usernames:
        near = _near(wanted.name, roll.usernames)
        return say("No active person has the username “{name}”.{near}", name=wanted.name, near=near)
    if wanted.kind == "manager" and not roll.has_managers:
        return say("The directory lists no manager who can sign in, so the desk’s senior reviewers decide instead.")
    if wanted.kind == "owner" and not roll.has_owners:
        return say("The directory lists no owner for any subject, so the desk’s senior reviewers decide instead.")
    if wanted.kind == CLIENT_RESPONSIBLE and not roll.has_responsible:
        return say("No client has a responsible person who can sign in, so senior reviewers decide instead.")
    desks = {wanted.name} if wanted.name else {kind.desk.slug for kind in kinds}
    if wanted.kind == "on_duty" and (idle := sorted(desks - roll.on_duty)):
        return say("No duty shift is scheduled at {desks}, so senior reviewers decide instead.", desks=idle)
    return None


def _near(name: str, known: Iterator[str] | Mapping[str, object] | frozenset[str]) -> Said | str:
    near = shapes.nearest(name, known)
    return say(" Did you mean “{near}”?", near=near) if near else ""


def _unmet(ask: Ask, wanted: Asked, kind: ActionType, roll: Roll) -> Said | None:
    """Return why nobody, or too few people, could decide at a stage."""
    able = len(roll.able(wanted, ask.tier, kind))
    values = {"who": ask.who, "kind": kind.name, "tier": str(ask.tier.label), "able": able, "quorum": ask.quorum}
    if wanted.kind == "person" and not able:
        return say("“{who}” cannot decide on “{kind}” actions as {tier}. Add this person to the desk.", values)
    if not able:
        return say("The assignee “{who}” includes nobody who can decide on “{kind}” actions as {tier}.", values)
    if able < ask.quorum:
        template = message(
            "“{kind}” needs {quorum} approvals, but “{who}” has too few people who can decide as {tier}: {able}."
        )
        return say(template, values)
    return None


def _lookups(kind: ActionType) -> tuple[str, ...]:
    return tuple(str(entry.get("name")) for entry in kind.lookups or ())


def _of_lookup(path: str, lookup: str, kinds: Sequence[ActionType]) -> Iterator[Finding]:
    for kind in kinds:
        names = _lookups(kind)
        if lookup not in names:
            values = {"kind": kind.name, "name": lookup, "near": _near(lookup, frozenset(names))}
            yield Finding(
                path, say("The action type “{kind}” has no lookup named “{name}”.{near}", values), is_error=False
            )


def _reaches(seat: Membership, kind: ActionType) -> bool:
    return _STAKES[Stakes(seat.max_stakes)] >= _STAKES[Stakes(kind.stakes)]
