"""Reading actions, timelines, the queue, corrections and ledger events."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Reads, ReadsAsPerson
from approvals.api.base import long_poll, openapi, pagination
from approvals.api.base.call import Call
from approvals.api.serializers import action as action_serializer
from approvals.api.serializers import pages, responses
from approvals.api.serializers.fields import moment
from approvals.api.serializers.requests import EventsQuery, PageQuery, QueueQuery, RevisionsQuery, WaitQuery
from approvals.authority import visibility
from approvals.models import Action, LedgerPosition
from approvals.queries.inbox import waiting
from approvals.queries.insight import corrections
from approvals.queries.insight.corrections import Correction
from approvals.queries.record import actions, events, timeline
from approvals.queries.record.related import twins
from approvals.queries.record.related.twins import Twin


class OneAction(Call):
    """``actions/{id}/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads(
        "read_action",
        "Get an action, optionally waiting for a change",
        responses.ActionOut,
        query=WaitQuery,
    )
    def get(self, request: Request, action_id: UUID) -> Response:
        """Returns the current action. Use `wait` and `until` to wait for a state."""
        query = self.query(WaitQuery)
        action = visibility.get_visible(self.actor, action_id)
        is_waited = long_poll.for_action(request, action, query["until"], query["wait"])
        if query["wait"] and is_waited and not long_poll.is_asked_again(request):
            action = visibility.get_visible(self.actor, action_id)
        return Response(tell(self, action), headers={} if is_waited else {"Retry-After": "1"})


class TimelineOf(Call):
    """``actions/{id}/timeline/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads("read_timeline", "Get an action’s timeline", pages.TimelineOut)
    def get(self, request: Request, action_id: UUID) -> Response:
        """Returns every event of the action, oldest first, with its actor, time and reason."""
        action = visibility.get_visible(self.actor, action_id)
        found = timeline.of_action(action, for_agent=self.actor.agent is not None)
        results = [_moment(item) for item in found.moments]
        return Response({"headline": found.headline, "results": results, "next": None})


class Revisions(Call):
    """``actions/{id}/revisions/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads(
        "list_revisions", "List an action’s revisions, oldest first", pages.RevisionPage, query=RevisionsQuery
    )
    def get(self, request: Request, action_id: UUID) -> Response:
        """Returns each version of the payload, with what its digest covers."""
        query = self.query(RevisionsQuery)
        action, size = visibility.get_visible(self.actor, action_id), query["limit"]
        later = action.revisions.filter(number__gt=pagination.after_number(query["cursor"]))
        rows = list(later.select_related("person").order_by("number")[: size + 1])
        cursor = pagination.encode(rows[size - 1].number) if len(rows) > size else None
        results = [action_serializer.revision_of(action, row) for row in rows[:size]]
        return Response(pagination.answer(results, request, cursor))


class Queue(Call):
    """``queue/``."""

    allowed: ClassVar = {"GET": ReadsAsPerson}

    @openapi.reads("list_queue", "List your pending actions by risk and due time", pages.QueuePage, query=QueueQuery)
    def get(self, request: Request) -> Response:
        """Returns one page of the actions waiting for your decision."""
        query = self.query(QueueQuery)
        lookups = {"action_type": "action_type__name", "agent": "agent__name", "desk": "desk__slug"}
        lookups["client"] = "client__key"
        chosen = {lookup: query[name] for name, lookup in lookups.items() if name in query}
        person = self.actor.person
        assert person is not None  # the permission lets nobody else in
        found = waiting.page(person, after=pagination.after_mark(query["cursor"]), size=query["limit"], **chosen)
        cursor = pagination.encode(*found.next) if found.next else None
        others = twins.of_each([action for action in found.rows if twins.is_flagged(action.flags)], self.actor)
        results = [self._waiting(action, others.get(action.pk, [])) for action in found.rows]
        return Response(pagination.answer(results, request, cursor))

    def _waiting(self, action: Action, duplicates: list[Twin]) -> dict[str, Any]:
        return {
            "id": str(action.pk),
            "action_type": action.action_type.name,
            "summary": visibility.summary(action, "en"),
            "agent": action.agent.name,
            "desk": action.desk.slug,
            "client": action.client.key if action.client is not None else None,
            "amount": action_serializer.money_of(action),
            "risk": action.risk,
            "tier": action_serializer.tier_name(action.required_tier),
            "missing": action.missing,
            "flags": action_serializer.flags_of(action.flags, duplicates),
            "warnings": action.warnings or [],
            "revision": {"number": action.revision.number, "digest": action.revision.digest},
            "execution": action_serializer.execution_of(action, None),
            "created_at": moment(action.created_at),
            "due_at": moment(action.due_at),
            "links": action_serializer.links_of(action),
        }


class Corrections(Call):
    """``corrections/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads(
        "list_corrections",
        "List reviewers’ corrections, newest first",
        pages.CorrectionPage,
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        """Returns the corrections of one page of decisions."""
        query = self.query(PageQuery)
        found = corrections.page(self.actor, before=pagination.after_id(query["cursor"]), size=query["limit"])
        cursor = pagination.encode(found.next) if found.next else None
        results = [_correction(item) for item in found.rows]
        return Response(pagination.answer(results, request, cursor))


class Events(Call):
    """``events/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads(
        "list_events",
        "List ledger events, optionally waiting for new ones",
        pages.EventPage,
        query=EventsQuery,
    )
    def get(self, request: Request) -> Response:
        """Returns the next events that you can see. Pass the returned `after` to continue."""
        query = self.query(EventsQuery)
        behind, found = events.behind(), events.after(self.actor, query["after"], query["limit"])
        is_waited = True
        if query["wait"] and not found.rows and not found.has_more:
            last = found.reached
            is_waited = long_poll.until(lambda: bool(events.after(self.actor, last, 1).rows), query["wait"])
            behind, found = events.behind(), events.after(self.actor, last, query["limit"])
        following = f"{request.path}?after={found.reached}&limit={query['limit']}"
        body = {
            "results": [_event(position) for position in found.rows],
            "next": following if found.has_more else None,
            "after": found.reached,
            "behind_seconds": round(behind.total_seconds(), 3),
        }
        return Response(body, headers={} if is_waited else {"Retry-After": "1"})


def tell(call: Call, action: Action) -> dict[str, Any]:
    """Return the current action in full."""
    return action_serializer.of(actions.complete([action], call.actor)[0])


def _moment(item: timeline.Moment) -> dict[str, Any]:
    return {
        "at": moment(item.at),
        "event": item.event,
        "who": item.who,
        "door": item.door,
        "state": item.state or None,
        "reason": item.reason,
        "rationale": item.rationale,
        "changes": [action_serializer.change_of(change) for change in item.changes],
    }


def _correction(item: Correction) -> dict[str, Any]:
    decision = item.decision
    return {
        **action_serializer.change_of(item.change),
        "reason": decision.reason,
        "reason_code": decision.reason_code,
        "verdict": decision.verdict,
        "action": str(decision.action_id),
        "action_type": decision.action.action_type.name,
        "at": moment(decision.at),
    }


def _event(position: LedgerPosition) -> dict[str, Any]:
    entry = position.entry
    return {
        "position": position.number,
        "id": str(entry.pk),
        "event": entry.event,
        "at": moment(entry.at),
        "action": str(entry.action_id) if entry.action_id else None,
        "from": entry.state_from or None,
        "to": entry.state_to or None,
        "actor": entry.actor,
        "door": entry.door,
        "data": events.data_of(position),
        "digest": entry.digest,
    }
