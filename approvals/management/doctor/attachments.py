"""Where attachments are stored: whether this process can, and whether all hosts use one place."""

from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from approvals.documents import process
from approvals.documents.refusals import Busy, Unreadable
from approvals.errors import StoreAway
from approvals.management.doctor.finding import Finding, amber, green, red
from approvals.services.attachments import hosts
from approvals.storage import contents
from approvals.storage.contents import ALIAS

PART = "attachments"
DOCUMENTS = "documents"
LESS = "See “The process that draws documents” in docs/threat-model.md."
SHARE = "Set HITL_ATTACHMENTS to S3, or to a folder that all hosts share. Copy the files there."


def store() -> Sequence[Finding]:
    """Whether the store answers, and no two hosts keep files that the other does not have."""
    try:
        own = contents.identity(is_used=False)
        contents.is_whole("0" * 64, contents.HASHED_BYTES + 1)
    except StoreAway:
        return [red(PART, "The storage does not respond.", "Check HITL_ATTACHMENTS, and who may read and write it.")]
    try:
        used = {*hosts.folders(), *([own] if own else [])}
    except (DatabaseError, InterfaceError):
        # The database's own line says so.
        return []
    if len(used) > 1:
        return [red(PART, f"Hosts store them in {len(used)} different folders.", SHARE)]
    place = settings.STORAGES[ALIAS]["OPTIONS"].get("location", "") if own else ""
    return [green(PART, f"They are stored in {place}." if place else "The storage responds.")]


def drawing() -> Sequence[Finding]:
    """Whether the process that draws documents starts, and what of its protection this kernel does not have."""
    try:
        missing = process.missing_protection()
    except Busy:
        return [green(DOCUMENTS, "They are being drawn.")]
    except Unreadable:
        return [red(DOCUMENTS, "They cannot be drawn.", "Check the memory and the limits of processes here.")]
    if missing:
        return [amber(DOCUMENTS, f"They are drawn with less protection. Missing: {', '.join(missing)}.", LESS)]
    return [green(DOCUMENTS, "They are drawn in a process with limits.")]
