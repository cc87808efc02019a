"""The process that draws can do nothing else, and its answer is believed only where it has our form."""

import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from approvals.documents import process, reading
from approvals.documents.inside import start, walls
from approvals.documents.kinds import MediaType
from approvals.documents.reading import Document
from approvals.documents.refusals import Broken, Busy, TooBig, TooSlow, Unreadable
from tests.documents import corpus

JOB = {"do": "look", "kind": "text/plain", "width": 100, "quotes": []}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def answering(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Have another program answer in the place of ours."""
    script = folder / "other.py"
    script.write_text(f"import os, struct, sys, time\nout = sys.stdout.buffer\n{code}")
    monkeypatch.setattr(process, "_START", script)


class TestAnAnswer:
    def test_of_ours_is_taken(self) -> None:
        assert process.ask(JOB, b"Total")[0]["blocks"] == [{"kind": "text", "text": "Total"}]

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "out.write(b'HITL')",
            "out.write(b'<html><script>alert(1)</script>')",
            "out.write(b'HITL' + struct.pack('>II', 2, 9) + b'{}short')",
            "out.write(b'HITL' + struct.pack('>II', 2, 17) + b'{}' + b'<svg>no png</svg>')",
            "out.write(b'HITL' + struct.pack('>II', 4, 0) + b'[{}]')",
            "out.write(b'HITL' + struct.pack('>II', 9, 0) + b'[[[[[[[[[')",
            "out.write(b'HITL' + struct.pack('>II', 1 << 31, 0)); out.write(b'[' * (30 << 20))",
            "sys.exit(3)",
            "os.kill(os.getpid(), 11)",
        ],
    )
    def test_of_another_form_is_refused(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
        answering(monkeypatch, tmp_path, code)
        with pytest.raises(Broken):
            process.ask(JOB, b"Total")

    def test_that_names_an_unknown_fault_is_one(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        answering(
            monkeypatch, tmp_path, "t = b'{\"fault\": []}'; out.write(b'HITL' + struct.pack('>II', len(t), 0) + t)"
        )
        with pytest.raises(Unreadable):
            process.ask(JOB, b"Total")

    def test_that_does_not_come_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        answering(monkeypatch, tmp_path, "time.sleep(60)")
        with pytest.raises(TooSlow):
            process.ask(JOB, b"Total", 0.5)

    def test_leaves_no_child_of_its_process(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        left = tmp_path / "child"
        lives = "child = os.fork()\nif not child:\n os.close(1)\n time.sleep(60)\n"
        code = f"{lives}open({str(left)!r}, 'w').write(str(child))"
        answering(monkeypatch, tmp_path, code)
        with pytest.raises(Broken):
            process.ask(JOB, b"Total")
        assert _is_over(int(left.read_text()))

    def test_is_refused_while_too_many_are_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(process, "_places", threading.BoundedSemaphore(1))
        monkeypatch.setattr(process, "MAX_WAIT_SECONDS", 0.01)
        with process._place(), pytest.raises(Busy):
            process.ask(JOB, b"Total")


def _is_over(number: int) -> bool:
    """Whether a process has ended, within a moment; nobody here can wait for the child of a child."""
    for _each in range(200):
        try:
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


class TestALook:
    @pytest.mark.parametrize(
        "told",
        [
            {},
            {"pages": "1"},
            {"pages": -1},
            {"places": []},
            {"places": [[[0, 0, 1, 99_999]]]},
            {"places": [["x"]]},
            {"sizes": [[0, 0]]},
            {"sizes": 1},
            {"blocks": [{"kind": "html", "text": "<b>"}]},
            {"blocks": [{"kind": "text", "text": ["<b>"]}]},
            {"blank": ["<b>"]},
            {"places": [[[float("inf"), 0, 1, 1]]]},
            {"places": {"1": []}},
            {"blocks": [{"kind": "outline", "rows": [[10**12]]}]},
        ],
    )
    def test_that_makes_no_sense_is_refused(self, monkeypatch: pytest.MonkeyPatch, told: dict[str, object]) -> None:
        right: dict[str, object] = {"pages": 1, "sizes": [[1, 1]], "places": [None], "notes": [], "blank": []}
        whole = right | told if told else {}
        monkeypatch.setattr(process, "ask", lambda *_arguments: (whole, b""))
        with pytest.raises(Broken):
            reading.look(Document(f"{told}", MediaType.PDF, lambda: b""), [(1, "x")])

    def test_at_too_much_is_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        table = {"kind": "table", "rows": [["x"] * 1_000] * 1_000}
        told = {"pages": 1, "sizes": [], "notes": [], "blank": [1] * 1_000, "blocks": [table] * 1_000}
        monkeypatch.setattr(process, "ask", lambda *_arguments: (told | {"places": [[[0, 0, 1, 1]] * 1_000]}, b""))
        look = reading.look(Document("too much", MediaType.CSV, lambda: b""), [(1, "x")])
        rows = [row for block in look.blocks for row in block.rows]
        assert (len(look.blocks), len(rows), len(rows[0])) == (4, 1_200, 30)
        assert len(look.places[0] or ()) == 20

    @pytest.mark.parametrize("size", [(0, 5), (5, 0), (99_999, 5), (5, 99_999)])
    def test_at_a_picture_of_another_size_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
    ) -> None:
        monkeypatch.setattr(process, "ask", lambda *_arguments: ({}, PNG + struct.pack(">II", *size) + b"rest"))
        with pytest.raises(Broken):
            reading.drawn(Document(f"{size}", MediaType.PDF, lambda: b""), 1)

    def test_is_kept_and_a_refusal_as_well(self) -> None:
        reading.forget()
        reads: list[bytes] = []
        for content in (corpus.pdf(), b"%PDF-1.4 broken"):
            file = Document(content[:60].hex(), MediaType.PDF, lambda content=content: reads.append(content) or content)
            for _again in range(2):
                try:
                    reading.drawn(file, 1)
                except Unreadable:
                    continue
        assert len(reads) == 2


def limited(code: str) -> "subprocess.CompletedProcess[bytes]":
    """Run code in a process with our limits; it knows what is missing of them, and the library of C as kernel."""
    root = Path(start.__file__).parents[3]
    before = f"""
import ctypes, errno, os, socket, subprocess, sys
sys.path.append({str(root)!r})
from approvals.documents.inside import start
kernel = ctypes.CDLL(None, use_errno=True)
missing = start._limit()
"""
    return subprocess.run([sys.executable, "-I", "-c", before + code], capture_output=True, check=False)


class TestADocumentThatCostsTooMuch:
    @pytest.mark.parametrize("refusal", [TooSlow, TooBig])
    def test_is_tried_once_for_all_of_its_pages(self, monkeypatch: pytest.MonkeyPatch, refusal: type) -> None:
        def costly(*_arguments: object) -> object:
            tries.append(1)
            raise refusal

        reading.forget()
        tries: list[int] = []
        monkeypatch.setattr(process, "ask", costly)
        file = Document("costly", MediaType.PDF, lambda: b"")
        for page in range(1, 6):
            with pytest.raises(refusal):
                reading.drawn(file, page)
        with pytest.raises(refusal):
            reading.text(file, 1)
        assert len(tries) == 1


class TestTheProcess:
    @pytest.mark.parametrize(
        "deed",
        [
            "socket.create_connection(('127.0.0.1', 9))",
            "subprocess.run(['true'])",
            "os.system('true')",
            "os.fork()",
            "open('/tmp/hitl-planted', 'w')",
            "os.remove('/tmp/hitl-planted')",
            "os.kill(os.getppid(), 0)",
            "os.open('/tmp/hitl-planted', os.O_WRONLY | os.O_TRUNC)",
            "os.open('/tmp/hitl-planted', os.O_CREAT)",
            "bytearray(2 << 30)",
        ],
    )
    def test_can_do_nothing_else(self, deed: str) -> None:
        done = limited(f"""
try:
    {deed}
except (PermissionError, MemoryError):
    os._exit(7)
""")
        assert done.returncode == 7, done.stderr.decode()

    @pytest.mark.parametrize(
        ("deed", "wall"),
        [
            ("open(b'/proc/%d/environ' % os.getppid(), 0)", walls.FILES),
            ("open(b'/etc/passwd', 0)", walls.FILES),
            ("open(PLACE, os.O_WRONLY | os.O_TRUNC)", walls.CALLS),
            ("open(PLACE + b'-new', os.O_CREAT, 0o600)", walls.CALLS),
            ("truncate(PLACE, 0)", walls.CALLS),
            ("unlink(PLACE)", walls.CALLS),
            ("socket(2, 1, 0)", walls.CALLS),
            ("fork()", walls.CALLS),
            ("execv(b'/bin/true', (ctypes.c_char_p * 2)(b'true'))", walls.CALLS),
            ("kill(os.getppid(), 0)", walls.CALLS),
            ("ptrace(16, os.getppid(), 0, 0)", walls.CALLS),
            ("process_vm_readv(os.getppid(), None, 0, None, 0, 0)", walls.CALLS),
            ("prlimit(os.getppid(), 7, None, None)", walls.CALLS),
        ],
    )
    def test_is_refused_by_the_kernel_too(self, tmp_path: Path, deed: str, wall: str) -> None:
        place = tmp_path / "file"
        place.write_text("whole")
        done = limited(f"""
if {wall!r} in missing:
    os._exit(8)
PLACE = {str(place).encode()!r}
if kernel.{deed} == -1 and ctypes.get_errno() in (errno.EPERM, errno.EACCES):
    os._exit(7)
""")
        if done.returncode == 8:
            pytest.skip("This kernel does not let the wall stand.")
        assert done.returncode == 7, done.stderr.decode()
        assert place.read_text() == "whole"

    def test_says_what_the_kernel_does_not_refuse_and_builds_the_rest(self) -> None:
        done = limited("""
from approvals.documents.inside import walls
# As where the kernel has no Landlock.
walls._RULESET = 1 << 20
sys.stdout.write(",".join(walls.build([])))
sys.stdout.flush()
os._exit(7)
""")
        assert (done.returncode, done.stdout) == (7, b"files")

    def test_has_no_environment(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("HITL_SECRET_KEY", "secret")
        code = "t = b'{\"n\": %d}' % len([n for n in os.environ if n != 'LC_CTYPE'])"
        answering(monkeypatch, tmp_path, f"{code}; out.write(b'HITL' + struct.pack('>II', len(t), 0) + t)")
        assert process.ask(JOB, b"")[0] == {"n": 0}
