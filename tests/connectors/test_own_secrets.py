"""What the product reads for itself never leaves as somebody's token: not by name, by spelling, or from a template."""

import ast
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as ours
from django.core.checks import run_checks
from pytest_django import Settings

from approvals.connectors.base import CallStatus, Order, Recovery
from approvals.connectors.http import HttpConnector
from approvals.connectors.lookups.base import NothingFound, Question, Unreachable
from approvals.connectors.lookups.http import HttpSource
from approvals.models import ActionType
from hitl_project.environment import Environment
from tests import world
from tests.architecture.source import calls, dotted, modules
from tests.servers.recording import RecordingServer

HTTP, SOURCE = HttpConnector(), HttpSource()
# What reads the environment by name; the last is a helper of the settings.
READERS = ("env.", "os.environ.get", "os.getenv", "_database")
KEY = "HITL_SECRET_KEY"
NORMALIZED_FIELDS = (
    *("{}", " {}", "{} ", "{}\n", "\t{}", "{}\x00", "\u200b{}", "{}\u00a0", "${}", "${{{}}}", "{{{}}}", "%{}%"),
    *("{}=", "{},HITL_SECRET_ERP"),
)


def read_by_the_product() -> Iterator[str]:
    """Every name of a variable that the source reads, also where it is read only under some condition."""
    for module in modules():
        for call in calls(module.tree):
            name = call.args[0] if call.args and dotted(call.func).startswith(READERS) else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value
        for node in ast.walk(module.tree):
            is_item = isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ"
            if is_item and isinstance(node.slice, ast.Constant):
                yield str(node.slice.value)


OWN = sorted({*read_by_the_product(), *ours.HITL_VARIABLES})
REFUSED = (
    *OWN,
    *map(str.lower, OWN),
    *(
        spelling.format(name)
        for spelling in NORMALIZED_FIELDS
        for name in (KEY, "HITL_SECRET_Key", "ＨＩＴＬ_SECRET_KEY")
    ),
    *("HITL_SECRET_key", "", None, 0, False, [KEY], {KEY: KEY}),
)


def target(name: Any) -> dict[str, Any]:
    return {"url": "https://erp.example.com/", "bearer_env": name}


def order(server: RecordingServer, **fields: Any) -> Order:
    return Order("k" * 64, "a-1", "invoice.post", "bot", 1, "{}", {"url": f"{server.url}/post", **fields})


@pytest.fixture
def server(server: RecordingServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> RecordingServer:
    settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
    for name in REFUSED:
        if isinstance(name, str) and name and not {"=", "\x00"} & set(name):
            monkeypatch.setenv(name, os.environ.get(name) or "our own")
    return server


class TestAVariableOfOurOwn:
    def test_is_found_in_the_source(self) -> None:
        assert {KEY, "DATABASE_URL", "DATABASE_OWNER_URL", "EMAIL_URL", "HITL_SSL_REDIRECT", "PORT"} <= set(OWN)

    def test_with_the_prefix_of_tokens_is_known_to_the_settings(self) -> None:
        # One that is read under a condition alone would be free to name wherever the condition does not hold.
        assert {name for name in OWN if name.startswith("HITL_SECRET_")} <= set(ours.HITL_VARIABLES)

    @pytest.mark.parametrize("name", REFUSED)
    def test_is_refused_when_a_target_is_saved(self, settings: Settings, name: Any) -> None:
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        assert HTTP.check_target(target("HITL_SECRET_ERP")) == SOURCE.check_target(target("HITL_SECRET_ERP")) == []
        assert HTTP.check_target(target(name)) and SOURCE.check_target(target(name))

    def test_is_not_sent_under_any_name(self, server: RecordingServer) -> None:
        answers = {HTTP.send(order(server, bearer_env=name)).answer for name in REFUSED}
        assert (answers, server.requests) == ({CallStatus.NOT_DONE}, [])

    def test_is_not_sent_with_the_question_whether_it_was_done(self, server: RecordingServer) -> None:
        orders = [order(server, bearer_env=name, lookup=f"{server.url}/{{key}}") for name in REFUSED]
        assert ({HTTP.look_up(each).answer for each in orders}, server.requests) == ({CallStatus.UNKNOWN}, [])

    def test_is_not_sent_with_a_look_up(self, server: RecordingServer) -> None:
        for name in REFUSED:
            with pytest.raises(Unreachable):
                SOURCE.fetch({"url": server.url, "bearer_env": name}, server.url)
        assert server.requests == []

    def test_is_refused_from_the_moment_that_a_setting_reads_it(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        env = Environment()
        monkeypatch.setattr(settings, "HITL_VARIABLES", env.names)
        settings.HITL_OUTBOUND_HOSTS = ["erp.example.com"]
        assert HTTP.check_target(target("HITL_SECRET_NEXT")) == []
        env.str("HITL_SECRET_NEXT", "")
        assert HTTP.check_target(target("HITL_SECRET_NEXT"))

    @pytest.mark.parametrize("read", ["str", "list", "dict", "bool", "url", "db_url", "email_url"])
    def test_is_remembered_by_every_reader(self, monkeypatch: pytest.MonkeyPatch, read: str) -> None:
        env = Environment()
        monkeypatch.setenv("HITL_SECRET_ODD", {"email_url": "smtp://a", "dict": "a=b"}.get(read, "sqlite:///a"))
        getattr(env, read)("HITL_SECRET_ODD")
        assert env.names == {"HITL_SECRET_ODD"}

    @pytest.mark.vendor_sensitive
    @pytest.mark.parametrize("lookups", [None, [{"name": "x", "source": "http", "target": target(KEY)}]])
    def test_that_is_stored_already_is_told_by_the_check(self, transactional_db: None, lookups: Any) -> None:
        here = world.make(connector="http", target={} if lookups else target(KEY), lookups=lookups)
        told = [fault.msg for fault in run_checks(databases=["default"]) if fault.id == "approvals.W003"]
        assert len(told) == 1 and here.kind.name in told[0] and KEY in told[0]
        ActionType.objects.update(target=target("HITL_SECRET_ERP"), lookups=None)
        assert not [fault for fault in run_checks(databases=["default"]) if fault.id == "approvals.W003"]


class TestAText:
    @pytest.mark.parametrize("text", ["$HITL_SECRET_KEY", "${HITL_SECRET_KEY}", "{HITL_SECRET_KEY}", "%(HITL_MODE)s"])
    def test_of_a_header_goes_out_as_it_is(self, server: RecordingServer, text: str) -> None:
        assert HTTP.send(order(server, headers={"X-Text": text})).answer is CallStatus.DONE
        SOURCE.fetch({"url": server.url, "headers": {"X-Text": text}}, server.url)
        assert [request.headers["X-Text"] for request in server.requests] == [text, text]

    def test_of_an_address_goes_out_as_it_is(self, server: RecordingServer) -> None:
        sent = order(server, lookup=f"{server.url}/$HITL_SECRET_KEY/{{HITL_SECRET_KEY}}/{{key}}")
        assert HTTP.recovery(sent.target) is Recovery.ASKABLE
        HTTP.look_up(sent)
        assert server.requests[0].path == f"/$HITL_SECRET_KEY/{{HITL_SECRET_KEY}}/{sent.key}"

    def test_of_a_look_up_has_no_place_for_a_variable(self) -> None:
        url = "https://erp.example.com/{HITL_SECRET_KEY}"
        assert SOURCE.check_target({"url": url})
        with pytest.raises(NothingFound):
            SOURCE.asked({"url": url}, Question({}, {KEY: "ours", "subject": "x"}))
