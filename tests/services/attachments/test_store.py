"""The store: a key that is not there is missing, whatever a library raises; S3 is not waited for without an end."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from approvals.errors import StoreAway
from approvals.storage import contents
from hitl_project.environment import attachments
from hitl_project.environment.reader import Environment

KEY = "0" * 64


class S3Error(Exception):
    """As the client of S3 raises it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 404}}


def answering(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have the store answer every call with an error."""

    def fail(*_arguments: Any) -> Any:
        raise S3Error(code)

    monkeypatch.setattr(contents, "_store", lambda: SimpleNamespace(open=fail, size=fail, delete=fail))


@pytest.mark.parametrize("code", ["NoSuchKey", "404"])
def test_a_missing_key_is_missing(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    answering(monkeypatch, code)
    assert not contents.is_whole(KEY, 1)
    assert not contents.is_whole(KEY, contents.HASHED_BYTES + 1)
    assert contents.take_away(KEY) is None


@pytest.mark.parametrize("code", ["NoSuchBucket", "AccessDenied"])
def test_any_other_answer_tells_nothing_of_the_bytes(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    answering(monkeypatch, code)
    for size in (1, contents.HASHED_BYTES + 1):
        with pytest.raises(StoreAway):
            contents.is_whole(KEY, size)


@pytest.mark.parametrize("more", [{}, {"HITL_S3_ENDPOINT": "https://s3.example"}])
def test_s3_is_waited_for_a_few_seconds(monkeypatch: pytest.MonkeyPatch, more: dict[str, str]) -> None:
    config = ModuleType("botocore.config")
    config.Config = dict  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "botocore.config", config)
    monkeypatch.setattr(attachments, "find_spec", lambda _name: True)
    for name, value in {"HITL_ATTACHMENTS": "s3://bucket/prefix", **more}.items():
        monkeypatch.setenv(name, value)
    told = attachments.attachments(Environment(), Path("/srv"))["OPTIONS"]["client_config"]
    assert (told["connect_timeout"], told["read_timeout"], told["retries"]["total_max_attempts"]) == (5, 10, 2)
    assert told.get("s3") == ({"addressing_style": "path"} if more else None)
