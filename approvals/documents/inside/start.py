"""Reads one document in a process that can do nothing else, and answers on its standard output.

Started by path with ``python -I``: no environment, no site of the user. The limits are set before the first byte of the
document is read. Input: the length and the JSON of the job, then the document. Output: ``HITL``, the lengths of a JSON
and of a picture, and both.
"""

import importlib
import json
import os
import resource
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

# The project comes last: nothing in it can stand in for a module of Python's.
sys.path.append(str(Path(__file__).resolve().parents[3]))

from approvals.documents.inside import walls
from approvals.documents.inside.faults import Fault

MAX_MEMORY = 1 << 30
MAX_CPU_SECONDS = 10
# Fonts are opened one after the other; no library needs more files than these.
MAX_FILES = 32
MAX_NESTING = 400
READERS = {
    "application/pdf": "pdf",
    "image/png": "pictures",
    "image/jpeg": "pictures",
    "image/webp": "pictures",
    "image/tiff": "pictures",
    "image/gif": "pictures",
    "message/rfc822": "mail",
    "application/xml": "invoices",
    "text/csv": "tables",
    "text/plain": "plain",
}
# What a reader of documents never does; Python asks before each of them.
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
    "pty.",
)
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")

Reader = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def main() -> None:
    """Do one job."""
    source, answer = sys.stdin.buffer, sys.stdout.buffer
    (length,) = struct.unpack(">I", source.read(4))
    job = json.loads(source.read(length))
    reader: Reader = importlib.import_module(f"approvals.documents.inside.{READERS[job['kind']]}").read
    missing = _limit()
    told, picture = ({"missing": missing}, b"") if job["do"] == "tell" else _read(reader, job, source.read())
    text = json.dumps(told).encode()
    answer.write(b"HITL" + struct.pack(">II", len(text), len(picture)) + text + picture)
    answer.flush()
    # Nothing is tidied up: a document that hangs a destructor would cost its time here.
    os._exit(0)


def _limit() -> list[str]:
    """Set every limit, and return the names of the walls that this kernel does not let stand."""
    for what, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MAX_FILES),
    ):
        resource.setrlimit(what, (limit, limit))
    sys.setrecursionlimit(MAX_NESTING)
    # All of Python's folders; the last is the project, whose folder might hold settings and secrets.
    missing = walls.build([*sys.path[:-1], str(Path(__file__).resolve().parent)])
    # Python asks this first: where the kernel has no walls, nothing else does.
    sys.addaudithook(_refuse)
    return missing


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    # By the flags: what opens by a number has no mode.
    is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & walls.WRITES
    if event.startswith(_REFUSED) or event in _CHANGES or is_writing:
        raise PermissionError(f"{event} is not for readers of documents")


def _read(reader: Reader, job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The reader's answer, or the code of what is wrong; whatever else a library raises ends the process unanswered."""
    try:
        with warnings.catch_warnings():
            # A picture that is nearly a bomb is one.
            warnings.simplefilter("error")
            return reader(job, content)
    except MemoryError:
        return {"fault": "too_large"}, b""
    except Fault as fault:
        return {"fault": fault.fault}, b""


if __name__ == "__main__":
    main()
