"""A credential reaches the hosts that its operator declared, and no other, by name, by spelling, or by redirect."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest_django import Settings

from approvals.connectors import credentials
from approvals.connectors.base import CallStatus, Order, Recovery
from approvals.connectors.credentials import bearer
from approvals.connectors.http import HttpConnector
from approvals.connectors.lookups.base import NothingFound, Question, Unreachable
from approvals.connectors.lookups.http import HttpSource
from approvals.connectors.outbound import NotSent
from approvals.models import ActionType
from hitl_project.environment.credentials import hosts_by_name
from tests import world
from tests.architecture.source import calls, dotted, modules
from tests.servers.recording import Answer, RecordingServer

HTTP, SOURCE = HttpConnector(), HttpSource()
# What reads the environment by name; the last is a helper of the settings.
READERS = ("env.", "os.environ.get", "os.getenv", "database")
TOKEN = "sesame-3b1c"
# Anything but the declared name: our own settings, spellings, other types, and the token itself.
OTHER_NAMES: tuple[Any, ...] = (
    *("HITL_SECRET_KEY", "DATABASE_URL", "HITL_CREDENTIAL_ERP", "erp", "ERP ", " ERP", "ERP\n", "\u200bERP", "ＥＲＰ"),
    *("ERP_FILE", "$ERP", "{ERP}", "ERP,IDP", "ERP;IDP", "*", TOKEN, "", None, 0, False, ["ERP"], {"ERP": "ERP"}),
)
OTHER_URLS = (
    *("https://evil.example.com/", "https://erp.example.com:8443/", "https://erp.example.com.evil.example/"),
    *("https://evil.example.com/erp.example.com", "https://evil.example.com?erp.example.com:443"),
    *("https://erp.example.com@evil.example.com/", "https://evil.example.com#erp.example.com", "https://erp.example"),
    *(
        "https://xerp.example.com/",
        "https://erp.example.com./",
        "https://erp.example.com:80/",
        "http://erp.example.com/",
    ),
    *("https://evil.example.com\\@erp.example.com.evil.example/", "https:erp.example.com", "//", "", "https://[::1/"),
)


def read_by_the_product() -> Iterator[str]:
    """Every name of a variable that the source reads, also where it is read only under some condition."""
    for module in modules():
        for call in calls(module.tree):
            names = call.args[:2] if dotted(call.func).startswith(READERS) else ()
            yield from (name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str))
        for node in ast.walk(module.tree):
            is_item = isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ"
            if is_item and isinstance(node.slice, ast.Constant):
                yield str(node.slice.value)


def target(name: Any = "ERP", url: str = "https://erp.example.com/") -> dict[str, Any]:
    return {"url": url, "credential": name}


def order(server: RecordingServer, **fields: Any) -> Order:
    return Order("k" * 64, "a-1", "invoice.post", "bot", 1, "{}", {"url": f"{server.url}/post", **fields})


@pytest.fixture(autouse=True)
def declared(settings: Settings) -> Settings:
    settings.HITL_OUTBOUND_HOSTS = ["erp.example.com", "evil.example.com"]
    settings.HITL_CREDENTIALS = {"ERP": ["erp.example.com:443"], "IDP": ["idp.example.com:443"], "NOWHERE": []}
    settings.HITL_CREDENTIAL_TOKENS = {"ERP": TOKEN, "IDP": TOKEN, "NOWHERE": TOKEN}
    return settings


@pytest.fixture
def erp(server: RecordingServer, declared: Settings) -> RecordingServer:
    """The recording server, as the credential's only host."""
    declared.HITL_CREDENTIALS = {"ERP": [f"127.0.0.1:{server.port}"], "IDP": ["idp.example.com:443"], "NOWHERE": []}
    return server


class TestOnSaving:
    def test_a_target_of_its_host_is_accepted(self) -> None:
        assert HTTP.check_target(target()) == SOURCE.check_target(target()) == []

    @pytest.mark.parametrize("name", OTHER_NAMES)
    def test_an_undeclared_name_is_refused_without_repeating_it(self, name: Any) -> None:
        for faults in (HTTP.check_target(target(name)), SOURCE.check_target(target(name))):
            assert faults == ["The credential is not declared. Use the name of a credential in HITL_CREDENTIALS."]

    @pytest.mark.parametrize("url", OTHER_URLS)
    def test_another_host_is_refused(self, url: str) -> None:
        said = "The credential ERP is not for this host and port. Use one of: erp.example.com:443."
        assert said in HTTP.check_target(target(url=url)) and said in SOURCE.check_target(target(url=url))

    def test_another_host_of_the_question_is_refused(self) -> None:
        lookup = "https://evil.example.com/{key}"
        assert HTTP.check_target(target() | {"lookup": lookup}) and not HTTP.check_target({**target(), "dedupes": True})

    def test_a_credential_without_hosts_is_refused(self) -> None:
        assert HTTP.check_target(target("NOWHERE")) == [
            "The credential NOWHERE has no hosts. Add them in HITL_CREDENTIALS."
        ]


