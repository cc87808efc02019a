"""Hands a document to a process with limits, and takes its answer with distrust."""

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from approvals.documents import refusals

# Processes that one web process or worker starts at the same time, and how long a reader waits for a free one.
MAX_AT_ONCE = 2
MAX_WAIT_SECONDS = 2.0
MAX_SECONDS = 8.0
MAX_TOLD = 4 << 20
MAX_PICTURE = 16 << 20
# By the names of the walls in ``inside``, which no other process imports.
PROTECTIONS = {
    "privileges": "no new privileges",
    "dumps": "no access by other processes",
    "files": "Landlock, for files and ports",
    "calls": "seccomp, for system calls",
}
_START = Path(__file__).parent / "inside" / "start.py"
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_places = threading.BoundedSemaphore(MAX_AT_ONCE)


def ask(job: dict[str, Any], content: bytes, seconds: float | None = None) -> tuple[dict[str, Any], bytes]:
    """What the process says of a document, and the picture that it drew, if any.

    :raises Unreadable: where the document, the time or the process is the reason that there is no answer.
    """
    with _place():
        told, picture = _taken(_run(json.dumps(job).encode(), content, seconds or MAX_SECONDS))
    if "fault" in told:
        raise refusals.of(told["fault"])
    return told, picture


def missing_protection() -> list[str]:
    """What this kernel does not refuse the process, in words of operators; nothing where it refuses all.

    :raises Unreadable: the process does not answer.
    """
    told = ask({"do": "tell", "kind": "text/plain"}, b"")[0].get("missing")
    if not isinstance(told, list):
        raise refusals.Broken
    return [words for name, words in PROTECTIONS.items() if name in told]


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=MAX_WAIT_SECONDS):
        raise refusals.Busy
    try:
        yield
    finally:
        _places.release()


def _run(job: bytes, content: bytes, seconds: float) -> bytes:
    """All that the process said; it is over when this returns, and so is everything of its session."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(_START)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    assert process.stdin and process.stdout
    guard = threading.Timer(seconds, _end, [process])
    writer = threading.Thread(target=_feed, args=[process.stdin, job, content])
    guard.start()
    writer.start()
    try:
        said = process.stdout.read(MAX_TOLD + MAX_PICTURE + 1)
    finally:
        is_late = guard.finished.is_set()
        guard.cancel()
        guard.join()
        _end(process)
        code = process.wait()
        writer.join()
        process.stdout.close()
    if is_late or code == -signal.SIGXCPU:
        raise refusals.TooSlow
    return said


def _feed(pipe: IO[bytes], job: bytes, content: bytes) -> None:
    try:
        with pipe:
            pipe.write(struct.pack(">I", len(job)) + job)
            pipe.write(content)
    except BrokenPipeError:
        # It ended before it read all: what it said, if anything, is looked at by the other thread.
        return


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and its group; nobody has waited for it yet, so that its number is still its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _taken(said: bytes) -> tuple[dict[str, Any], bytes]:
    """The two parts of an answer, if it has the form of one."""
    if len(said) < 12 or said[:4] != b"HITL":
        raise refusals.Broken
    of_text, of_picture = struct.unpack(">II", said[4:12])
    text, picture = said[12 : 12 + of_text], said[12 + of_text :]
    if of_text > MAX_TOLD or of_picture > MAX_PICTURE or len(picture) != of_picture:
        raise refusals.Broken
    if picture and not picture.startswith(_PNG):
        raise refusals.Broken
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusals.Broken from error
    if not isinstance(told, dict):
        raise refusals.Broken
    return told, picture
