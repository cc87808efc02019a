"""One loop for every sweep: a row that fails keeps no other from its turn, and no failure goes unsaid."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError

from policies.errors import Refused

T = TypeVar("T")

log = structlog.get_logger()
DEADLOCK = "40P01"


@dataclass(slots=True)
class Swept:
    """What a sweep came to: how many rows it tried, for how many something was done, and how many failed."""

    tried: int = 0
    done: int = 0
    failed: int = 0


def in_batches(
    name: str,
    batches: Iterable[Sequence[T]],
    do: Callable[[Sequence[T]], int],
    alone: Callable[[T], object],
    *,
    passes: tuple[type[Exception], ...] = (Refused,),
) -> Swept:
    """Do something for many rows in one transaction; where that fails, for each of them alone.

    So one row that cannot be done costs its batch a second try, and keeps no other from its turn.
    """
    swept = Swept()
    for batch in batches:
        try:
            swept.done += do(batch)
            swept.tried += len(batch)
        except (OperationalError, InterfaceError) as error:
            if not _is_deadlock(error):
                raise
            swept = _and(swept, for_each(name, batch, alone, passes=passes))
        except Exception:
            log.warning(f"{name}.batch_failed", rows=len(batch), exc_info=True)
            swept = _and(swept, for_each(name, batch, alone, passes=passes))
    return swept


def _and(one: Swept, other: Swept) -> Swept:
    return Swept(one.tried + other.tried, one.done + other.done, one.failed + other.failed)


def _is_deadlock(error: Exception) -> bool:
    """Whether the database ended this transaction so that another one can go on."""
    return getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def for_each(
    name: str, rows: Iterable[T], do: Callable[[T], object], *, passes: tuple[type[Exception], ...] = (Refused,)
) -> Swept:
    """Do something for each row, by a call that opens its own transaction; what it returns says whether it did.

    1. One of ``passes`` means that somebody else has the row in hand: the next sweep looks again.
    2. A database that is away ends the sweep: whoever runs it waits and comes again.
    3. Any other fault is logged with its row, and all of them are counted at the end.
    """
    swept = Swept()
    for row in rows:
        swept.tried += 1
        try:
            swept.done += bool(do(row))
        except passes as refusal:
            log.debug(f"{name}.passed_over", row=str(row), why=repr(refusal))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            swept.failed += 1
            log.exception(f"{name}.failed", row=str(row))
    if swept.failed:
        log.error(f"{name}.swept_with_failures", failed=swept.failed, tried=swept.tried)
    return swept
