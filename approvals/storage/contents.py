"""The bytes of attachments, found by their SHA-256. Everything here goes to a disk or a network.

What is called inside a transaction would keep it open as long as a disk hangs: callers ask before or after.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import IO

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages

from approvals.errors import AttachmentMissing, StoreAway
from approvals.models import Attachment
from approvals.storage.folder import PART, Folder

ALIAS = "attachments"
# Up to this size the bytes are read and hashed before an effect; of a larger file its size is compared. Reading it
# would delay what people approved, and every page that shows it compares its digest.
HASHED_BYTES = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

log = structlog.get_logger()


def put(sha256: str, file: IO[bytes]) -> None:
    """Store bytes under their digest; what is there under it is replaced by the same bytes.

    :raises StoreAway: they could not be stored.
    """
    with _reached():
        file.seek(0)
        _store().save(_name(sha256), File(file))


def open_bytes(attachment: Attachment) -> bytes:
    """The bytes of an attachment, compared with its digest.

    :raises AttachmentMissing: they were erased, are not there, or are others than those that were uploaded.
    :raises StoreAway: the store does not answer.
    """
    if attachment.erased_at is not None:
        raise AttachmentMissing("This attachment was erased.", attachment=str(attachment.pk))
    content = _read(attachment.sha256)
    if content is None:
        raise AttachmentMissing(attachment=str(attachment.pk))
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), attachment.sha256):
        raise AttachmentMissing(
            "The stored file differs from the one that was uploaded. Ask your operator to restore it.",
            attachment=str(attachment.pk),
        )
    return content


def is_whole(sha256: str, size: int) -> bool:
    """Whether the bytes are there: by their digest where they are few, by their size where they are many.

    :raises StoreAway: the store does not answer.
    """
    if size <= HASHED_BYTES:
        content = _read(sha256)
        return content is not None and hashlib.sha256(content).hexdigest() == sha256
    try:
        with _reached():
            return _store().size(_name(sha256)) == size
    except FileNotFoundError:
        return False
    raise AssertionError  # either returns or raises


def take_away(sha256: str) -> bytes | None:
    """Remove bytes and return what was there, so that the caller can put it back.

    :raises StoreAway: the store does not answer.
    """
    content = _read(sha256)
    with suppress(FileNotFoundError), _reached():
        _store().delete(_name(sha256))
    return content


def put_back(sha256: str, content: bytes) -> None:
    """Store bytes again.

    :raises StoreAway: they could not be stored.
    """
    with _reached():
        _store().save(_name(sha256), ContentFile(content))


def old(prefix: str, before: datetime) -> Iterator[str]:
    """Yield the digests of files that were stored before a moment, and remove what killed processes left.

    ``prefix`` is the two hexadecimal digits that the digests begin with.

    :raises StoreAway: the store does not answer.
    """
    with _reached():
        store = _store()
        for name in store.listdir(prefix)[1]:
            path = f"{prefix}/{name}"
            is_ours = _SHA256.fullmatch(name) is not None
            if not is_ours and not name.endswith(PART):
                continue
            if store.get_modified_time(path) >= before:
                continue
            if is_ours:
                yield name
            else:
                store.delete(path)


def identity(*, is_used: bool = True) -> str:
    """The name of the folder, which hosts that share it read alike; empty where no folder is used.

    Without ``is_used`` no folder is made.

    :raises StoreAway: the folder cannot be read or written.
    """
    store = _store()
    with _reached():
        return store.identity(is_used=is_used) if isinstance(store, Folder) else ""
    raise AssertionError  # either returns or raises


def _read(sha256: str) -> bytes | None:
    try:
        with _reached(), _store().open(_name(sha256)) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None
    raise AssertionError  # either returns or raises


def _store() -> Storage:
    return storages[ALIAS]


def _name(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("This is no SHA-256 digest.")
    return f"{sha256[:2]}/{sha256}"


def _is_missing(error: Exception) -> bool:
    """Whether an answer of S3 says that there is no such key; a bucket that is not there is another matter."""
    told = getattr(error, "response", None)
    code = told.get("Error", {}).get("Code") if isinstance(told, dict) else None
    return code in {"NoSuchKey", "NotFound", "404"}


@contextmanager
def _reached() -> Iterator[None]:
    """Turn every failure of the store into a refusal; whatever a library raises, the bytes are not at hand."""
    try:
        yield
    except (FileNotFoundError, GeneratorExit):
        raise
    except Exception as error:
        if _is_missing(error):
            raise FileNotFoundError from error
        log.exception("attachments.store_failed")
        raise StoreAway() from error
