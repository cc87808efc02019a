"""Every connector that ships keeps what the conformance kit asks, and the kit finds connectors that do not."""

import csv
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from approvals.connectors import outbound
from approvals.connectors.base import CallResult, CallStatus, Order, Recovery
from approvals.connectors.conformance import Conformance
from approvals.connectors.csv import CsvConnector
from approvals.connectors.email import EmailConnector
from approvals.connectors.fake import FakeConnector
from approvals.connectors.http import HttpConnector
from approvals.connectors.journal import JournalConnector
from approvals.connectors.scim import ScimConnector
from tests.connectors import row_writer
from tests.connectors.providers import TOKEN, Mailbox, Provider
from tests.servers.recording import Answer, RecordingServer

MAIL = '{"body":"Hello","subject":"Hi","to":"kim@example.com"}'


class TestHttp(Conformance):
    connector = HttpConnector()
    secrets = ("hush",)
    bad_targets = ({"url": "https://elsewhere.example/?key=hush"}, {"url": "ftp://x.example"}, {"url": 7})
    max_seconds = 3.0

    @pytest.fixture(autouse=True, params=["dedupes", "lookup", "neither"])
    def prepared(self, request: pytest.FixtureRequest, server: RecordingServer, settings: Settings) -> None:
        self.server, self.settings = server, settings
        server.dedupes = request.param == "dedupes"
        ways = {"dedupes": {"dedupes": True}, "lookup": {"lookup": f"{server.url}/effects/{{key}}"}}
        self.target = {"url": f"{server.url}/post?key=hush", "timeout": 1, **ways.get(request.param, {})}

    def make_order(self, key: str) -> Order:
        return Order(key, "a-1", "invoice.post", "bot", 1, "{}", self.target)

    def count_effects(self, order: Order) -> int:
        return self.server.effects[order.key]

    def lose_answer(self) -> bool:
        self.server.script(Answer.CLOSED_AFTER_EFFECT)
        return True

    def go_silent(self) -> bool:
        self.server.script(Answer.SILENT)
        return True

    def close(self) -> bool:
        self.server.stop()
        return True


class TestEmail(Conformance):
    connector = EmailConnector()
    bad_targets = ({"to": 7}, {"reply_to": "nobody"}, {"bcc": "x"})
    max_seconds = 3.0

    @pytest.fixture(autouse=True)
    def prepared(self, settings: Settings) -> Generator[None]:
        self.mailbox = Mailbox()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", self.mailbox.port, 1
        yield
        self.mailbox.socket.close()

    def make_order(self, key: str) -> Order:
        return Order(key, "a-1", "email.send", "bot", 1, MAIL, {"to": "to"})

    def count_effects(self, order: Order) -> int:
        return self.mailbox.took

    def lose_answer(self) -> bool:
        self.mailbox.is_cut = True
        return True

    def go_silent(self) -> bool:
        self.mailbox.is_silent = True
        return True


class TestCsv(Conformance):
    connector = CsvConnector()
    bad_targets = ({"folder": "other"}, row_writer.TARGET | {"prefix": "../x"})

    @pytest.fixture(autouse=True)
    def prepared(self, settings: Settings, tmp_path: Path) -> None:
        self.folder, self.settings = tmp_path, settings
        settings.HITL_CSV_FOLDERS = {"books": str(tmp_path)}

    def make_order(self, key: str) -> Order:
        return row_writer.order(key)

    def count_effects(self, order: Order) -> int:
        paths = list(self.folder.glob("*.csv"))
        return sum(row[-1] == order.key for path in paths for row in csv.reader(path.open(newline="")))

    def close(self) -> bool:
        self.settings.HITL_CSV_FOLDERS = {"books": str(self.folder / "nowhere")}
        return True


