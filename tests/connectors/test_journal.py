"""The journal: one line per key, whole lines, whoever writes at the same time."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from approvals.connectors.base import CallStatus, Order, Recovery
from approvals.connectors.journal import JournalConnector


def order(key: str = "k1") -> Order:
    return Order(key, "a-1", "invoice.post", "bot", 1, '{"amount":717.97,"issuer":"Pâper\\nMill"}', {})


@pytest.fixture
def path(settings: Settings, tmp_path: Path) -> Path:
    settings.HITL_HOME = tmp_path
    return tmp_path / "journal.jsonl"


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line]


class TestSend:
    def test_writes_what_was_approved(self, path: Path) -> None:
        assert JournalConnector().send(order()).answer is CallStatus.DONE
        (line,) = lines(path)
        assert line["payload"] == {"amount": 717.97, "issuer": "Pâper\nMill"}
        assert (line["key"], line["action"], line["type"]) == ("k1", "a-1", "invoice.post")

    def test_writes_a_key_once_by_any_process(self, path: Path) -> None:
        one, other = JournalConnector(), JournalConnector()
        assert [way.send(order()).answer for way in (one, other, one)] == [CallStatus.DONE] * 3
        assert len(lines(path)) == 1

    def test_writes_whole_lines_when_many_write(self, path: Path) -> None:
        ways = [JournalConnector() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: ways[n % 8].send(order(f"k{n // 2}")), range(400)))
        assert sorted(str(line["key"]) for line in lines(path)) == sorted(f"k{n}" for n in range(200))

    def test_survives_a_torn_line(self, path: Path) -> None:
        path.write_bytes(b'{"key": "k0"}\n{"key": "k1", "pay')
        way = JournalConnector()
        way.send(order())
        way.send(order("k0"))
        assert path.read_bytes().splitlines()[1] == b'{"key": "k1", "pay'
        assert json.loads(path.read_bytes().splitlines()[2])["key"] == "k1"
        assert len(path.read_bytes().splitlines()) == 3

    def test_begins_anew_when_the_file_was_taken_away(self, path: Path) -> None:
        way = JournalConnector()
        way.send(order())
        path.unlink()
        way.send(order("k2"))
        way.send(order())
        assert [line["key"] for line in lines(path)] == ["k2", "k1"]

    def test_cannot_say_what_happened_where_it_cannot_write(self, settings: Settings, tmp_path: Path) -> None:
        settings.HITL_HOME = tmp_path / "nowhere"
        assert JournalConnector().send(order()).answer is CallStatus.UNKNOWN

    def test_is_read_by_nobody_else(self, path: Path) -> None:
        JournalConnector().send(order())
        assert path.stat().st_mode & 0o777 == 0o600


class TestLookUp:
    def test_finds_what_was_written(self, path: Path) -> None:
        way = JournalConnector()
        assert way.look_up(order()).answer is CallStatus.NOT_DONE
        way.send(order())
        assert way.look_up(order()).answer is CallStatus.DONE
        assert way.recovery({}) is Recovery.DEDUPES

    def test_takes_no_target(self) -> None:
        assert JournalConnector().check_target({}) == []
        assert JournalConnector().check_target({"path": "/etc/passwd"})
