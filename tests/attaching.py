"""Files for tests of attachments: small documents of each type, and an agent that uploads them."""

import hashlib
import io
import itertools
from datetime import datetime

from approvals.actors import Door, system
from approvals.models import Attachment
from approvals.services.attachments import uploads
from approvals.services.attachments.uploads import Received, Uploaded
from approvals.services.execution import run
from policies import db
from tests.world import NOON, World

_count = itertools.count(1)


def text(words: str = "") -> bytes:
    """A plain text that no other test has."""
    return f"Delivery note {next(_count)}\nPaper, A4, 20 boxes\n{words}\n".encode()


def received(content: bytes, name: str = "note.txt") -> Received:
    """A file as a door hands it over."""
    return Received(io.BytesIO(content), hashlib.sha256(content).hexdigest(), len(content), name)


def uploaded(here: World, content: bytes, name: str = "note.txt", at: datetime = NOON) -> Uploaded:
    """A file that the world's agent uploaded."""
    return uploads.upload(actor=here.as_agent(), at=at, received=received(content, name))


def attachment(here: World, content: bytes | None = None, name: str = "note.txt", at: datetime = NOON) -> Attachment:
    """The row of such a file."""
    return uploaded(here, text() if content is None else content, name, at).attachment


def execute() -> None:
    """The worker carries out what is ready, at most ten actions."""
    run.run_ready(actor=system(Door.CELERY), clock=db.now, limit=10)
