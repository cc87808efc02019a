"""Why a database or a disk failed, as a refusal with words: too slow, busy, full, read-only, or away."""

import errno
from collections.abc import Iterator, Mapping

from django.db import InterfaceError, OperationalError
from django.db.utils import InternalError

from approvals.errors import Busy, DiskFull, ReadOnly, TooSlow, Unavailable

# PostgreSQL's SQLSTATE, SQLite's name of the error, and the operating system's number.
_KNOWN: Mapping[str | int, type[Unavailable]] = {
    "57014": TooSlow,
    "55P03": Busy,
    "53100": DiskFull,
    "25006": ReadOnly,
    "SQLITE_BUSY": Busy,
    "SQLITE_LOCKED": Busy,
    "SQLITE_FULL": DiskFull,
    "SQLITE_READONLY": ReadOnly,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnly,
}


def of(error: BaseException | None) -> Unavailable | None:
    """Return what to say of an error; None for a fault that is no outage."""
    for each in _causes(error):
        for sign in _signs(each):
            if sign in _KNOWN:
                return _KNOWN[sign]()
    return Unavailable() if isinstance(error, OperationalError | InterfaceError) else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    if isinstance(error, OperationalError | InterfaceError | InternalError | OSError):
        yield error
        if error.__cause__ is not None:
            yield error.__cause__


def _signs(error: BaseException) -> Iterator[str | int]:
    yield getattr(error, "sqlstate", None) or ""
    # SQLite's extended names begin with the plain ones: SQLITE_READONLY_DBMOVED.
    yield "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    if isinstance(error, OSError):
        yield error.errno or 0
