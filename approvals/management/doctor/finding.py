"""What was found out about one part, and how parts are asked without waiting for one that does not answer."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from approvals.api.base.probe import Probe

log = structlog.get_logger()


class Level(StrEnum):
    """Green is as it should be, amber wants attention, red does not work."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a part, and what to do unless it is green."""

    part: str
    level: Level
    words: str
    hint: str = ""


Examination = Callable[[], Sequence[Finding]]


def green(part: str, words: str) -> Finding:
    """What is as it should be."""
    return Finding(part, Level.GREEN, words)


def amber(part: str, words: str, hint: str) -> Finding:
    """What works and wants attention."""
    return Finding(part, Level.AMBER, words, hint)


def red(part: str, words: str, hint: str) -> Finding:
    """What does not work."""
    return Finding(part, Level.RED, words, hint)


def examine(examinations: dict[str, Examination], seconds: float) -> Iterator[Finding]:
    """Ask all parts together, and yield what each answers within the time."""
    until = time.monotonic() + seconds
    probes = [(part, Probe(part, _told(part, examination))) for part, examination in examinations.items()]
    for _, probe in probes:
        probe.start()
    for part, probe in probes:
        found = probe.answer(until)
        if found is None:
            hint = "Check that it can be reached from here, and its load."
            yield red(part, f"There was no answer within {seconds:.0f} seconds.", hint)
        yield from found or ()


def first_line(error: BaseException) -> str:
    """What an error says, without the lines that follow and without the end of the sentence."""
    return str(error).strip().partition("\n")[0].rstrip(". ") or type(error).__name__


def _told(part: str, examination: Examination) -> Examination:
    def run() -> Sequence[Finding]:
        try:
            return examination()
        except Exception as error:
            # What nobody foresaw: an operator gets a sentence, and the log the rest.
            log.exception("doctor.failed", part=part)
            return [red(part, f"It could not be examined: {first_line(error)}.", "See the log line doctor.failed.")]

    return run
