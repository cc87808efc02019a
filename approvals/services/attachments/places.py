"""Attaching documents to an action that is being proposed. Steps."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import Malformed, NotAllowed, TooLarge, UnknownContent
from approvals.models import Action, ActionAttachment, ActionType, Attachment
from approvals.queries.record import digests
from policies import unit, writes
from policies.engine.values import json_pointer

# However many an action type allows.
MAX_FILES = 20
MAX_QUOTE = 500
MIB = 1024 * 1024
NO_FILES: Mapping[UUID, Attachment] = {}
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Named:
    """What a proposal says of its documents: their IDs, and the evidence that may point into them."""

    attachments: Sequence[UUID]
    evidence: Sequence[dict[str, Any]]


def held(actor: Actor, named: Iterable[UUID], *, is_kept: bool = True) -> Mapping[UUID, Attachment]:
    """The agent's own attachments of these IDs; no statement without any.

    They are locked if they are to be kept, so that none is removed or erased before the action holds it.
    """
    ids = set(named)
    if not ids or actor.agent is None:
        return NO_FILES
    rows = Attachment.objects.filter(pk__in=ids, agent=actor.agent, erased_at=None).order_by("pk")
    return {row.pk: row for row in (rows.select_for_update(no_key=True) if is_kept else rows)}


def chosen(kind: ActionType, said: Named, found: Mapping[UUID, Attachment]) -> list[Attachment]:
    """The attachments of a proposal, in its order, after asking what the action type allows.

    :raises Malformed: an attachment is unknown or named twice, or there are too many.
    :raises NotAllowed: the action type takes no attachments, or none of this type.
    :raises TooLarge: one is larger than the action type allows.
    """
    if not said.attachments:
        return []
    strange = next((each for each in said.attachments if each not in found), None)
    if strange is not None:
        raise Malformed(
            "The attachment {id} does not exist, or it belongs to another agent. Upload the file again.",
            said={"id": strange},
            field="attachments",
        )
    if len(set(said.attachments)) < len(said.attachments):
        raise Malformed("An attachment is listed twice. List each one once.", field="attachments")
    files = [found[each] for each in said.attachments]
    _check_kind(kind, files)
    return files


def check_evidence(said: Named, payload: Mapping[str, Any]) -> None:
    """Ask whether the evidence points to fields of the payload and to attachments of the action.

    :raises Malformed: a field, attachment, page or quote points nowhere.
    """
    attached = {str(each) for each in said.attachments}
    for place, item in enumerate(said.evidence):
        if sentence := _fault(item, attached, payload):
            about = {name: str(item.get(name)) for name in ("field", "attachment")}
            raise Malformed(sentence, said={"place": place + 1, **about}, field=f"evidence/{place}")


def has_quotes(evidence: Iterable[Mapping[str, Any]]) -> bool:
    """Whether any evidence quotes a document, so that somebody has to look for the quote."""
    return any(item.get("quote") for item in evidence)


def compose(action: Action, files: Sequence[Attachment]) -> list[ActionAttachment]:
    """The places of attachments in a new action, each with a salt of its own; not yet saved."""
    return [_composed(action, file, place) for place, file in enumerate(files)]


def keep(places: Iterable[ActionAttachment], at: datetime) -> None:
    """Save the places of attachments that are locked, and note on each that an action has it."""
    for place in places:
        unit.insert(place)
        if place.attachment.attached_at is None:
            place.attachment.attached_at = at
            unit.update(place.attachment)


def told(places: Sequence[ActionAttachment]) -> dict[str, Any]:
    """What the ledger says of them: their salted digests."""
    return {"attachments": [place.digest for place in places]} if places else {}


def _composed(action: Action, file: Attachment, position: int) -> ActionAttachment:
    salt = secrets.token_hex(16)
    digest = digests.of_attachment(file.sha256, salt)
    return writes.made(
        ActionAttachment, action=action, attachment=file, position=position, salt=salt, digest=digest, number=1
    )


def _check_kind(kind: ActionType, files: Sequence[Attachment]) -> None:
    if len(files) > kind.attachment_count:
        raise NotAllowed(
            "“{name}” takes at most {most} attachments. Send fewer files.",
            said={"name": kind.name, "most": kind.attachment_count},
            limit=kind.attachment_count,
        )
    for file in files:
        if file.size > kind.attachment_mib * MIB:
            raise TooLarge(
                "“{file}” is larger than the {most} MiB that “{name}” takes. Send a smaller file.",
                said={"file": file.name, "most": kind.attachment_mib, "name": kind.name},
                limit=kind.attachment_mib * MIB,
            )
        if kind.attachment_types is not None and file.media_type not in kind.attachment_types:
            raise UnknownContent(
                "“{file}” is {type}, which “{name}” does not take. It takes: {allowed}.",
                said={
                    "file": file.name,
                    "type": file.media_type,
                    "name": kind.name,
                    "allowed": ", ".join(kind.attachment_types) or "–",
                },
                allowed=list(kind.attachment_types),
            )


def _fault(item: Mapping[str, Any], attached: set[str], payload: Mapping[str, Any]) -> str:
    field, file = item.get("field"), item.get("attachment")
    if field is not None and not json_pointer.is_pointer(field):
        return _("Evidence {place}: field is no JSON Pointer. Start it with a slash, for example /amount.")
    if field is not None and json_pointer.find(payload, field, _NOTHING) is _NOTHING:
        return _("Evidence {place}: the payload has no field {field}. Name a field of the payload.")
    if file is not None and str(file) not in attached:
        return _("Evidence {place}: the attachment {attachment} is not attached. Add it to attachments.")
    if file is None and (item.get("page") is not None or item.get("quote")):
        return _("Evidence {place}: page and quote need an attachment. Name the one that they are in.")
    if len(item.get("quote") or "") > MAX_QUOTE:
        return _("Evidence {place}: quote is longer than 500 characters. Shorten it.")
    return ""
