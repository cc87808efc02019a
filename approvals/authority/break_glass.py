"""Break-glass: who has such power now, what was done under it, and what waits to be reviewed."""

from django.db.models import Count, Q, QuerySet

from approvals.authority import identity, memberships
from approvals.authority.visibility import reads_everything
from approvals.errors import NotAllowed
from approvals.models import Action, BreakGlass, Decision, Desk, Person, StopRequest
from approvals.models.break_glass import HOLDING, UNREVIEWED
from approvals.models.people import active_person
from approvals.states import ActionState, Tier

OPEN, REVIEW = "approvals.break_glass", "approvals.review_break_glass"
MAX_WAITING = 50


def held(person: Person, desk_id: int) -> BreakGlass | None:
    """This person's power at the desk right now, or None."""
    return BreakGlass.objects.filter(HOLDING, active_person(), person=person, desk=desk_id).first()


def lock(glass: BreakGlass) -> NotAllowed | None:
    """Hold a grant until the transaction ends, so that nobody ends it meanwhile; why it is over, or None."""
    rows = BreakGlass.objects.select_for_update(no_key=True).filter(HOLDING, pk=glass.pk)
    if rows.values_list("pk", flat=True).first():
        return None
    return NotAllowed("Your break-glass access has ended. Another reviewer must decide.")


def visible_to(person: Person) -> QuerySet[BreakGlass]:
    """Her own, those of her desks, and all for whoever reads everything or reviews everywhere.

    An emergency is of every client, and its reason may name any: of those with a membership for one client alone, only
    seniors see it, who review it.
    """
    rows = BreakGlass.objects.select_related("person", "desk", "reviewed_by").annotate(decisions=Count("uses"))
    if reads_everything(person) or person.has_perm(REVIEW):
        return rows
    seats = person.memberships.filter(Q(client__isnull=True) | Q(tier__gte=Tier.SENIOR))
    return rows.filter(Q(person=person) | Q(desk__in=seats.values("desk")))


def unreviewed(person: Person) -> list[BreakGlass]:
    """Those that nobody has reviewed yet, running ones too, as far as this person sees them."""
    return list(visible_to(person).filter(UNREVIEWED))


def may_review(person: Person, glass: BreakGlass) -> bool:
    """Whether she may review it when it is over: a senior of the desk, or whoever may everywhere; never her own."""
    if identity.are_one(person, glass.person) or not person.is_active:
        return False
    seniors = memberships.in_force().filter(person=person, desk=glass.desk_id, tier__gte=Tier.SENIOR)
    return seniors.exists() or (person.has_perm(REVIEW) and not memberships.has_left(person))


def desks() -> QuerySet[Desk]:
    """Where glass may be broken: everywhere but where policies are published."""
    return Desk.objects.exclude(action_types__connector="policy")


def waiting(glass: BreakGlass) -> list[Action]:
    """What waits for somebody of the desk, riskiest first; it is in nobody's inbox for such power alone."""
    rows = Action.objects.filter(state=ActionState.PENDING, assigned_desk=glass.desk_id)
    rows = rows.select_related("action_type", "agent", "desk", "revision")
    return list(rows.order_by("-risk", "due_at", "id")[:MAX_WAITING])


def decisions_under(glass: BreakGlass, reader: Person) -> list[Decision]:
    """What was decided by this power, oldest first, but for the actions of clients that are not the reader's."""
    rows = Decision.objects.filter(break_glass_use__break_glass=glass).order_by("at")
    if glass.person_id != reader.pk and not reads_everything(reader):
        rows = rows.filter(memberships.of_clients(reader, "action__client"))
    return list(rows.select_related("action__action_type", "action__revision", "rationale"))


def stops_under(glass: BreakGlass, reader: Person) -> list[StopRequest]:
    """The requests to stop that were made with this grant, oldest first, for the same reader."""
    rows = StopRequest.objects.filter(break_glass=glass).order_by("at")
    if glass.person_id != reader.pk and not reads_everything(reader):
        rows = rows.filter(memberships.of_clients(reader, "execution__action__client"))
    return list(rows.select_related("execution__action__action_type", "execution__action__revision", "rationale"))


def alarmed(glass: BreakGlass) -> list[Person]:
    """Who is told that it was opened: the other seniors of the desk, compliance officers, superusers, all reviewers."""
    others = Person.objects.filter(active_person("")).exclude(pk=glass.person_id).exclude(email="")
    seniors = Q(memberships__desk=glass.desk_id, memberships__tier__gte=Tier.SENIOR)
    named = Q(is_superuser=True) | Q(groups__name="Compliance") | Q(groups__permissions__codename="review_break_glass")
    return list(others.filter(pk__in=others.filter(seniors | named).values("pk")).order_by("pk"))
