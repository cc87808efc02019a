"""Taking files in: the bytes go to the store first, the row follows, and the bytes are looked for once more.

A worker that dies in between leaves bytes without a row, which are removed after a day. A row never stands without its
bytes for longer than this call: what a sweep removes meanwhile is put there again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from django.db.models import Count, Q, Sum

from approvals import conf
from approvals.actors import Actor
from approvals.documents.kinds import drawn_kind, recognize
from approvals.errors import Malformed, ScopeMissing, TooLarge, UnknownContent, UploadLimit
from approvals.models import Agent, Attachment
from approvals.services.attachments import file_names, hosts
from approvals.storage import contents
from policies.db import errand, service

HEAD_BYTES = 4096
MAX_TEXT = 10 * conf.MIB
DAY = timedelta(days=1)
RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Received:
    """A file that arrived whole: where it can be read, the SHA-256 and size of its bytes, and its sender's name."""

    file: IO[bytes]
    sha256: str
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An attachment, and whether it is new; the same bytes with the same name again are not."""

    attachment: Attachment
    is_new: bool


@errand
def upload(*, actor: Actor, at: datetime, received: Received) -> Uploaded:
    """Keep a file of an agent, to be named by its proposals; the same bytes and name again are the same attachment.

    :raises ScopeMissing: no agent is uploading.
    :raises Malformed: the file is empty.
    :raises TooLarge: it is larger than this installation accepts.
    :raises UnknownContent: its content is of no type that people can be shown.
    :raises UploadLimit: the agent uploaded too much in a day, or too much that no action took.
    :raises StoreAway: the bytes could not be stored.
    """
    media_type = _media_type(received)
    known = _known(_agent(actor), received)
    if known is None:
        check_limits(_agent(actor), at, received.size)
    if known is None or not contents.is_whole(received.sha256, received.size):
        contents.put(received.sha256, received.file)
        hosts.announce(actor=actor)
    done = record(actor=actor, at=at, received=received, media_type=media_type)
    if not contents.is_whole(received.sha256, received.size):
        # Removed in between, because no row named the bytes then.
        contents.put(received.sha256, received.file)
    return done


@service
def record(*, actor: Actor, at: datetime, received: Received, media_type: str) -> Uploaded:
    """Keep the row of a file whose bytes are stored.

    :raises ScopeMissing: no agent is uploading.
    :raises UploadLimit: the agent uploaded too much.
    """
    # Uploads of one agent follow each other, so that two at once neither exceed a limit nor make two rows.
    agent = Agent.objects.select_for_update(no_key=True).get(pk=_agent(actor).pk)
    if known := _known(agent, received):
        return Uploaded(known, is_new=False)
    check_limits(agent, at, received.size)
    attachment = Attachment.objects.create(
        agent=agent,
        sha256=received.sha256,
        size=received.size,
        media_type=media_type,
        name=file_names.cleaned(received.name),
        created_at=at,
    )
    return Uploaded(attachment, is_new=True)


def check_limits(agent: Agent, at: datetime, size: int = 1) -> None:
    """Ask whether an agent may upload so many bytes more; one statement.

    :raises UploadLimit: it may not, and `details["limit"]` says what limit is reached.
    """
    rows = Attachment.objects.filter(agent=agent, created_at__gt=at - DAY)
    told = rows.aggregate(bytes=Sum("size", default=0), unattached=Count("pk", filter=Q(attached_at=None)))
    if told["unattached"] >= conf.max_unattached():
        raise UploadLimit(
            "{count} uploads of this agent are not attached to an action. Propose their actions, or wait until they "
            "are removed after a day.",
            said={"count": told["unattached"]},
            limit=conf.max_unattached(),
            retry_after=RETRY_SECONDS,
        )
    most = conf.attachments_daily_bytes()
    if told["bytes"] + size > most:
        raise UploadLimit(
            "This agent can upload {most} MiB in 24 hours, and this file exceeds it. Try again later.",
            said={"most": most // conf.MIB},
            limit=most,
            retry_after=RETRY_SECONDS,
        )


def _known(agent: Agent, received: Received) -> Attachment | None:
    # By its name as well: a name given for one client's action is not shown to the reviewers of another's.
    name = file_names.cleaned(received.name)
    return Attachment.objects.filter(agent=agent, sha256=received.sha256, name=name, erased_at=None).first()


def _agent(actor: Actor) -> Agent:
    if actor.agent is None:
        raise ScopeMissing("Only agents can upload attachments. Use an agent’s API key.")
    return actor.agent


def _media_type(received: Received) -> str:
    if not received.size:
        raise Malformed("The file is empty. Send a file with content.", field="file")
    most = conf.attachment_max_bytes()
    if received.size > most:
        raise TooLarge(
            "The file is larger than {most} MiB. Send a smaller file.",
            said={"most": most // conf.MIB},
            limit=most,
            field="file",
        )
    received.file.seek(0)
    head = received.file.read(HEAD_BYTES)
    found = drawn_kind(head)
    if found is None and received.size > MAX_TEXT:
        raise TooLarge(
            "Text files can have at most {most} MiB. Send a smaller file, or a PDF.",
            said={"most": MAX_TEXT // conf.MIB},
            limit=MAX_TEXT,
            field="file",
        )
    # What is drawn tells its type at its start; a text is decoded as a whole, in this process.
    found = found or recognize(head, head + received.file.read())
    if found is None:
        raise UnknownContent(field="file")
    return str(found)
