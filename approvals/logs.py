"""Best-effort logging: a full disk or a closed pipe never stops the work."""

import logging
import threading
from contextlib import AbstractContextManager
from typing import Any, Protocol

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from approvals import tracing

# The header of a message that says whose request sent it.
RUNG_BY = "request_id"
# Errors of a full disk, a broken pipe or a closed file; a letter missing in the encoding is a ValueError, too.
UNWRITABLE = (OSError, ValueError)


class Stream(Protocol):
    """A stream that a line is written to."""

    def write(self, line: str, /) -> Any:
        """Write the text."""

    def flush(self) -> Any:
        """Flush the stream."""


class Logger(structlog.PrintLogger):
    """Prints lines if possible; after a failure, reports how many were lost."""

    _lost = 0
    _counting = threading.Lock()

    def msg(self, message: str) -> None:
        """Print the line, or count it as lost."""
        try:
            if Logger._lost:
                super().msg(f'{{"event": "log.lines_lost", "level": "warning", "count": {Logger._lost}}}')
                self._count(-Logger._lost)
            super().msg(message)
        except UNWRITABLE:
            # There is nowhere left to say so; the work goes on, and the count is told with the next line.
            self._count(1)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg

    def _count(self, number: int) -> None:
        with self._counting:
            Logger._lost += number


class LoggerFactory:
    """Creates the loggers for structlog."""

    def __call__(self, *args: Any) -> Logger:
        """Return a logger that prints to standard output."""
        return Logger()


# Without locals: telling a failure must run nothing of theirs, and a log holds no payload or secret.
_FAILURES = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(least: int = logging.DEBUG) -> None:
    """Write each event of at least this level as one line of JSON."""
    structlog.configure(
        processors=[*_SHARED, _FAILURES, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=LoggerFactory(),
    )


class Handler(logging.Handler):
    """Prints what Django, Celery and others log, as lines of the same form."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[*_SHARED, structlog.stdlib.add_logger_name],
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _FAILURES,
                    structlog.processors.JSONRenderer(),
                ],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Print the line, if possible."""
        Logger().msg(self.format(record))


def of_others() -> dict[str, Any]:
    """Django's setting LOGGING: what others log becomes lines as ours."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"lines": {"class": "approvals.logs.Handler"}},
        "root": {"handlers": ["lines"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # The line of the request says what Django would say a second time.
            "django.request": {"level": "ERROR"},
        },
    }


def begin(**names: str) -> None:
    """Put these names into each line of what begins here, and no longer those of what was before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**names)


def also(**names: str) -> None:
    """Put these names into each further line of what has begun, and into its span."""
    tracing.note(**names)
    structlog.contextvars.bind_contextvars(**names)


def within(**names: str) -> AbstractContextManager[None]:
    """Put these names into each line until the end of a block."""
    return structlog.contextvars.bound_contextvars(**names)


def request_id() -> str:
    """The id of the request that this is about; empty if there is none."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def say(stream: Stream, line: str) -> None:
    """Write a line to a console that may be gone."""
    try:
        stream.write(line)
        stream.flush()
    except UNWRITABLE:
        # The terminal or the pipe is gone, or the disk full: what is told goes on without being told.
        return
