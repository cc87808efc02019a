"""Removing the files of exports: a week after they were written, and what canceled or killed ones left."""

import uuid
from datetime import datetime
from pathlib import Path

import structlog

from approvals.actors import Actor
from approvals.models import Export
from approvals.models.exports import UNFINISHED, ExportState
from approvals.services.exports import files
from policies import db
from policies.db import errand, service

log = structlog.get_logger()


@errand
def remove_old(*, actor: Actor, at: datetime, limit: int = 100) -> int:
    """End the exports whose time is over, then remove every file that belongs to none; return how many files went."""
    expire(actor=actor, at=at, limit=limit)
    now, gone = db.now(), 0
    found = list(files.everything())
    wanted = _wanted({export_id for _path, export_id, _fence in found if export_id is not None})
    for path, export_id, fence in found:
        is_wanted = fence >= wanted.get(export_id, fence + 1) if export_id else not files.is_old(path, now)
        if not is_wanted:
            gone += _remove(path)
    return gone


@service
def expire(*, actor: Actor, at: datetime, limit: int) -> int:
    """Let the files of a week ago go; return how many exports."""
    over = Export.objects.filter(state=ExportState.READY, expires_at__lte=db.now()).order_by("expires_at")
    rows = list(over.select_for_update(skip_locked=True, no_key=True)[:limit])
    for export in rows:
        export.remove()
        export.save()
    return len(rows)


def _wanted(ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The first turn whose file is still needed, by export: the next turn takes over that of the one before."""
    kept = Export.objects.filter(pk__in=ids, state__in=[*UNFINISHED, ExportState.READY])
    return {export.pk: export.fence - export.is_unfinished for export in kept}


def _remove(path: Path) -> int:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("export.not_removed", file=path.name, error=str(error))
        return 0
    return 1
