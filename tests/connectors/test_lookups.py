"""Sources of facts: values that lead nowhere else, answers that are taken only where they are clear."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from approvals.connectors.lookups.base import NothingFound, Question, Unreachable, usable
from approvals.connectors.lookups.http import HttpSource
from approvals.connectors.lookups.table import TableSource
from tests.servers.recording import Answer, RecordingServer

HTTP, TABLE = HttpSource(), TableSource()


def about(**payload: Any) -> Question:
    return Question(payload, {"subject": "", "on_behalf_of": "Ann Lee", "agent": "bot", "action_type": "a.b"})


def asked(url: str, **payload: Any) -> str:
    return HTTP.asked({"url": url}, about(**payload))


class TestAnAddress:
    def test_holds_each_value_percent_encoded(self) -> None:
        address = asked("https://hr.example/people/{/email}?by={on_behalf_of}", email="a/b?c=d&e#f@x.example")
        assert address == "https://hr.example/people/a%2Fb%3Fc%3Dd%26e%23f%40x.example?by=Ann%20Lee"

    @pytest.mark.parametrize("value", ["..", "."])
    def test_is_not_led_out_of_its_path(self, value: str) -> None:
        with pytest.raises(NothingFound, match="would change the URL path"):
            asked("https://hr.example/people/{/email}", email=value)

    @pytest.mark.parametrize("value", ["", None, 1.5, True, {"a": 1}, "x" * 401])
    def test_is_not_made_of_what_is_no_word(self, value: object) -> None:
        with pytest.raises(NothingFound):
            asked("https://hr.example/{/email}", email=value)

    def test_needs_what_it_is_made_of(self) -> None:
        with pytest.raises(NothingFound, match="needs /email"):
            asked("https://hr.example/{/email}")
        with pytest.raises(NothingFound, match="needs subject"):
            asked("https://hr.example/{subject}")

    @pytest.mark.parametrize(
        ("target", "said"),
        [
            ({}, "url is missing"),
            ({"url": "https://{/host}/x"}, "The host in url contains a placeholder"),
            ({"url": "{/scheme}://hr.example/x"}, "The host in url contains a placeholder"),
            ({"url": "https://hr.example/{email}"}, "Unknown placeholder {email} in url"),
            ({"url": "https://hr.example/x"}, "not an allowed host"),
            ({"url": "http://127.0.0.1:9/x"}, "does not use HTTPS"),
            ({"url": "https://hr.example/x", "method": "POST"}, "Unknown field 'method'"),
            ({"url": "https://hr.example/x", "credential": "PATH"}, "The credential is not declared"),
            ({"url": "https://hr.example/x", "headers": {"Host": "b"}}, "HITL sets the header"),
        ],
    )
    def test_is_refused_where_it_could_not_be_asked(self, target: dict[str, Any], said: str) -> None:
        assert said in " ".join(HTTP.check_target(target))


class TestFetching:
    def fetch(self, server: RecordingServer, *answers: Answer, body: bytes = b"", **target: Any) -> Any:
        server.script(*answers)
        if body:
            server.served["/people/ann"] = body
        address = f"{server.url}/people/ann"
        return HTTP.fetch({"url": address, **target}, address)

    def test_gives_the_answers_json(self, server: RecordingServer) -> None:
        assert self.fetch(server, body=b'{"role": "editor"}') == {"role": "editor"}
        assert server.requests[0].method == "GET"

    @pytest.mark.parametrize("answer", [Answer.FAILED, Answer.BUSY, Answer.CLOSED])
    def test_may_be_tried_again_where_no_answer_came(self, server: RecordingServer, answer: Answer) -> None:
        with pytest.raises(Unreachable):
            self.fetch(server, answer)

    @pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.REDIRECTED])
    def test_takes_a_clear_no_for_one(self, server: RecordingServer, answer: Answer) -> None:
        with pytest.raises(NothingFound, match="The source returned"):
            self.fetch(server, answer)

    @pytest.mark.parametrize("body", [b"<html>", b'{"a": NaN}', b"[" * 100_000])
    def test_takes_nothing_that_is_no_json(self, server: RecordingServer, body: bytes) -> None:
        with pytest.raises(NothingFound, match="not JSON"):
            self.fetch(server, body=body)

    def test_calls_no_address_that_may_not_be_called(self, settings: Settings) -> None:
        settings.HITL_OUTBOUND_HOSTS = []
        with pytest.raises(NothingFound, match="not allowed"):
            HTTP.fetch({"url": "https://hr.example/x"}, "https://hr.example/x")


class TestUsable:
    def test_gives_the_value_as_it_is_stored(self) -> None:
        assert usable({"b": 1.0, "a": ["x"]}) == {"a": ["x"], "b": 1}

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (None, "has no value"),
            (2**60, "not usable"),
            ("x" * 20_000, "larger than 16 KiB"),
            ("a\x00b", "U+0000"),
            (json.loads("[" * 20 + "]" * 20), "nested deeper"),
        ],
    )
    def test_refuses_what_cannot_be_kept_or_judged_by(self, value: object, said: str) -> None:
        with pytest.raises(NothingFound, match=said.replace("+", r"\+")):
            usable(value)


class TestATable:
    def test_gives_a_value_by_its_key(self) -> None:
        target = {"by": "{/system}", "rows": {"CRM": 3}, "otherwise": 0}
        assert TABLE.check_target(target) == []
        assert TABLE.fetch(target, TABLE.asked(target, about(system="CRM"))) == 3
        assert TABLE.fetch(target, "ERP") == 0

    def test_has_no_row_for_others(self) -> None:
        with pytest.raises(NothingFound, match="no row"):
            TABLE.fetch({"by": "{/system}", "rows": {}}, "ERP")
        assert len(TABLE.check_target({"by": "x {y}", "rows": [], "more": 1, "called": 2})) == 4
