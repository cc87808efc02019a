"""Liveness and readiness probes."""

import time
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from approvals.models import Beat, LedgerOutbox
from approvals.queries.inbox import waiting
from approvals.services.heartbeats import CLOCK
from policies import db

UNROUTED_SECONDS = 30
SILENT_SECONDS = 60
BELL_SECONDS = 5.0

log = structlog.get_logger()
_bell: dict[str, Any] = {"at": -BELL_SECONDS, "is_up": True}


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Report that this process responds; check nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Check the database, migrations and routing; a silent doorbell is reported but does not fail."""
    try:
        faults = _faults()
    except DatabaseError as error:
        log.warning("health.database_unavailable", error=str(error))
        faults = ["The database is unreachable. Check that it is running."]
    body = {"status": "failing" if faults else "ok", "faults": faults, "doorbell": "up" if _bell_is_up() else "down"}
    return JsonResponse(body, status=503 if faults else 200)


def _faults() -> list[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The database has unapplied migrations. Run manage.py migrate."]
    now = db.now()
    moment = now - timedelta(seconds=UNROUTED_SECONDS)
    faults = []
    if waiting.unrouted(moment).exists():
        faults.append(
            f"Some proposals have waited more than {UNROUTED_SECONDS} seconds for routing. "
            "Check that the clock is running."
        )
    seen = Beat.objects.filter(name=CLOCK, at__lt=now - timedelta(seconds=SILENT_SECONDS)).first()
    if seen:
        faults.append(f"The clock was last seen at {seen.at:%Y-%m-%d %H:%M} UTC. Start it again.")
    if LedgerOutbox.objects.filter(entry__at__lt=moment).exists():
        faults.append(
            f"Some ledger entries have waited more than {UNROUTED_SECONDS} seconds for a position. "
            "Check that the clock is running."
        )
    return faults


def _bell_is_up() -> bool:
    """Return whether the broker responds; checked at most every five seconds because timeouts are slow."""
    now = time.monotonic()
    if now - _bell["at"] >= BELL_SECONDS:
        _bell.update(at=now, is_up=_broker_answers())
    return bool(_bell["is_up"])


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=2, timeout=3)
    except (OperationalError, OSError) as error:
        log.warning("health.doorbell_down", error=str(error))
        return False
    return True
