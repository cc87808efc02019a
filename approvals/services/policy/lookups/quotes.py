"""Looking for what an agent quotes in the documents that it attached, as a lookup before routing. Steps.

A quote that is not on its page is an anomaly, and so is one that could not be looked for. An action without attachments
costs no statement here.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from approvals.documents import reading
from approvals.documents.reading import Document
from approvals.documents.refusals import Busy, Unreadable
from approvals.errors import AttachmentMissing, StoreAway
from approvals.models import Action, Attachment, LookupResult, Text
from approvals.models.texts import TextKind
from approvals.queries.record.related import attachments
from approvals.services.policy.lookups.specs import Lookup, LookupAnswer
from approvals.states import FetchState
from approvals.storage import contents
from policies.engine.checks.flag import Flag
from policies.engine.values.said import message, say

# No action type can name a lookup like this.
NAME = "attachments.quotes"
CODE = "quote_not_found"
SOURCE = "the attached documents"
# No file is begun after so long: with the last one, all of them end long before the lease of the lookup.
MAX_SECONDS = 8.0
_LOOKUP = Lookup(NAME, SOURCE, {})
_NOT_FOUND = message("The quote in “{label}” is not on page {page} of its attachment.")
_NOT_READ = message("The quote in “{label}” could not be looked for: its attachment cannot be read.")
_NOT_ASKED = message("The quotes of the evidence could not be looked for in the attachments.")

Quote = Mapping[str, Any]


def wanted(action: Action) -> list[Lookup]:
    """The lookup for the action's quotes, if there are any; at most one statement, and none without attachments."""
    return [_LOOKUP] if any(_quotes(action)) else []


def ask(lookup: Lookup, action: Action) -> LookupAnswer:
    """Look for each quote on its page; it reads files and starts processes."""
    files = {str(file.pk): file for file in attachments.of(action)}
    by_file: dict[str, list[Quote]] = defaultdict(list)
    for quote in _quotes(action):
        by_file[str(quote["attachment"])].append(quote)
    until = time.monotonic() + MAX_SECONDS
    try:
        found = [told for key, mine in by_file.items() for told in _looked(files.get(key), mine, until)]
    except (StoreAway, Busy) as silence:
        return LookupAnswer(lookup, FetchState.UNREACHABLE, "", SOURCE, error=silence.message)
    return LookupAnswer(lookup, FetchState.FOUND, "", SOURCE, {"missing": found})


def flags(action: Action) -> Sequence[Flag]:
    """The anomalies of quotes that are not on their page; one statement, and none without attachments."""
    if action._state.adding or not action.revision.attachments:
        return ()
    row = LookupResult.objects.filter(action=action, name=NAME).select_related("text").order_by("id").last()
    if row is None:
        return ()
    if row.state != FetchState.FOUND or not isinstance(row.value, dict):
        return (Flag(CODE, "", say(_NOT_ASKED)),)
    return [_flag(told) for told in row.value.get("missing", ())]


def _quotes(action: Action) -> Iterator[Quote]:
    if not action.revision.attachments:
        return
    text = Text.objects.filter(action=action, kind=TextKind.PROPOSAL).order_by("id").first()
    for item in text.content.get("evidence", ()) if text else ():
        if item.get("quote") and item.get("attachment"):
            yield item


def _looked(file: Attachment | None, quotes: Sequence[Quote], until: float) -> list[dict[str, Any]]:
    """What is told of each quote that is not found in one file; nothing of those that are."""
    if file is None or time.monotonic() > until:
        return [_told(quote, is_read=False) for quote in quotes]
    document = Document(file.sha256, file.media_type, lambda: contents.open_bytes(file))
    try:
        places = reading.look(document, [(_page(quote), str(quote["quote"])) for quote in quotes]).places
    except Busy:
        raise
    except (Unreadable, AttachmentMissing):
        return [_told(quote, is_read=False) for quote in quotes]
    found = [*places, *[None] * len(quotes)]
    return [_told(quote, is_read=True) for quote, place in zip(quotes, found, strict=False) if place is None]


def _told(quote: Quote, *, is_read: bool) -> dict[str, Any]:
    label = str(quote.get("label", ""))
    return {"label": label, "field": str(quote.get("field") or ""), "page": _page(quote), "is_read": is_read}


def _page(quote: Quote) -> int:
    return int(quote.get("page") or 1)


def _flag(told: Mapping[str, Any]) -> Flag:
    template = _NOT_FOUND if told["is_read"] else _NOT_READ
    return Flag(CODE, str(told["field"]), say(template, label=told["label"], page=told["page"]))
