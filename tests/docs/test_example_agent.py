"""The example agent says what it did not understand and goes on; it never shows a trace, and never guesses."""

import importlib.util
import io
import json
import socket
import threading
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.management.running import ROOT

INVOICE: dict[str, Any] = {
    "issuer": "Bäckerei Öz & Söhne",
    "invoice_number": "HL-20441",
    "date": "2026-10-02",
    "amount": "1080.50",
    "amount_tax": 14,
    "currency": "EUR",
    "vat": 7740001454,
    "lines": [{"name": "Lamp", "qty": "2", "price_unit": "37.015"}, {"line_note": "Back door"}],
    "telephone": "020 123",
}
NOTHING_ODD = {"evaluation": {"outcome": "auto", "reasons": []}, "decision": None, "execution": {"error": None}}
ACTION = {
    "id": "0193a1f0-5c1e-7d3a-9b51-3f2f6f0c9a77",
    "state": "pending",
    "missing": ["/date"],
    "flags": [],
} | NOTHING_ODD
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*INVOICE, *ACTION, "x"]), inner),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def agent() -> ModuleType:
    spec = importlib.util.spec_from_file_location("invoice_agent", ROOT / "docs" / "examples" / "invoice_agent.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Server:
    """Takes the agent's calls, and answers each with the same bytes."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps(ACTION).encode()
        self.payloads: list[Any] = []

    def __call__(self, request: urllib.request.Request, timeout: float) -> io.BytesIO:
        if request.data is not None:
            assert isinstance(request.data, bytes)
            self.payloads.append(json.loads(request.data)["payload"])
        if self.status >= 400:
            raise urllib.error.HTTPError(request.full_url, self.status, "No", Message(), io.BytesIO(self.body))
        return io.BytesIO(self.body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    fake = Server()
    monkeypatch.setattr(urllib.request, "urlopen", fake)
    monkeypatch.setenv("HITL_URL", "http://hitl.example.com")
    monkeypatch.setenv("HITL_KEY", "hitl_test_x")
    monkeypatch.setenv("HITL_WAIT", "0")
    return fake


@pytest.fixture
def run(agent: ModuleType, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the agent on a folder whose first file holds these bytes, and whose second is a fine invoice."""

    def once(content: bytes) -> tuple[str, list[Any]]:
        (tmp_path / "a.json").write_bytes(content)
        (tmp_path / "b.json").write_bytes(json.dumps(INVOICE).encode())
        server.payloads.clear()
        capsys.readouterr()
        code = agent.main([str(tmp_path)])
        *first, last = capsys.readouterr().out.splitlines()
        assert first, "It has to say what became of the first file."
        assert last.startswith("b.json: ")
        assert code == (0 if all(": pending: " in line for line in (*first, last)) else 1)
        return "\n".join(first), server.payloads

    return once


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class TestWhatAReaderGotWrong:
    def test_a_text_that_is_cut_off_anywhere(self, run: Any) -> None:
        whole = written([INVOICE])
        for cut in range(len(whole)):
            said, proposed = run(whole[:cut])
            assert said.startswith("a.json: unreadable: cannot be read as JSON: it "), whole[:cut]
            assert proposed == [INVOICE], whole[:cut]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "it is empty"),
            (b" \n", "it is empty"),
            (b"[]", "holds no invoice"),
            (b"Here is the invoice:\n" + written(INVOICE), "it begins with text that is not JSON"),
            (b"```json\n" + written(INVOICE) + b"\n```", "it begins with text that is not JSON"),
            (written(INVOICE) + b"\nI hope this helps!", "there is more text after the JSON, at line 2"),
            (b"<html><body>502 Bad Gateway</body></html>", "it is HTML or XML"),
            (json.dumps(INVOICE, ensure_ascii=False).encode("latin-1"), "it is not UTF-8 text"),
            (json.dumps(INVOICE).encode("utf-16"), "it is not UTF-8 text"),
            (b'{"issuer": "A", "amount": 1.080,50}', "it has a fault at line 1, column"),
            (b'{"issuer": "A", "amount": NaN}', "NaN is not a number"),
            (b'{"issuer": "A", "amount": 1e999999999}', "the number 1e999999999 is out of range"),
            (b'{"issuer": "A", "amount": 1, "amount": 1000}', "the field amount appears twice"),
            (b"[" * 100_000, "it is nested too deeply"),
            (b"null", "holds something that is not an invoice"),
            (b'"' + b"x" * 50 + b'"', "holds something that is not an invoice"),
            (b'{"supplier": "A", "total": 12}', "holds something that is not an invoice"),
            (b'{"invoices": [{"issuer": "A", "amount": 12}]}', "holds something that is not an invoice"),
            (b'{"error": "The model is overloaded."}', "holds something that is not an invoice"),
        ],
    )
    def test_a_text_that_is_not_what_it_should_be(self, run: Any, content: bytes, words: str) -> None:
        said, proposed = run(content)
        assert said.startswith("a.json: unreadable: ")
        assert words in said
        assert proposed == [INVOICE]

    @pytest.mark.parametrize("amount", ["1.080,50", "1080,50", "1 080.50", "1'080.50", "88,10 EUR", "", "١٢", "1e5"])
    @pytest.mark.parametrize("name", ["amount", "amount_untaxed", "amount_tax"])
    def test_an_amount_that_is_written_for_people(self, run: Any, name: str, amount: str) -> None:
        said, proposed = run(written(INVOICE | {name: amount}))
        assert said.startswith(f"a.json: unreadable: {name} is ")
        assert said.endswith("which is not a plain number such as 1234.50")
        assert proposed == [INVOICE]

    @pytest.mark.parametrize("wrong", [None, True, [], ["x"], {}, {"value": "1"}], ids=str)
    @pytest.mark.parametrize("name", ["issuer", "invoice_number", "date", "amount", "amount_tax", "currency", "vat"])
    def test_a_value_of_another_type(self, run: Any, name: str, wrong: Any) -> None:
        said, proposed = run(written(INVOICE | {name: wrong}))
        assert said.startswith(f"a.json: unreadable: {name} is ")
        assert proposed == [INVOICE]

    @pytest.mark.parametrize("lines", [None, "Lamp", [1], [[]], [{"qty": []}], [{"price_unit": "37,015"}]], ids=str)
    def test_lines_of_another_form(self, run: Any, lines: Any) -> None:
        said, proposed = run(written(INVOICE | {"lines": lines}))
        assert said.startswith("a.json: unreadable: ")
        assert proposed == [INVOICE]

    def test_one_of_several_in_a_file(self, run: Any) -> None:
        said, proposed = run(written([INVOICE, {"error": "none"}, INVOICE]))
        assert [line.split(":")[1].strip() for line in said.splitlines()] == ["pending", "unreadable", "pending"]
        assert proposed == [INVOICE] * 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_file_holds_it_proposes_only_invoices(run: Any, content: bytes) -> None:
    _, (*proposed, last) = run(content)
    assert last == INVOICE
    assert all("issuer" in payload and payload.keys() & {"invoice_number", "amount"} for payload in proposed)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(written(INVOICE))), much=st.integers(0, 12), other=st.binary(max_size=6))
