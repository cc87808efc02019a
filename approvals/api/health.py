"""Health of the process and of the system, and metrics; each answers in time, whatever is unavailable."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from hmac import compare_digest

import structlog
from celery import current_app
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from approvals import conf
from approvals.api.base.probe import Probe
from approvals.queries.insight import operation
from approvals.queries.insight.operation import Operation
from approvals.services.heartbeats import CLOCK

# Answers come within half a second; the rest of it is for the way there and back.
DEADLINE_SECONDS = 0.35
LATE = timedelta(seconds=30)
SILENT = timedelta(seconds=60)
UNREACHABLE = "The database is unreachable. Check that it is running."
UNMIGRATED = "The database has unapplied migrations. Run manage.py migrate."

log = structlog.get_logger()
_migrated = [False]


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Report that this process responds; check nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Report whether this process can serve: the database answers and is migrated."""
    fault = DATABASE.answer(_deadline())
    faults = [UNREACHABLE] if fault is None else [fault] if fault else []
    return JsonResponse({"status": _status(faults), "faults": faults}, status=503 if faults else 200)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report whether the whole system works: database, broker, clock, routing and numbering."""
    until = _deadline()
    for probe in (DATABASE, SYSTEM, BROKER):
        probe.start()
    is_up = bool(BROKER.answer(until))
    faults = [*_faults(DATABASE.answer(until), SYSTEM, until)]
    if not is_up:
        faults.append("The broker does not answer. Work goes on through the clock, seconds later.")
    system = SYSTEM.answer(until)
    body = {
        "status": _status(faults),
        "faults": faults,
        "warnings": _warnings(system) if system else [],
        "doorbell": "up" if is_up else "down",
        "heartbeats": _heartbeats(system) if system else {},
    }
    return JsonResponse(body, status=503 if faults else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures for Prometheus to whoever has the token; without a token in the settings there are none."""
    token, given = conf.metrics_token(), request.META.get("HTTP_AUTHORIZATION", "")
    if not token or not compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401 if token else 404)
    until = _deadline()
    BROKER.start()
    system, is_up = SYSTEM.answer(until), bool(BROKER.answer(until))
    lines = [f"hitl_up {int(system is not None)}", f"hitl_broker_up {int(is_up)}"]
    lines += _figures(system) if system else []
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _deadline() -> float:
    return time.monotonic() + DEADLINE_SECONDS


def _status(faults: list[str]) -> str:
    return "failing" if faults else "ok"


def _faults(fault: str | None, probe: Probe[Operation | None], until: float) -> Iterator[str]:
    """Yield what is wrong; what cannot be asked without the database is not asked."""
    if fault is None or fault:
        yield fault or UNREACHABLE
        return
    system = probe.answer(until)
    if system is None:
        yield "The database answers too slowly to check the system. Check its load."
        return
    if system.is_restored:
        yield "The database was restored, so nothing is executed. Run manage.py resume_after_restore."
    clock = "Check that the clock is running."
    if system.unrouted > LATE:
        yield f"Some proposals have waited more than {LATE.seconds} seconds for routing. {clock}"
    silent = system.beats.get(CLOCK)
    if silent is not None and silent > SILENT:
        yield f"The clock was last seen {silent.total_seconds():.0f} seconds ago. Start it again."
    if system.unnumbered > LATE:
        yield f"Some ledger entries have waited more than {LATE.seconds} seconds for a position. {clock}"


def _warnings(system: Operation) -> list[str]:
    full = len(system.full_agents) + len(system.full_desks)
    found = [f"{full} agents or desks have reached their limit of waiting actions."] if full else []
    silent = len(system.open_breakers)
    return [*found, f"{silent} connectors do not respond, so approved actions wait."] if silent else found


def _heartbeats(system: Operation) -> dict[str, float]:
    """Return how many seconds ago each background process was last seen."""
    return {name: round(since.total_seconds(), 1) for name, since in system.beats.items()}


def _figures(system: Operation) -> Iterator[str]:
    for name, number in system.waiting.items():
        yield f'hitl_waiting{{what="{name}"}} {number}'
    yield f"hitl_restored {int(system.is_restored)}"
    yield f"hitl_breakers_open {len(system.open_breakers)}"
    yield from (f'hitl_breaker_open{{connector="{name}",host="{host}"}} 1' for name, host in system.open_breakers)
    yield f'hitl_oldest_seconds{{what="proposed"}} {system.unrouted.total_seconds():.1f}'
    yield f'hitl_oldest_seconds{{what="unnumbered"}} {system.unnumbered.total_seconds():.1f}'
    if CLOCK in system.beats:
        yield f"hitl_clock_silent_seconds {system.beats[CLOCK].total_seconds():.1f}"
    for scope, names in (("agent", system.full_agents), ("desk", system.full_desks)):
        yield f'hitl_backlogs_full{{scope="{scope}"}} {len(names)}'
        yield from (f'hitl_backlog_full{{{scope}="{name}"}} 1' for name in names)


def _database_fault() -> str:
    """Return what keeps this process from serving, or nothing; migrations stay applied once they are."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated[0]:
            executor = MigrationExecutor(connection)
            _migrated[0] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        log.warning("health.database_unavailable", error=str(error))
        return UNREACHABLE
    return "" if _migrated[0] else UNMIGRATED


def _system() -> Operation | None:
    try:
        return operation.now_running()
    except (DatabaseError, InterfaceError) as error:
        log.warning("health.system_unknown", error=str(error))
        return None


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except (OperationalError, OSError) as error:
        log.warning("health.doorbell_down", error=str(error))
        return False
    return True


DATABASE: Probe[str] = Probe("database", _database_fault)
SYSTEM: Probe[Operation | None] = Probe("system", _system)
BROKER: Probe[bool] = Probe("broker", _broker_answers)
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/livez": livez,
    "/readyz": readyz,
    "/healthz": healthz,
    "/metrics": metrics,
}
