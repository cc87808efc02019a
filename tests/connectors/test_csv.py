"""The csv connector: each row once, in whole lines, exactly as approved, even if its writer is killed."""

import csv
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from approvals.connectors import csv as csv_connector
from approvals.connectors import daily_rows
from approvals.connectors.base import CallStatus, Recovery
from approvals.connectors.csv import CsvConnector
from tests.connectors.row_writer import BODY, TARGET, order

CSV = CsvConnector()
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
# As many as two rows take, from the note in the hidden file to the second mark.
CALLS = 17


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HITL_CSV_FOLDERS = {"books": str(tmp_path)}
    on(MONDAY, monkeypatch)
    return tmp_path


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_connector, "_today", lambda: day)


def rows(folder: Path) -> list[list[str]]:
    """The rows of all files, without their headers."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += list(csv.reader(file, strict=True))[1:]
    return found


def writer(folder: Path, *keys: str, at: int = 0) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.connectors.row_writer", str(folder), str(at), *keys]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


class TestSend:
    def test_writes_what_was_approved(self, folder: Path) -> None:
        outcome = CSV.send(order("k1"))
        assert (outcome.answer, outcome.result) == (CallStatus.DONE, {"file": "postings-2026-11-30.csv"})
        written = (folder / "postings-2026-11-30.csv").read_bytes().decode()
        assert written == '"Issuer","Amount","hitl_key"\r\n"Pâper\nMill","717.97","k1"\r\n'

    def test_writes_the_header_once(self, folder: Path) -> None:
        CSV.send(order("k1", bom=True, delimiter=";"))
        CSV.send(order("k2", bom=True, delimiter=";"))
        content = (folder / "postings-2026-11-30.csv").read_bytes()
        assert content.startswith(b'\xef\xbb\xbf"Issuer";"Amount";"hitl_key"\r\n') and content.count(b"hitl_key") == 1
        assert content.count(b"\xef\xbb\xbf") == 1

    @pytest.mark.parametrize(
        ("body", "cells"),
        [
            ('{"amount":1e+21,"issuer":"=1+2"}', ["'=1+2", "1000000000000000000000"]),
            ('{"amount":"-500.0040","issuer":"@a"}', ["'@a", "-500.0040"]),
            ('{"amount":0.1,"issuer":"a\\";=b"}', ['a";=b', "0.1"]),
            ('{"amount":-12.5}', ["", "-12.5"]),
        ],
    )
    def test_writes_exact_numbers_and_no_formula(self, folder: Path, body: str, cells: list[str]) -> None:
        CSV.send(order("k1", body))
        assert rows(folder) == [[*cells, "k1"]]

    def test_writes_a_key_once_on_any_day(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        CSV.send(order("k1"))
        on(TUESDAY, monkeypatch)
        assert CSV.send(order("k1")).result == {"file": "postings-2026-11-30.csv"}
        CSV.send(order("k2"))
        assert [row[-1] for row in rows(folder)] == ["k1", "k2"]
        assert {path.name for path in folder.glob("*.csv")} == {"postings-2026-11-30.csv", "postings-2026-12-01.csv"}

    def test_does_not_write_a_key_again_after_its_file_was_imported(self, folder: Path) -> None:
        CSV.send(order("k1"))
        (folder / "postings-2026-11-30.csv").unlink()
        assert CSV.send(order("k1")).answer is CallStatus.DONE
        assert rows(folder) == []

    def test_refuses_other_columns_in_the_file_of_the_day(self, folder: Path) -> None:
        CSV.send(order("k1"))
        other = CSV.send(order("k2", columns=[{"name": "Sum", "pointer": "/amount"}]))
        assert other.answer is CallStatus.REFUSED and len(rows(folder)) == 1

    def test_begins_a_line_after_an_editor_left_the_last_one_open(self, folder: Path) -> None:
        CSV.send(order("k1"))
        path = folder / "postings-2026-11-30.csv"
        path.write_bytes(path.read_bytes().rstrip())
        CSV.send(order("k2"))
        assert [row[-1] for row in rows(folder)] == ["k1", "k2"]

    def test_writes_nothing_without_the_folder(self, settings: Settings, tmp_path: Path) -> None:
        settings.HITL_CSV_FOLDERS = {"books": str(tmp_path / "nowhere")}
        assert CSV.send(order("k1")).answer is CallStatus.NOT_DONE

    def test_writes_nothing_through_a_link(self, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "file"
        elsewhere.write_bytes(b"")
        (folder / "postings-2026-11-30.csv").symlink_to(elsewhere)
        assert CSV.send(order("k1")).answer is CallStatus.NOT_DONE
        assert elsewhere.read_bytes() == b""

    def test_takes_half_a_row_out_when_the_disk_is_full(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fill_up(descriptor: int, content: bytes) -> None:
            os.write(descriptor, content[:9])
            raise OSError(28, "No space left on device")

        CSV.send(order("k1"))
        with monkeypatch.context() as full:
            full.setattr(daily_rows, "_add", fill_up)
            assert CSV.send(order("k2")).answer is CallStatus.NOT_DONE
        assert CSV.send(order("k2")).answer is CallStatus.DONE
        assert [row[-1] for row in rows(folder)] == ["k1", "k2"]

    def test_does_not_wait_long_for_a_paused_process(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(daily_rows, "LOCK_SECONDS", 0.05)
        with daily_rows.DailyRows(folder, "postings")._locked():
            assert CSV.send(order("k1")).answer is CallStatus.NOT_DONE


class TestAKilledWriter:
    @pytest.mark.parametrize("at", range(1, CALLS + 1))
    def test_leaves_each_row_once(self, settings: Settings, tmp_path: Path, at: int) -> None:
        settings.HITL_CSV_FOLDERS = {"books": str(tmp_path)}
        process = writer(tmp_path, "k1", "k2", at=at)
        assert process.wait(30) == -signal.SIGKILL
        assert [CSV.send(order(key)).answer for key in ("k2", "k1", "k3")] == [CallStatus.DONE] * 3
        assert sorted(rows(tmp_path)) == [["Pâper\nMill", "717.97", key] for key in ("k1", "k2", "k3")]

    def test_leaves_the_row_in_doubt_if_its_file_was_moved(self, folder: Path) -> None:
        assert writer(folder, "k1", at=9).wait(30) == -signal.SIGKILL
        (left,) = folder.glob("*.csv")
        assert not left.read_bytes().endswith(b"\r\n")
        left.unlink()
        assert CSV.send(order("k1")).answer is CallStatus.UNKNOWN
        assert CSV.look_up(order("k1")).answer is CallStatus.UNKNOWN
        assert CSV.send(order("k2")).answer is CallStatus.DONE


class TestManyWriters:
    def test_write_each_row_once_and_whole(self, tmp_path: Path) -> None:
        keys = [f"k{number}" for number in range(60)]
        chance = random.Random(7)
        orders: list[Sequence[str]] = [chance.sample(keys, 40) for _ in range(4)]
        processes = [writer(tmp_path, *some) for some in orders]
        assert [process.wait(60) for process in processes] == [0] * 4
        assert sorted(row[-1] for row in rows(tmp_path)) == sorted({key for some in orders for key in some})


class TestLookUp:
    def test_finds_what_was_written(self, folder: Path) -> None:
        assert CSV.look_up(order("k1")).answer is CallStatus.NOT_DONE
        CSV.send(order("k1"))
        assert CSV.look_up(order("k1")).answer is CallStatus.DONE
        assert CSV.look_up(order("k")).answer is CallStatus.NOT_DONE
        assert CSV.recovery(TARGET) is Recovery.DEDUPES


class TestATarget:
    @pytest.mark.parametrize(
        "changes",
        [
            {"folder": "other"}, {"folder": None}, {"folder": "near"}, {"prefix": "../x"}, {"prefix": ""},
            {"path": "/etc"}, {"prefix": "ä"}, {"columns": []}, {"columns": [{"name": "A"}]},
            {"columns": [{"name": "A", "pointer": "a"}]},
            {"columns": [{"name": "hitl_key", "pointer": "/a"}]}, {"columns": [{"name": "=A", "pointer": "/a"}]},
            {"columns": [{"name": "A", "pointer": "/a"}] * 2}, {"delimiter": "|"}, {"bom": 1}, {"columns": [7]},
        ],
    )  # fmt: skip
    def test_with_a_fault_is_refused_and_nothing_is_written(
        self, folder: Path, settings: Settings, changes: dict[str, Any]
    ) -> None:
        settings.HITL_CSV_FOLDERS |= {"near": "exports"}
        assert CSV.check_target(TARGET | changes)
        assert CSV.send(order("k1", BODY, **changes)).answer is CallStatus.NOT_DONE
        assert list(folder.iterdir()) == []

    def test_without_a_fault_is_accepted(self, folder: Path) -> None:
        assert CSV.check_target(TARGET | {"delimiter": ";", "bom": True}) == []
