"""The broker of files under load: half-written, gone, and garbled files, several readers, and a real worker."""

import fcntl
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue
from kombu.simple import SimpleQueue

from hitl_project import broker
from tests.management.processes import eventually
from tests.management.running import ROOT, environment

OURS = "hitl_project.broker:Transport"
GARBLED = (
    *(b"", b"{", b"[]", b"1", b"null", b'"text"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"body": "e30="}'),
    b'{"body": "e", "properties": {"delivery_tag": "a", "body_encoding": "base64"}}',
    b'{"properties": {"body_encoding": "base64"}}',
    b'{"properties": {"delivery_tag": "a"}}',
    b'{"headers": 7, "body": 7, "properties": {"delivery_tag": "b", "delivery_info": 3}}',
    b'{"headers": null, "body": "", "properties": {"delivery_tag": "b", "delivery_info": {}}}',
)
# Writes the file that it is given in two halves, the second one when it is told.
SLOW_WRITER = """
import sys
with open(sys.argv[1], "w") as file:
    text = sys.stdin.readline()
    file.write(text[: len(text) // 2])
    file.flush()
    print("half", flush=True)
    sys.stdin.readline()
    file.write(text[len(text) // 2 :])
print("whole", flush=True)
"""


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name in ("queue", "control", "processed"):
        (tmp_path / "broker" / name).mkdir(parents=True)
    return tmp_path / "broker"


@pytest.fixture
def connect(folders: Path) -> Callable[[], Connection]:
    options = {
        "data_folder_in": str(folders / "queue"),
        "data_folder_out": str(folders / "queue"),
        "control_folder": str(folders / "control"),
        "processed_folder": str(folders / "processed"),
        "polling_interval": 0.01,
    }
    # What kombu remembers of bindings it remembers for the process, whatever the folder.
    broker.Transport.global_state.clear()
    return lambda: Connection("filesystem://", transport=OURS, transport_options=options)


@pytest.fixture
def bell(connect: Callable[[], Connection]) -> Generator[SimpleQueue]:
    with connect() as connection, connection.SimpleQueue("bell", serializer="json") as found:
        yield found


def place(folders: Path, body: bytes, *, is_old: bool = False, name: str = "0_a.bell.msg") -> Path:
    file = folders / "queue" / name
    file.write_bytes(body)
    if is_old:
        os.utime(file, (0, 0))
    return file


def put_whole(bell: SimpleQueue, folders: Path) -> str:
    """A message as it is written, taken out of its file again."""
    bell.put("rung")
    (file,) = (folders / "queue").glob("*.msg")
    text = file.read_text()
    file.unlink()
    return text


def taken(bell: SimpleQueue) -> str:
    message = bell.get(block=True, timeout=10)
    message.ack()
    return str(message.payload)


def is_silent(bell: SimpleQueue) -> bool:
    try:
        bell.get(block=True, timeout=0.1)
    except bell.Empty:
        return True
    return False


