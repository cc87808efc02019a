"""Whatever is sent, the answer is a problem document with a 4xx status and a sentence, and never a trace."""

import base64
import json
from typing import Any

import pytest

from approvals.models import Action
from tests import world
from tests.api.caller import Caller, bearer, proposal

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = json.dumps(proposal())


def with_payload(text: str) -> bytes:
    """A proposal whose payload holds this text as one more member."""
    return PLAIN.replace('"payload": {', '"payload": {' + text + ", ").encode("utf-8", "surrogatepass")


HOSTILE: dict[str, tuple[bytes, int, str]] = {
    "duplicate keys": (with_payload('"a": 1, "a": 2'), 400, "appears twice"),
    "the same field twice": (PLAIN.replace("{", '{"confidence": 1, ', 1).encode(), 400, "appears twice"),
    "NaN": (with_payload('"a": NaN'), 400, "NaN"),
    "Infinity": (with_payload('"a": -Infinity'), 400, "Infinity"),
    "1e999": (with_payload('"a": 1e999'), 400, "1e999"),
    "a lone surrogate": (with_payload('"a": "\\ud800"'), 400, "surrogate"),
    "a raw surrogate": (with_payload('"a": "\ud800"'), 400, "UTF-8"),
    "U+0000": (with_payload('"a": "\\u0000"'), 400, "U+0000"),
    "U+0000 in a key": (with_payload('"\\u0000": 1'), 400, "U+0000"),
    "a huge integer": (with_payload('"a": ' + "9" * 5_000), 400, "2^53"),
    "10,000 levels of objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "deeper than 32"),
    "10,000 levels of lists": (with_payload('"a": ' + "[" * 10_000 + "]" * 10_000), 400, "deeper than 32"),
    "1 MB": (with_payload(f'"a": "{"x" * 1_000_000}"'), 413, "Send at most"),
    "a payload above 128 KiB": (with_payload(f'"a": "{"x" * 140_000}"'), 413, "128 KiB"),
    "an unknown field": (PLAIN.replace("{", '{"approved": true, ', 1).encode(), 400, "is not valid"),
    "a list": (b"[]", 400, "is not valid"),
    "a number": (b"1", 400, "is not valid"),
    "null": (b"null", 400, "is not valid"),
    "nothing": (b"", 400, "is not valid"),
    "no JSON": (b"\x00\x01\xff", 400, "not valid UTF-8"),
    "half of it": (PLAIN[:-5].encode(), 400, "not valid JSON"),
    "a payload that is a list": (b'{"action_type": "invoice.post", "payload": []}', 400, "is not valid"),
    "a type that is a number": (b'{"action_type": 1, "payload": {}}', 400, "is not valid"),
    "a confidence in text": (PLAIN.replace("0.95", '"0.95"').encode(), 400, "is not valid"),
    "a confidence of true": (PLAIN.replace("0.95", "true").encode(), 400, "is not valid"),
    "a confidence above 1": (PLAIN.replace("0.95", "1.01").encode(), 400, "is not valid"),
    "a moment without an offset": (
        PLAIN.replace("{", '{"expires_at": "2099-01-01T00:00:00", ', 1).encode(), 400, "is not valid",
    ),
    "a moment that is none": (
        PLAIN.replace("{", '{"expires_at": "0000-13-41T00:00:00Z", ', 1).encode(), 400, "is not valid",
    ),
    "a moment before time": (
        PLAIN.replace("{", '{"expires_at": "0001-01-01T00:00:00+14:00", ', 1).encode(), 400, "is not valid",
    ),
    "evidence with a script's address": (
        PLAIN.replace("{", '{"evidence": [{"label": "x", "url": "javascript:alert(1)"}], ', 1).encode(),
        400, "is not valid",
    ),
    "evidence with both": (
        PLAIN.replace("{", '{"evidence": [{"label": "x", "url": "https://a.b", "value": 1}], ', 1).encode(),
        400, "is not valid",
    ),
}  # fmt: skip


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer, after what holds of every one was asked."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"] == f"urn:hitl:problem:{body['code']}"
    assert body["request_id"] == answer["X-Request-ID"]
    assert body["detail"].endswith((".", ")", "s"))
    assert b"Traceback" not in answer.content
    return body


class TestAProposal:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_is_refused_with(self, agent: Caller, name: str) -> None:
        body, status, said = HOSTILE[name]
        problem = is_problem(agent.raw("actions/", body, {"Idempotency-Key": "one"}), status)
        assert said in problem["detail"]
        assert not Action.objects.exists()

    def test_may_hold_the_deepest_that_is_taken(self, agent: Caller) -> None:
        deep: Any = 1
        for _ in range(29):
            deep = [deep]
        assert agent.propose(extra=deep).status_code == 201

    def test_is_refused_in_a_batch_of_more_than_16_mib(self, agent: Caller) -> None:
        is_problem(agent.raw("actions/batch/", b" " * (16 * 1024 * 1024 + 1)), 413)


