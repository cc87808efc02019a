"""Proposing actions, one or many, and reading them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.db.utils import InternalError
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import logs, outages
from approvals.api import attachments, problems
from approvals.api.auth.permissions import Proposes, Reads
from approvals.api.base import long_poll, openapi, pagination
from approvals.api.base.call import KIB, Call, StrictJSONParser, needed_key
from approvals.api.base.multipart import FilesParser, Multipart
from approvals.api.serializers import action as action_serializer
from approvals.api.serializers import pages, responses
from approvals.api.serializers.fields import is_idempotency_key, path_to
from approvals.api.serializers.requests import MAX_WAIT, ActionsQuery, BatchIn, BatchItemIn, ProposalIn, read_body
from approvals.authority import visibility
from approvals.errors import Malformed
from approvals.models import Action
from approvals.queries.record import actions
from approvals.services.attachments import uploads
from approvals.services.attachments.places import MAX_FILES
from approvals.services.intake import propose
from approvals.services.intake.results import ProposalResult
from approvals.services.payloads.proposal import Proposal
from policies.errors import Refused

MAX_BODY = 256 * KIB
_PREFER_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?=$|[,;\s])", re.ASCII)


class Actions(Call):
    """``actions/``."""

    allowed: ClassVar = {"GET": Reads, "POST": Proposes}
    most_files: ClassVar = MAX_FILES
    parser_classes = (StrictJSONParser, FilesParser)

    @openapi.reads("list_actions", "List actions, newest first", pages.ActionPage, query=ActionsQuery)
    def get(self, request: Request) -> Response:
        """Returns one page of the actions that you can see."""
        query = self.query(ActionsQuery)
        size = query["limit"]
        rows = list(_filtered(visibility.visible_to(self.actor), query)[: size + 1])
        shown = [action_serializer.of(record) for record in actions.complete(rows[:size], self.actor)]
        cursor = pagination.encode(rows[size - 1].pk) if len(rows) > size else None
        return Response(pagination.answer(shown, request, cursor))

    @openapi.proposes("propose", "Propose an action", ProposalIn)
    def post(self, request: Request) -> Response:
        """Create an action, or return the one created earlier with the same idempotency key."""
        sent: Any = request.data
        body = self._with_files(sent) if isinstance(sent, Multipart) else read_body(ProposalIn, sent)
        proposal = Proposal(idempotency_key=needed_key(request), **body)
        receipt = long_poll.once(request, lambda: propose.propose(actor=self.actor, at=self.moment, proposal=proposal))
        logs.also(action_id=str(receipt.action.pk))
        wait = _preferred_wait(request)
        is_waited = long_poll.for_action(request, receipt.action, "decided", wait)
        return _answer(self, receipt, body, wait, is_waited)

    def _with_files(self, sent: Multipart) -> dict[str, Any]:
        """Return the fields of a proposal that came with files, which are stored once everything else is valid."""
        with sent.closing() as files:
            if set(sent.texts) != {"action"} or not files:
                raise Malformed("Send the proposal as JSON in the part action, and each file in a part of its own.")
            document, stand_ins = attachments.named(sent.json("action"), files)
            body = read_body(ProposalIn, document)
            needed_key(self.request)
            known: dict[str, str] = {}
            for name, part in files.items():
                done = uploads.upload(actor=self.actor, at=self.moment, received=part.received)
                known[str(stand_ins[name])] = str(done.attachment.pk)
        return attachments.settled(body, known)


class Batch(Call):
    """``actions/batch/``."""

    allowed: ClassVar = {"POST": Proposes}
    most_bytes = 16 * KIB * KIB

    @openapi.changes("propose_batch", "Propose up to 1,000 actions", BatchIn, responses.BatchOut)
    def post(self, request: Request) -> Response:
        """Each item succeeds or fails on its own. Returns one result per item, in order."""
        items = self.body(BatchIn)["proposals"]
        answers: list[dict[str, Any] | None] = [None] * len(items)
        taken: list[tuple[int, Proposal]] = []
        for index, item in enumerate(items):
            try:
                taken.append((index, _of_item(item)))
            except (ValidationError, Refused) as error:
                answers[index] = _refused(item, error)
        for begin in range(0, len(taken), propose.MAX_AT_ONCE):
            for index, answer in self._chunk(taken[begin : begin + propose.MAX_AT_ONCE]):
                answers[index] = answer
        return Response({"results": answers})

    def _chunk(self, chunk: Sequence[tuple[int, Proposal]]) -> Iterator[tuple[int, dict[str, Any]]]:
        proposals = [proposal for _, proposal in chunk]
        receipts: Sequence[ProposalResult]
        try:
            receipts = propose.propose_many(actor=self.actor, at=self.moment, proposals=proposals)
        except (OperationalError, InterfaceError, InternalError) as error:
            # What earlier chunks committed stands and is told; sent again, nothing is taken in twice.
            away = outages.of(error)
            if away is None:
                raise
            receipts = [ProposalResult(refusal=away)] * len(chunk)
        for (index, proposal), receipt in zip(chunk, receipts, strict=True):
            named = {"idempotency_key": proposal.idempotency_key}
            if receipt.refusal:
                yield index, named | _problem(problems.of_refusal(receipt.refusal))
            else:
                yield index, named | self._taken(receipt)

    def _taken(self, receipt: ProposalResult) -> dict[str, Any]:
        action = receipt.action
        return {
            "status": 200 if receipt.is_replay else 201,
            "is_replay": receipt.is_replay,
            "action": {"id": str(action.pk), "state": action.state, "self": path_to(f"actions/{action.pk}/")},
            "problem": None,
        }


def _answer(call: Call, receipt: ProposalResult, body: dict[str, Any], wait: int, is_waited: bool) -> Response:
    """Return the current action; a new one is not read again."""
    action = receipt.action
    if receipt.is_replay or wait:
        record = actions.complete([visibility.get_visible(call.actor, action.pk)], call.actor)[0]
    else:
        record = actions.newborn(action, body)
    told = action_serializer.of(record)
    headers = {"Location": told["links"]["self"]}
    if receipt.is_replay:
        headers["Idempotent-Replayed"] = "true"
    if wait and is_waited:
        headers["Preference-Applied"] = f"wait={wait}"
    elif wait:
        headers["Retry-After"] = "1"
    return Response(told, status=200 if receipt.is_replay else 201, headers=headers)


def _preferred_wait(request: Request) -> int:
    match = _PREFER_WAIT.search(request.META.get("HTTP_PREFER", ""))
    return min(int(match[1]), MAX_WAIT) if match else 0


def _of_item(item: Any) -> Proposal:
    fields = read_body(BatchItemIn, item)
    return Proposal(**fields)


def _refused(item: Any, error: ValidationError | Refused) -> dict[str, Any]:
    key = item.get("idempotency_key") if isinstance(item, dict) else None
    named = {"idempotency_key": key if is_idempotency_key(key) else None}
    return named | _problem(problems.of_item(error))


def _problem(problem: dict[str, Any]) -> dict[str, Any]:
    return {"status": problem["status"], "is_replay": False, "action": None, "problem": problem}


def _filtered(rows: QuerySet[Action], query: dict[str, Any]) -> QuerySet[Action]:
    lookups = {
        "state": "state__in",
        "action_type": "action_type__name",
        "agent": "agent__name",
        "desk": "desk__slug",
        "subject": "subject",
        "thread": "thread",
        "parent": "parent",
        "client": "client__key",
        "live": "is_live",
        "created_after": "created_at__gt",
        "created_before": "created_at__lt",
    }
    chosen = {lookup: query[name] for name, lookup in lookups.items() if name in query}
    before = pagination.after_id(query["cursor"])
    if before is not None:
        chosen["pk__lt"] = before
    return actions.shown(rows.filter(**chosen)).order_by("-pk")