class TestOnSending:
    def test_its_host_receives_it(self, erp: RecordingServer) -> None:
        assert HTTP.send(order(erp, credential="ERP")).answer is CallStatus.DONE
        HTTP.look_up(order(erp, credential="ERP", lookup=f"{erp.url}/{{key}}"))
        SOURCE.fetch({"url": erp.url, "credential": "ERP"}, erp.url)
        assert [request.headers["Authorization"] for request in erp.requests] == [f"Bearer {TOKEN}"] * 3

    @pytest.mark.parametrize("name", [*OTHER_NAMES, "IDP", "NOWHERE"])
    def test_no_other_name_is_sent(self, erp: RecordingServer, name: Any) -> None:
        assert HTTP.send(order(erp, credential=name)).answer is CallStatus.NOT_DONE
        lookup = f"{erp.url}/{{key}}"
        assert HTTP.look_up(order(erp, credential=name, lookup=lookup)).answer is CallStatus.UNKNOWN
        with pytest.raises(Unreachable):
            SOURCE.fetch({"url": erp.url, "credential": name}, erp.url)
        assert erp.requests == []

    @pytest.mark.parametrize("url", OTHER_URLS)
    def test_no_other_url_receives_it(self, url: str) -> None:
        with pytest.raises(NotSent):
            bearer(target(), url)

    @given(host=st.from_regex(r"(erp\.example\.com)?[a-z0-9.-]{1,12}(erp\.example\.com)?", fullmatch=True))
    def test_no_generated_host_receives_it(self, host: str) -> None:
        assume(host != "erp.example.com")
        for url in (
            f"https://{host}/",
            f"https://erp.example.com:443@{host}/",
            f"https://{host}:443/?erp.example.com:443",
        ):
            with pytest.raises(NotSent):
                bearer(target(), url)

    def test_a_redirect_does_not_carry_it(self, erp: RecordingServer) -> None:
        erp.script(Answer.REDIRECTED)
        HTTP.send(order(erp, credential="ERP"))
        assert len(erp.requests) == 1

    @pytest.mark.parametrize("token", ["", "a\r\nHost: evil.example.com", "a\nb", "säsame", "a\x00"])
    def test_an_unusable_value_is_not_sent(self, erp: RecordingServer, declared: Settings, token: str) -> None:
        declared.HITL_CREDENTIAL_TOKENS = {"ERP": token}
        outcome = HTTP.send(order(erp, credential="ERP"))
        assert (outcome.answer, erp.requests) == (CallStatus.NOT_DONE, [])
        assert "HITL_CREDENTIAL_ERP_FILE" in outcome.error or "invalid characters" in outcome.error


class TestTheCheck:
    @pytest.mark.vendor_sensitive
    @pytest.mark.parametrize("lookups", [None, [{"name": "x", "source": "http", "target": target("IDP")}]])
    def test_tells_of_a_stored_target_of_another_host(self, transactional_db: None, lookups: Any) -> None:
        here = world.make(connector="http", target={} if lookups else target("IDP"), lookups=lookups)
        told = [fault.msg for fault in run_checks(databases=["default"]) if fault.id == "approvals.W003"]
        assert len(told) == 1 and here.kind.name in told[0] and "IDP" in told[0]
        ActionType.objects.update(target=target(), lookups=None)
        assert not [fault for fault in run_checks(databases=["default"]) if fault.id == "approvals.W003"]

    def test_tells_of_a_credential_without_hosts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HITL_CREDENTIAL_CRM", "a")
        monkeypatch.setenv("HITL_CREDENTIAL_HR_FILE", "/run/secrets/hr")
        monkeypatch.setenv("HITL_CREDENTIAL_ERP", "a")
        told = [fault.msg for fault in run_checks() if fault.id == "approvals.W005"]
        said = "The credential {} has no hosts, so no target can use it."
        assert told == [said.format(name) for name in ("CRM", "HR", "NOWHERE")]


class TestTheDeclaration:
    def test_lists_hosts_with_their_ports(self) -> None:
        text = " ERP = ERP.example.com , 10.0.0.9:8443; IDP=[::1]:9000;NOWHERE=; "
        assert hosts_by_name(text) == {
            "ERP": ["erp.example.com:443", "10.0.0.9:8443"],
            "IDP": ["::1:9000"],
            "NOWHERE": [],
        }
        assert hosts_by_name("") == {}

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "ERP=https://erp.example.com",
                "ERP=erp.example.com/path",
                "ERP=*.example.com",
                "ERP=*",
                "ERP=a b.example",
            ),
            *("ERP=user@erp.example.com", "ERP=erp.example.com:99999", "ERP=erp.example.com:x", "ERP=[::1"),
            *("erp=erp.example.com", "=erp.example.com", "ERP_FILE=erp.example.com", "E RP=a.example", "ERP=a?b"),
            *("ERP=a.example;ERP=b.example", "erp.example.com", "ERP=a.example=b.example", "ERP=a.example:"),
        ],
    )
    def test_of_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"HITL_CREDENTIALS.*\.$"):
            hosts_by_name(text)

    def test_has_a_prefix_of_no_setting(self) -> None:
        read = set(read_by_the_product())
        assert {"HITL_SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "EMAIL_URL", "PORT"} <= read
        assert not [name for name in read if name.startswith(credentials.PREFIX)]


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
            SOURCE.asked({"url": url}, Question({}, {"HITL_SECRET_KEY": "ours", "subject": "x"}))
