"""Whose agents may propose which action types, and who changed what they may propose: now and until lately.

Whoever gains by a change is not who makes it. What somebody had until a moment ago still counts, or handing an agent
to a colleague, ending a key or waiting a minute would be the way around.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from approvals.authority import identity
from approvals.models import ActionType, Agent, ApiKey, Desk, ExchangeRate, Person
from approvals.models.action_types import BUILT_IN

# A month, so that what is handed over and back again shows in a monthly review of the history.
RECENTLY = timedelta(days=30)
RECENT_DAYS = RECENTLY.days
EVERYTHING = "propose:*"
# An agent never changes policies or the configuration, whatever its key says.
_NO_AGENTS = tuple(BUILT_IN.values())


def of(person: Person, now: datetime) -> QuerySet[Agent]:
    """The agents that a person owns or holds a key of, now or until lately."""
    since = now - RECENTLY
    ids = identity.ids(person)
    held = ApiKey.objects.filter(_open_after(since), holder__in=ids, agent__isnull=False)
    owned = Q(owner__in=ids) | Q(pk__in=_owned_after(ids, since)) | Q(pk__in=held.values("agent"))
    return Agent.objects.filter(owned)


def proposing(person: Person, names: Collection[str], now: datetime) -> Agent | None:
    """One of a person's own agents that may propose an action type of one of these names, by any of its keys."""
    keys = ApiKey.objects.filter(_open_after(now - RECENTLY), agent__in=of(person, now)).select_related("agent")
    wanted = {EVERYTHING, *(f"propose:{name}" for name in names)}
    return next((key.agent for key in keys.order_by("pk") if wanted & set(key.scopes)), None)


def scopes_of(agent: Agent, now: datetime) -> set[str]:
    """What an agent's keys let it do, now or until lately."""
    rows = ApiKey.objects.filter(_open_after(now - RECENTLY), agent=agent).values_list("scopes", flat=True)
    return {scope for scopes in rows for scope in scopes}


def proposable(scopes: Collection[str]) -> QuerySet[ActionType]:
    """The action types that an agent with these scopes may propose."""
    kinds = ActionType.objects.exclude(connector__in=_NO_AGENTS)
    return kinds if EVERYTHING in scopes else kinds.filter(name__in=_names(scopes))


def changed_by(person: Person, scopes: Collection[str], now: datetime) -> list[ActionType]:
    """The action types that a person added or changed lately, and that these scopes let an agent propose."""
    rows = ActionType.history.filter(history_user__in=identity.ids(person), history_date__gte=now - RECENTLY)
    if EVERYTHING not in scopes:
        # A name that it had is one that it may get back.
        named = ActionType.history.filter(name__in=_names(scopes))
        rows = rows.filter(Q(id__in=named.values("id")) | Q(id__in=proposable(scopes).values("pk")))
    return list(ActionType.objects.filter(pk__in=rows.values("id")).select_related("desk").order_by("pk"))


def judged_by_rates(scopes: Collection[str]) -> QuerySet[Desk]:
    """The desks of the action types with amounts that these scopes let an agent propose: rates say what those are."""
    return Desk.objects.filter(action_types__in=proposable(scopes).exclude(amount_pointer="")).distinct()


def has_set_rates(person: Person, now: datetime) -> bool:
    """Whether a person added, changed or removed an exchange rate lately."""
    rows = ExchangeRate.history.filter(history_user__in=identity.ids(person), history_date__gte=now - RECENTLY)
    return bool(rows.exists())


def runs_alone(person: Person, desk: Desk, now: datetime) -> bool:
    """Whether a desk is that of a firm of one, and not made so by this very person while there are others."""
    if not desk.is_solo:
        return False
    return is_alone(person) or not _made_solo(person, desk, now - RECENTLY)


def is_alone(person: Person) -> bool:
    """Whether nobody else is active."""
    return not Person.objects.filter(is_active=True).exclude(pk__in=identity.ids(person)).exists()


def _names(scopes: Iterable[str]) -> list[str]:
    return [scope.removeprefix("propose:") for scope in scopes if scope.startswith("propose:")]


def _open_after(since: datetime) -> Q:
    is_kept = Q(revoked_at__isnull=True) | Q(revoked_at__gte=since)
    return is_kept & (Q(expires_at__isnull=True) | Q(expires_at__gte=since))


def _owned_after(people: Collection[int], since: datetime) -> QuerySet[Agent]:
    """The ids of the agents that history says one of these people owned at any moment since."""
    later = Agent.history.filter(id=OuterRef("id"), history_date__gte=OuterRef("history_date"))
    later = later.exclude(owner__in=people)
    left = Subquery(later.order_by("history_date").values("history_date")[:1])
    owned = Agent.history.filter(owner__in=people).annotate(left=left)
    found: QuerySet[Agent] = owned.filter(Q(left__isnull=True) | Q(left__gte=since)).values("id")
    return found


def _made_solo(person: Person, desk: Desk, since: datetime) -> bool:
    was, people = False, identity.ids(person)
    rows = Desk.history.filter(id=desk.pk).order_by("history_date", "history_id")
    for is_solo, at, who in rows.values_list("is_solo", "history_date", "history_user"):
        if is_solo and not was and at >= since and who in people:
            return True
        was = is_solo
    return False