def test_a_damaged_text_is_refused_or_proposed_as_it_is_written(
    agent: ModuleType, run: Any, at: int, much: int, other: bytes
) -> None:
    text = written(INVOICE)
    damaged = text[:at] + other + text[at + much :]
    _, (*proposed, _last) = run(damaged)
    assert not proposed or proposed == [json.loads(damaged, parse_float=agent.decimal_text)]


class TestAnAnswer:
    def test_that_is_cut_off_anywhere(self, run: Any, server: Server) -> None:
        for cut in range(len(json.dumps(ACTION))):
            server.body = json.dumps(ACTION).encode()[:cut]
            said, _ = run(written(INVOICE))
            assert said.startswith("a.json: the answer of http://hitl.example.com cannot be understood: it "), cut
            assert said.endswith("Run the agent again."), cut

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"<!DOCTYPE html><p>Sign in</p>", "it is HTML or XML"),
            (b"\xff\xfe\x00", "it is not UTF-8 text"),
            (b"[]", "it is not an action"),
            (b'"ok"', "it is not an action"),
            (b'{"id": 7, "state": "pending"}', "it is not an action"),
            (json.dumps(ACTION | {"state": "done"}).encode(), "it is not an action"),
            (json.dumps(ACTION | {"id": "../../halts"}).encode(), "it is not an action"),
        ],
    )
    def test_that_is_foreign(self, run: Any, server: Server, body: bytes, words: str) -> None:
        server.body = body
        assert words in run(written(INVOICE))[0]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (
                b'{"detail": "Send less.", "faults": [{"pointer": "/date", "message": "is odd"}]}',
                "Send less.; /date: is odd",
            ),
            (b"<html>502</html>", "status 502"),
            (b"\xff", "status 502"),
            (b"", "status 502"),
            (b"[1]", "status 502"),
            (b'{"detail": 7, "faults": [1, null, {"pointer": []}]}', "status 502"),
        ],
    )
    def test_that_refuses(self, run: Any, server: Server, body: bytes, words: str) -> None:
        server.status, server.body = 502, body
        assert run(written(INVOICE))[0].startswith(f"a.json: refused: {words}")

    def test_about_another_action(self, agent: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HITL_WAIT", "5")
        with pytest.raises(agent.Trouble, match="about another action"):
            agent.wait(ACTION | {"id": ACTION["id"].replace("0", "1")}, "decided", ("pending",))

    def test_that_breaks_off(
        self, agent: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "a.json").write_bytes(written(INVOICE))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            monkeypatch.setenv("HITL_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
            monkeypatch.setenv("HITL_KEY", "hitl_test_x")
            thread = threading.Thread(target=half_an_answer, args=(listener,))
            thread.start()
            assert agent.main([str(tmp_path)]) == 1
            thread.join()
        assert "does not answer: IncompleteRead" in capsys.readouterr().out


OTHER = {"id": ACTION["id"], "state": "pending", "created_at": "2026-11-20T08:15:00Z"}
DUPLICATE = {"code": "seen_before", "pointer": "", "sentence": "This document number has already been used."}


class TestADuplicate:
    @pytest.mark.parametrize(
        ("other", "words"),
        [
            (
                OTHER | {"amount": {"amount": "717.97", "currency": "EUR"}},
                f"number has already been used. See action {ACTION['id']}, pending, EUR 717.97, 2026-11-20.",
            ),
            (OTHER | {"amount": None}, f"used. See action {ACTION['id']}, pending, 2026-11-20."),
        ],
    )
    def test_is_named(self, run: Any, server: Server, other: dict[str, Any], words: str) -> None:
        server.body = json.dumps(ACTION | {"flags": [DUPLICATE | {"other": other}]}).encode()
        assert words in run(written(INVOICE))[0]

    @pytest.mark.parametrize("other", [None, {}, "x", {"amount": {"amount": "1", "currency": "EUR"}}])
    def test_that_the_agent_may_not_read_is_not(self, run: Any, server: Server, other: object) -> None:
        server.body = json.dumps(ACTION | {"flags": [DUPLICATE | {"other": other}]}).encode()
        assert "See action" not in run(written(INVOICE))[0]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(other=st.dictionaries(st.sampled_from([*OTHER, "amount"]), JSON) | JSON)
    def test_of_any_form_is_survived(self, run: Any, server: Server, other: Any) -> None:
        server.body = json.dumps(ACTION | {"flags": [DUPLICATE | {"other": other}]}).encode()
        assert run(written(INVOICE))[1] == [INVOICE, INVOICE]


def half_an_answer(listener: socket.socket) -> None:
    """Answer one call with less than was announced; a call that is not read to its end would be reset instead."""
    connection, _ = listener.accept()
    with connection:
        while (part := connection.recv(65_536)) and not part.endswith(b"}"):
            pass
        connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"id": ')


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.dictionaries(st.sampled_from([*ACTION, "faults", "detail"]), JSON), status=st.sampled_from([201, 422]))
def test_whatever_the_server_answers_it_goes_on(run: Any, server: Server, parts: dict[str, Any], status: int) -> None:
    server.status, server.body = status, json.dumps(ACTION | parts).encode()
    assert run(written(INVOICE))[1] == [INVOICE, INVOICE]


class TestTheEnvironment:
    @pytest.mark.parametrize(
        ("name", "value"),
        [("HITL_URL", "file:///etc"), ("HITL_URL", "x"), ("HITL_KEY", "a\nb"), ("HITL_WAIT", "soon")],
    )
    def test_is_checked_before_anything_is_sent(
        self, agent: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch, name: str, value: str, tmp_path: Path
    ) -> None:
        monkeypatch.setenv(name, value)
        assert agent.main([str(tmp_path)]) == 2


class TestAPdfBesideIt:
    @pytest.fixture
    def calls(self, agent: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
        """What was sent, and to which path."""
        sent: list[tuple[str, Any]] = []

        def call(method: str, path: str, body: Any = None, more: Any = None, form: Any = None) -> dict[str, Any]:
            sent.append((path, body))
            return {"id": "5" * 8, "state": "executed"}

        monkeypatch.setattr(agent, "call", call)
        return sent

    def test_is_attached_and_its_values_point_to_it(
        self, agent: ModuleType, calls: list[tuple[str, Any]], tmp_path: Path
    ) -> None:
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
        agent.propose(tmp_path / "a.json", 1, {"issuer": "Mill", "amount": "5"})
        (upload, sent), (_path, body) = calls
        assert upload == "/attachments/" and b'name="file"' in sent and b"\r\n\r\n%PDF-1.4\r\n--" in sent
        assert body["attachments"] == ["5" * 8]
        place = {"label": "amount", "field": "/amount", "attachment": "5" * 8, "page": 1}
        assert body["evidence"] == [{"label": "source file", "value": "a.json"}, place]

    def test_is_not_asked_for(self, agent: ModuleType, calls: list[tuple[str, Any]], tmp_path: Path) -> None:
        agent.propose(tmp_path / "a.json", 1, {"issuer": "Mill", "amount": "5"})
        ((path, body),) = calls
        assert path == "/actions/" and not body["attachments"] and len(body["evidence"]) == 1
