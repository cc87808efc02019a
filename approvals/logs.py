"""Best-effort logging: a full disk or a closed pipe never stops the work."""

import threading
from typing import Any, Protocol

import structlog
from structlog.tracebacks import ExceptionDictTransformer

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


def configure() -> None:
    """Write each event as one line of JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without locals: telling a failure must run nothing of theirs, and a log holds no payload or secret.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=LoggerFactory(),
    )


def say(stream: Stream, line: str) -> None:
    """Write a line to a console that may be gone."""
    try:
        stream.write(line)
        stream.flush()
    except UNWRITABLE:
        # The terminal or the pipe is gone, or the disk full: what is told goes on without being told.
        return