class TestARequest:
    def test_with_another_media_type_is_refused(self, agent: Caller) -> None:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", ""):
            answer = agent.client.post("/api/v1/actions/", b"a=1", content_type=kind, headers=agent.headers)
            assert is_problem(answer, 415)["code"] == "unsupported_media_type"

    def test_in_chunks_is_told_to_say_its_length(self, agent: Caller) -> None:
        answer = agent.raw("actions/", b"{}", {"Transfer-Encoding": "chunked"})
        assert is_problem(answer, 411)["code"] == "length_required"

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
    def test_with_another_method_is_refused(self, agent: Caller, method: str) -> None:
        answer = getattr(agent.client, method)("/api/v1/actions/", headers=agent.headers)
        assert is_problem(answer, 405)["code"] == "method_not_allowed"
        assert answer["Allow"] == "GET, POST, HEAD"

    @pytest.mark.parametrize(
        "path", ["", "v1", "v1/", "v2/actions/", "v1/actions", "v1/actions/1/", "v1/actions/x/approve/", "v1/%00/"]
    )
    def test_to_no_address_is_a_problem_document(self, agent: Caller, path: str) -> None:
        assert is_problem(agent.client.get(f"/api/{path}"), 404)["code"] == "not_found"
        assert is_problem(agent.client.post(f"/api/{path}"), 404)["code"] == "not_found"

    def test_to_a_strange_host_is_a_problem_document(self, agent: Caller) -> None:
        is_problem(agent.client.get("/api/v1/me/", headers={"Host": "evil.example"}), 400)

    @pytest.mark.parametrize("name", ["work-7", "a" * 128, "0af7651916cd43dd8448eb211c80319c"])
    def test_has_its_id_echoed(self, agent: Caller, name: str) -> None:
        assert agent.get("me/", {"X-Request-ID": name})["X-Request-ID"] == name
        assert agent.get("nothing/", {"X-Request-ID": name})["X-Request-ID"] == name

    @pytest.mark.parametrize("name", ["", "a" * 129, "<script>", "a b", "ä"])
    def test_with_a_strange_id_gets_another(self, agent: Caller, name: str) -> None:
        assert len(agent.get("me/", {"X-Request-ID": name})["X-Request-ID"]) == 32

    @pytest.mark.parametrize(
        ("path", "query"),
        [
            ("actions/", {"state": "happy"}),
            ("actions/", {"colour": "red"}),
            ("actions/", {"limit": "0"}),
            ("actions/", {"limit": "x"}),
            ("actions/", {"cursor": "x"}),
            ("actions/", {"cursor": "WyJhIl0"}),
            ("actions/", {"cursor": "😀"}),
            ("actions/", {"subject": "a\x00b"}),
            ("actions/", {"created_after": "yesterday"}),
            ("actions/", {"agent": ["a", "b"]}),
            ("events/", {"after": "-1"}),
            ("events/", {"after": "9" * 40}),
            ("events/", {"wait": "61"}),
            ("corrections/", {"cursor": "WyJ4Il0"}),
        ],
    )
    def test_with_a_strange_query_is_refused(self, agent: Caller, path: str, query: dict[str, Any]) -> None:
        assert is_problem(agent.get(path, **query), 400)["code"] == "malformed"


class TestAKey:
    @pytest.mark.parametrize(
        ("plain", "code"),
        [
            ("", "key_checksum_invalid"),
            ("secret", "key_checksum_invalid"),
            ("hitl_live_abcdefghijkl_" + "a" * 43 + "_00000000", "key_checksum_invalid"),
            ("hitl_live_abcdefghijkl_" + "a" * 43 + "_26a0d4ab", "key_checksum_invalid"),
            ("x" * 100_000, "key_checksum_invalid"),
            ("\u00fc", "key_checksum_invalid"),
        ],
        ids=range(6),
    )
    def test_that_is_none_is_refused(self, agent: Caller, plain: str, code: str) -> None:
        answer = agent.client.get("/api/v1/me/", headers=bearer(plain))
        assert is_problem(answer, 401)["code"] == code
        assert answer["WWW-Authenticate"] == 'Bearer realm="hitl"'


@pytest.mark.parametrize(
    "mark",
    [
        "[Infinity, null, ID]",
        "[1e400, null, ID]",
        "[{}, null, ID]",
        '[1, "0001-01-01T00:00:00+14:00", ID]',
        "[1, 7, ID]",
    ],
)
def test_a_cursor_that_holds_no_place_in_the_queue_is_refused(junior: Caller, mark: str) -> None:
    text = mark.replace("ID", f'"{world.unknown_id()}"')
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert is_problem(junior.get("queue/", cursor=cursor), 400)["code"] == "malformed"


@pytest.mark.parametrize("risk", [10**30, -(10**30)])
def test_a_cursor_beyond_all_risks_is_a_place_like_any_other(junior: Caller, risk: int) -> None:
    cursor = base64.urlsafe_b64encode(f'[{risk}, null, "{world.unknown_id()}"]'.encode()).decode().rstrip("=")
    assert junior.get("queue/", cursor=cursor).status_code == 200


def test_a_proposal_in_a_batch_is_no_larger_than_one_alone(agent: Caller) -> None:
    evidence = [{"label": "scan", "value": "x" * 300_000}]
    items = [proposal(evidence=evidence, idempotency_key="large"), proposal(idempotency_key="small")]
    results = agent.post("actions/batch/", {"proposals": items}).json()["results"]
    assert [result["status"] for result in results] == [413, 201]