class TestScim(Conformance):
    connector = ScimConnector()
    secrets = (TOKEN,)
    bad_targets = ({"operation": "add"}, {"url": "https://elsewhere.example/", "operation": "add"})
    max_seconds = 3.0

    @pytest.fixture(autouse=True)
    def prepared(self, provider: Provider, settings: Settings) -> None:
        self.provider, self.settings = provider, settings

    def make_order(self, key: str) -> Order:
        return replace(self.provider.order(timeout=1), key=key)

    def count_effects(self, order: Order) -> int:
        return len(self.provider.control()["changes"])

    def lose_answer(self) -> bool:
        self.provider.control(faults=["", "", "closed after"])
        return True

    def go_silent(self) -> bool:
        self.provider.control(faults=["", "", "slow"])
        return True


class TestJournal(Conformance):
    connector = JournalConnector()
    bad_targets = ({"path": "/etc/passwd"},)

    @pytest.fixture(autouse=True)
    def prepared(self, settings: Settings, tmp_path: Path) -> None:
        settings.HITL_HOME = self.folder = tmp_path

    def make_order(self, key: str) -> Order:
        return Order(key, "a-1", "invoice.post", "bot", 1, "{}", {})

    def count_effects(self, order: Order) -> int:
        path = self.folder / "journal.jsonl"
        return path.read_text().count(order.key) if path.exists() else 0


class TestFake(Conformance):
    connector: FakeConnector

    @pytest.fixture(autouse=True, params=[Recovery.DEDUPES, Recovery.ASKABLE])
    def prepared(self, request: pytest.FixtureRequest) -> None:
        self.connector = FakeConnector(class_=request.param)

    def make_order(self, key: str) -> Order:
        return Order(key, "a-1", "invoice.post", "bot", 1, "{}", {})

    def count_effects(self, order: Order) -> int:
        return self.connector.effects[order.key]

    def lose_answer(self) -> bool:
        self.connector.script.append((True, CallResult(CallStatus.UNKNOWN, error="Cut.")))
        return True


class Faulty(FakeConnector):
    """A connector with one fault, by its name."""

    def __init__(self, fault: str) -> None:
        super().__init__(class_=Recovery.ASKABLE if fault == "lookup" else Recovery.DEDUPES)
        self.fault = fault

    def send(self, order: Order) -> CallResult:
        if self.fault == "raises":
            raise RuntimeError
        if self.fault == "again":
            self.effects[order.key] += 1
        found = super().send(order)
        return CallResult(CallStatus.REFUSED) if self.fault == "sure" and found.answer is CallStatus.UNKNOWN else found

    def look_up(self, order: Order) -> CallResult:
        return CallResult(CallStatus.DONE)

    def check_target(self, target: dict[str, object]) -> list[str]:
        return ["hush"] if self.fault == "faults" else []

    def summary(self, target: dict[str, object]) -> str:
        return f"{target['url']}" if self.fault == "summary" else "Fake hush" if self.fault == "secret" else "Fake"


class Broken(TestFake):
    __test__ = False
    secrets = ("hush",)

    def __init__(self, fault: str) -> None:
        self.connector = Faulty(fault)


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        ("raises", Broken.test_executes_once),
        ("again", Broken.test_dedupes_if_it_says_so),
        ("lookup", Broken.test_can_be_asked_if_it_says_so),
        ("sure", Broken.test_is_in_doubt_about_a_lost_answer),
        ("faults", Broken.test_names_faults_in_sentences),
        ("summary", Broken.test_summarizes_any_target),
        ("secret", Broken.test_summarizes_any_target),
    ],
)
def test_the_kit_finds_a_fault(fault: str, test: Callable[[Conformance], None]) -> None:
    test(Broken(""))
    with pytest.raises((AssertionError, KeyError)):
        test(Broken(fault))


def test_the_kit_finds_a_call_that_takes_too_long(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 1.0)
    tests = TestHttp()
    tests.server, tests.target, tests.max_seconds = server, {"url": server.url}, 0.5
    with pytest.raises(AssertionError, match="took"):
        tests.test_keeps_its_time_limit()