class TestAHalfWrittenMessage:
    def test_is_waited_for_while_it_is_written(self, bell: SimpleQueue, folders: Path) -> None:
        text = put_whole(bell, folders)
        writer = subprocess.Popen(
            [sys.executable, "-c", SLOW_WRITER, str(folders / "queue" / "0_a.bell.msg")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with writer:
            assert writer.stdin and writer.stdout
            writer.stdin.write(text + "\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "half\n"
            assert is_silent(bell)
            writer.stdin.write("\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "whole\n"
        assert taken(bell) == "rung"

    def test_does_not_hold_up_the_next(self, bell: SimpleQueue, folders: Path) -> None:
        half = place(folders, b'{"body":')
        bell.put("rung")
        assert (taken(bell), half.exists()) == ("rung", True)

    @pytest.mark.parametrize("body", GARBLED, ids=range(len(GARBLED)))
    def test_that_nobody_writes_on_is_set_aside(
        self, bell: SimpleQueue, folders: Path, body: bytes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        place(folders, body, is_old=True)
        bell.put("rung")
        assert taken(bell) == "rung"
        assert (folders / "processed" / "0_a.bell.msg.unreadable").read_bytes() == body
        assert "broker.message_set_aside" in capsys.readouterr().out

    def test_is_never_made_by_us(self, folders: Path, connect: Callable[[], Connection]) -> None:
        seen, is_over = Counter[str](), threading.Event()

        def write(number: int) -> None:
            with connect() as connection, connection.SimpleQueue("bell", serializer="json") as queue:
                for count in range(50):
                    queue.put({"id": f"{number}-{count}", "padding": "x" * 200_000})

        def count() -> None:
            with connect() as connection, connection.SimpleQueue("bell") as queue:
                # A slow reader still holds what it has fetched when nothing is left in the folder.
                while not is_over.is_set() or queue.qsize() or queue.buffer:
                    try:
                        message = queue.get(block=True, timeout=0.1)
                    except queue.Empty:
                        continue
                    message.ack()
                    seen[message.payload["id"]] += 1

        with ThreadPoolExecutor(6) as pool:
            readers = [pool.submit(count) for _ in range(3)]
            writers = [pool.submit(write, number) for number in range(3)]
            for writer in writers:
                writer.result()
            is_over.set()
            for reader in readers:
                reader.result()
        assert seen == {f"{number}-{count}": 1 for number in range(3) for count in range(50)}
        assert os.listdir(folders / "queue") == os.listdir(folders / "processed") == []


class TestAFile:
    def test_that_is_gone_when_it_is_opened_is_passed_over(self, bell: SimpleQueue, folders: Path) -> None:
        # Listed, and not there: what a reader sees that another one was quicker than.
        (folders / "queue" / "0_a.bell.msg").symlink_to(folders / "nothing")
        (folders / "queue" / "0_b.bell.msg").mkdir()
        bell.put("rung")
        assert taken(bell) == "rung"

    def test_is_no_message_before_it_has_its_name(self, bell: SimpleQueue, folders: Path) -> None:
        place(folders, put_whole(bell, folders).encode(), name=".0_a.bell.msg.draft")
        assert is_silent(bell)

    def test_is_left_nowhere_when_the_disk_takes_none(self, folders: Path, bell: SimpleQueue) -> None:
        # A name that is too long for the file system fails where a full disk does: after the draft, before the message.
        with pytest.raises(OSError, match="File name too long"):
            bell.channel._put("q" * 300, {})
        assert os.listdir(folders / "queue") == []


class TestATableOfQueues:
    @pytest.mark.parametrize("garbled", [b"", b'[["bell", "", ', b"{}7", b'[["only one"]]'], ids=range(4))
    def test_that_was_cut_short_is_written_again(
        self, connect: Callable[[], Connection], folders: Path, garbled: bytes
    ) -> None:
        (folders / "control" / "bell.exchange").write_bytes(garbled)
        with connect() as connection, connection.SimpleQueue("bell") as queue:
            queue.put("rung")
            assert taken(queue) == "rung"

    def test_keeps_every_queue_that_is_bound_at_once(self, connect: Callable[[], Connection]) -> None:
        gate = threading.Barrier(12)

        def bind(number: int) -> None:
            with connect() as connection:
                queue = Queue(f"q{number}", Exchange("shared"), routing_key=f"k{number}")
                gate.wait()
                queue(connection.default_channel).declare()

        with ThreadPoolExecutor(12) as pool:
            list(pool.map(bind, range(12)))
        with connect() as connection:
            found = connection.default_channel.get_table("shared")
        assert {entry.queue for entry in found} == {f"q{number}" for number in range(12)}

    def test_is_written_before_another_thread_puts_into_it(
        self, connect: Callable[[], Connection], folders: Path
    ) -> None:
        def put(number: int) -> None:
            with connect() as connection, connection.SimpleQueue("bell") as queue:
                queue.put(number)

        with ThreadPoolExecutor(4) as pool:
            with (folders / "control" / ".lock").open("ab") as held:
                fcntl.flock(held, fcntl.LOCK_EX)
                writers = [pool.submit(put, number) for number in range(4)]
                # All are under way, and none can write the table.
                wait(writers, timeout=0.5)
            for writer in writers:
                writer.result()
        with connect() as connection, connection.SimpleQueue("bell") as queue:
            assert queue.qsize() == 4

    def test_loses_a_queue_that_is_deleted(self, connect: Callable[[], Connection]) -> None:
        with connect() as connection:
            channel = connection.default_channel
            for name in ("one", "two"):
                Queue(name, Exchange("shared"), routing_key=name)(channel).declare()
            Queue("one", Exchange("shared"), routing_key="one")(channel).delete()
            assert [entry.queue for entry in channel.get_table("shared")] == ["two"]


def transport_of(home: Path, **more: str) -> str:
    """The transport that a process of these settings uses."""
    program = (
        "import django; django.setup()\n"
        "from hitl_project import celery_app\n"
        "print(type(celery_app.connection_for_write().transport).__module__)"
    )
    given = environment(home, 0, DJANGO_SETTINGS_MODULE="hitl_project.settings", **more)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class TestTheSettings:
    def test_use_it_for_files_and_for_nothing_else(self, tmp_path: Path) -> None:
        assert transport_of(tmp_path) == broker.__name__
        assert transport_of(tmp_path, REDIS_URL="redis://127.0.0.1:1/0") == "kombu.transport.redis"


@pytest.mark.chaos
class TestAWorker:
    def test_lives_on_after_what_it_cannot_read(self, tmp_path: Path) -> None:
        queue = tmp_path / "broker" / "queue"
        queue.mkdir(parents=True)
        for number, body in enumerate(GARBLED):
            os.utime(place(tmp_path / "broker", body, name=f"{number}_a.route.msg"), (0, 0))
        place(tmp_path / "broker", b'{"half', name="99_a.route.msg")
        with (tmp_path / "worker.log").open("w") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "hitl_project", "worker", "--pool", "threads"],
                cwd=ROOT, env=environment(tmp_path, 0), stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            said = (tmp_path / "worker.log").read_text
            assert eventually(lambda: os.listdir(queue) == ["99_a.route.msg"], 60), said()
            assert worker.poll() is None, said()
        finally:
            worker.kill()
            worker.wait()
