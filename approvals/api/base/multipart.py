"""Bodies with files: each file goes to a temporary file and is hashed on its way, within limits from the first byte on.

The framework's parser leaves the last file out if a body ends early. Here such a body is refused.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser

from approvals import conf
from approvals.api.base import strict_json
from approvals.errors import Malformed, NotAllowed, TooLarge
from approvals.services.attachments.places import MAX_FILES
from approvals.services.attachments.uploads import Received

KIB = 1024
# One body has room for so many of the largest files; more are uploaded one by one.
MAX_LARGEST = 5
# What headers and boundaries of all parts may add.
SPARE_BYTES = 64 * KIB
TAIL_BYTES = 512


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a body, under the name of its part."""

    received: Received

    def close(self) -> None:
        """Remove the temporary file."""
        self.received.file.close()


@dataclass(frozen=True, slots=True)
class Multipart:
    """The parts of a body: texts as they were sent, and files that are closed when the call ends."""

    texts: Mapping[str, bytes]
    files: Mapping[str, Part]

    def json(self, name: str) -> Any:
        """The JSON document in a part.

        :raises Malformed: there is no such part, or it is no JSON document that is accepted.
        """
        if name not in self.texts:
            raise Malformed(f"The part {name} is missing. Send it as JSON.", field=name)
        return strict_json.parse(self.texts[name])

    @contextmanager
    def closing(self) -> Iterator[Mapping[str, Part]]:
        """The files, which are removed afterwards."""
        try:
            yield self.files
        finally:
            for part in self.files.values():
                part.close()


class FilesParser(BaseParser):
    """Parse a body with files, for agents only: the right to send any is asked before anything is read."""

    media_type = "multipart/form-data"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The parts of the body."""
        assert parser_context is not None  # the framework always says which view is asking
        request, view = parser_context["request"], parser_context["view"]
        if not getattr(request._request, "api_key", None):
            # A session's token against forged requests might be in the body, which would have to be read first.
            raise NotAllowed("Only agents can send files. Use an agent’s API key.")
        length, most = int(request.META.get("CONTENT_LENGTH") or 0), most_bytes(view.most_files)
        if length > most:
            raise TooLarge(f"The body has {length} bytes. Send at most {most} bytes in this call.", limit=most)
        sink = _Sink(view.most_files)
        watched: Any = _Watched(stream)
        try:
            # In this encoding texts keep their bytes.
            texts, files = MultiPartParser(request.META, watched, [sink], "latin-1").parse()
        except MultiPartParserError as error:
            raise Malformed(f"The body is no valid multipart form. {error}") from error
        except (TooManyFieldsSent, TooManyFilesSent, RequestDataTooBig) as error:
            raise TooLarge("The body has too many or too large parts. Send fewer.") from error
        finally:
            sink.end()
        parsed = Multipart(_once(texts), _once(files))
        if not watched.is_complete(request.META.get("CONTENT_TYPE", "")):
            with parsed.closing():
                raise Malformed("The body ends before its last part. Send the complete body.")
        return _encoded(parsed)


def most_bytes(files: int) -> int:
    """The limit of a body with so many files."""
    return min(files, MAX_LARGEST) * conf.attachment_max_bytes() + SPARE_BYTES + 256 * KIB


class _Sink(FileUploadHandler):
    """Writes each file to a temporary one and ends the call at the first byte that is too many."""

    chunk_size = 64 * KIB

    def __init__(self, most_files: int) -> None:
        super().__init__()
        self._most, self._left = conf.attachment_max_bytes(), most_files
        self._file: IO[bytes] | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, file_name, *args, **options)
        self._left -= 1
        if self._left < 0:
            raise Malformed(f"The body has too many files. Send at most {MAX_FILES} with an action.")
        self._digest, self._size = hashlib.sha256(), 0
        # Closed by whoever takes it, or by `end`.
        self._file = _temporary()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part of it."""
        assert self._file is not None  # a file was begun
        self._size += len(raw_data)
        if self._size > self._most:
            raise TooLarge(
                f"A file is larger than {self._most // conf.MIB} MiB. Send a smaller file.", limit=self._most
            )
        self._digest.update(raw_data)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        """Hand the file over."""
        assert self._file is not None  # a file was begun
        self._file.seek(0)
        received = Received(self._file, self._digest.hexdigest(), self._size, self.file_name or "")
        self._file = None
        return Part(received)

    def end(self) -> None:
        """Remove what was begun and not finished."""
        if self._file is not None:
            self._file.close()
            self._file = None


class _Watched:
    """A stream that remembers how it ended."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._tail = stream, b""

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data: bytes = self._stream.read(size)
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        return data

    def is_complete(self, content_type: str) -> bool:
        """Whether the last bytes are the boundary that ends all parts, as the header announces it."""
        boundary = str(parse_header_parameters(content_type)[1].get("boundary", ""))
        return bool(boundary) and self._tail.rstrip(b"\r\n \t").endswith(f"--{boundary}--".encode("latin-1", "replace"))


def _once(parts: Any) -> dict[str, Any]:
    """The parts by their names.

    :raises Malformed: two have the same name.
    """
    found = dict(parts.lists())
    twice = sorted(name for name, given in found.items() if len(given) > 1)
    if twice:
        for part in chain.from_iterable(found.values()):
            if isinstance(part, Part):
                part.close()
        raise Malformed(f"The part {twice[0]!r} appears twice. Give each part a name of its own.")
    return {name: given[0] for name, given in found.items()}


def _temporary() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _encoded(parsed: Multipart) -> Multipart:
    texts: dict[str, Any] = dict(parsed.texts)
    return Multipart({name: text.encode("latin-1") for name, text in texts.items()}, parsed.files)
