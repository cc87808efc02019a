"""The doctor asks each part, waits for none of them, and says what to do; `check --deploy` asks what a start needs."""

import json
import shutil
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from celery import current_app
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from kombu import Connection
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.management.commands import doctor
from approvals.management.doctor import database, machine, parts, processes, servers
from approvals.management.doctor.finding import Finding, Level, amber, examine, green, red
from approvals.services import heartbeats
from hitl_project import deploy_checks
from hitl_project.environment.reader import Environment
from policies import db
from tests.management.running import ROOT, free_port
from tests.world import World

GREEN, AMBER, RED = Level.GREEN, Level.AMBER, Level.RED
AUTHORITY = ROOT / "tests" / "servers" / "certificates" / "authority.pem"
PASSWORD = "pw-3b1c"


def levels(found: object) -> list[Level]:
    assert isinstance(found, list)
    return [finding.level for finding in found]


def fine() -> list[Finding]:
    return [green("fine", "All is well.")]


def broken() -> list[Finding]:
    return [red("broken", "It does not work.", "Repair it.")]


class TestAnExamination:
    def test_that_hangs_holds_up_no_other(self) -> None:
        until = threading.Event()
        found = list(examine({"hung": lambda: [until.wait(30)], "fine": fine}, 0.3))
        until.set()
        assert [(each.part, each.level) for each in found] == [("hung", RED), ("fine", GREEN)]

    def test_that_fails_is_a_sentence(self) -> None:
        (found,) = examine({"odd": lambda: 1 / 0}, 5)  # type: ignore[dict-item]
        assert (found.part, found.level, found.words) == ("odd", RED, "It could not be examined: division by zero.")


@pytest.mark.django_db
@pytest.mark.postgresql_only
class TestTheDatabase:
    def test_is_named_and_its_owner_is_amber(self) -> None:
        assert levels(database.database()) == [GREEN]
        (found,) = database.role()
        assert found.level is AMBER and "could rewrite its own record" in found.words

    @pytest.mark.parametrize(
        ("facts", "level", "said"),
        [
            ("true, false, true", AMBER, "is a superuser"),
            ("false, false, false", RED, "lacks privileges"),
            ("false, false, true", GREEN, "does not own the tables"),
        ],
    )
    def test_is_asked_for_the_rights_of_the_role(
        self, monkeypatch: pytest.MonkeyPatch, facts: str, level: Level, said: str
    ) -> None:
        monkeypatch.setattr(database, "OWNED", f"SELECT 'app', {facts}")
        (found,) = database.role()
        assert found.level is level and said in found.words

    def test_without_a_migration_is_red(self) -> None:
        assert levels(database.migrations()) == [GREEN]
        MigrationRecorder(connection).migration_qs.filter(app="approvals").delete()
        (found,) = database.migrations()
        assert found.level is RED and "manage.py migrate" in found.hint

    def test_without_a_trigger_is_red(self) -> None:
        assert levels(database.triggers()) == [GREEN]
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER entry_guard ON approvals_ledgerentry")
        assert levels(database.triggers()) == [RED]

    def test_sealed_with_other_keys_is_red(self, here: World, settings: Settings) -> None:
        assert levels(database.seals()) == [GREEN]
        settings.HITL_DECISION_KEYS = ["o" * 50]
        assert levels(database.seals()) == [RED]

    @pytest.mark.parametrize(("seconds", "level"), [(0, GREEN), (-5, AMBER), (5, AMBER), (-100, RED)])
    def test_whose_clock_differs_is_noticed(self, monkeypatch: pytest.MonkeyPatch, seconds: int, level: Level) -> None:
        later = SimpleNamespace(now=lambda zone: datetime.now(UTC) + timedelta(seconds=seconds))
        monkeypatch.setattr(database, "datetime", later)
        assert levels(database.clock_skew()) == [level]


class TestADatabaseThatIsAway:
    def test_says_so_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise database.OperationalError("connection failed:\nConnection refused")

        monkeypatch.setattr(connection, "cursor", away)
        assert [(each.part, each.level) for each in database.database()] == [("database", RED)]
        assert database.role() == database.clock_skew() == []


class TestTheBroker:
    def test_that_answers_is_green(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Other tests leave messages behind.
        monkeypatch.setattr(servers, "MANY_MESSAGES", 1_000_000)
        assert levels(servers.broker()) == [GREEN]

    def test_with_messages_that_nobody_takes_is_amber(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(servers, "MANY_MESSAGES", -1)
        assert levels(servers.broker()) == [GREEN, AMBER]

    def test_that_is_away_is_red(self, monkeypatch: pytest.MonkeyPatch) -> None:
        away = f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0"
        monkeypatch.setattr(current_app, "connection_for_write", lambda: Connection(away))
        (found,) = servers.broker()
        assert found.level is RED and PASSWORD not in found.words


class Answering(socketserver.StreamRequestHandler):
    """A mail server that agrees to everything, except where it is told to refuse each password."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            replies = {
                b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n",
                b"AUTH": b"535 5.7.8 no\r\n",
                b"QUIT": b"221 bye\r\n",
            }
            self.wfile.write(replies.get(word, b"250 fine\r\n"))


@pytest.fixture
def mail_port(settings: Settings) -> Iterator[int]:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = servers.SMTP, "127.0.0.1"
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        settings.EMAIL_PORT = server.server_address[1]
        yield settings.EMAIL_PORT
        server.shutdown()


class TestTheMailServer:
    def test_that_takes_a_connection_is_green(self, mail_port: int) -> None:
        assert levels(servers.mail_server()) == [GREEN]

    def test_that_refuses_the_password_is_red(self, mail_port: int, settings: Settings) -> None:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "hitl", PASSWORD
        (found,) = servers.mail_server()
        assert found.level is RED and "535" in found.words and PASSWORD not in found.words

    def test_that_is_away_is_red(self, mail_port: int, settings: Settings) -> None:
        settings.EMAIL_PORT = free_port()
        assert levels(servers.mail_server()) == [RED]


class TestTheMachine:
    def storage(self, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        settings.STATIC_ROOT = folder
        finder = SimpleNamespace(list=lambda ignored: [("a.css", None)])
        monkeypatch.setattr(machine.finders, "get_finders", lambda: [finder])
        monkeypatch.setattr(machine, "staticfiles_storage", ManifestStaticFilesStorage(location=str(folder)))

    def test_without_collected_files_is_red(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        self.storage(tmp_path, monkeypatch, settings)
        assert levels(machine.static_files()) == [RED]
        manifest = {"version": "1.1", "paths": {"a.css": "a.1.css"}, "hash": ""}
        (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
        assert levels(machine.static_files()) == [RED]
        (tmp_path / "a.1.css").touch()
        assert levels(machine.static_files()) == [GREEN]

    @pytest.mark.parametrize(
        ("free", "level"), [(3 * machine.GIB, GREEN), (machine.GIB, AMBER), (machine.GIB // 100, RED)]
    )
    def test_without_space_is_noticed(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings, free: int, level: Level
    ) -> None:
        settings.HITL_LAST_KNOWN = ""
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
        assert levels(machine.disk()) == [level]

    def test_that_cannot_write_down_what_is_sent_is_red(self, tmp_path: Path, settings: Settings) -> None:
        settings.HITL_LAST_KNOWN = str(tmp_path / "gone" / "last-known")
        assert levels(machine.last_known()) == [RED]
        settings.HITL_LAST_KNOWN = str(tmp_path / "last-known")
        assert levels(machine.last_known()) == [GREEN]
        settings.HITL_LAST_KNOWN = ""
        assert levels(machine.last_known()) == [AMBER]

    def test_knows_when_authorities_end(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        settings.HITL_OUTBOUND_CA = str(AUTHORITY)
        (certificate,) = ssl.create_default_context(cafile=str(AUTHORITY)).get_ca_certs()
        end = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
        for days, level in ((40, GREEN), (10, AMBER), (-1, RED)):
            monkeypatch.setattr(machine, "time", SimpleNamespace(time=lambda days=days: end - days * 86_400))
            assert levels(machine.authorities()) == [level]

    def test_without_readable_authorities_is_red(self, tmp_path: Path, settings: Settings) -> None:
        settings.HITL_OUTBOUND_CA = str(tmp_path / "gone.pem")
        assert levels(machine.authorities()) == [RED]


@pytest.mark.django_db
class TestTheProcesses:
    def level_of(self, part: str) -> list[Level]:
        return [each.level for each in processes.processes() if each.part == part]

    def test_that_were_never_seen_are_named(self) -> None:
        assert (self.level_of("clock"), self.level_of("workers")) == ([RED], [AMBER] * 7)

    def test_that_were_seen_are_green(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (heartbeats.CLOCK, heartbeats.of_worker("route")):
            heartbeats.beat(actor=system(Door.CLOCK), at=db.now(), name=name)
        assert (self.level_of("clock"), self.level_of("workers")) == ([GREEN], [GREEN, *[AMBER] * 6])
        monkeypatch.setattr(processes, "SILENT", timedelta(seconds=-1))
        assert self.level_of("clock") == [RED]

    def test_have_left_nothing_waiting_for_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.level_of("queues") == [GREEN] * 3
        monkeypatch.setattr(processes, "LATE", timedelta(seconds=-1))
        assert self.level_of("queues") == [RED, RED, GREEN]


class TestTheCommand:
    def run(self, monkeypatch: pytest.MonkeyPatch, *options: str, **examinations: object) -> str:
        monkeypatch.setattr(doctor, "EVERYTHING", examinations)
        out = StringIO()
        call_command("doctor", *options, stdout=out, no_color=True)
        return out.getvalue()

    def test_ends_well_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = self.run(monkeypatch, fine=fine, odd=lambda: [amber("odd", "It is odd.", "Look.")])
        assert "green  fine: All is well." in said and "-> Look." in said and "All in all: amber." in said

    def test_ends_with_1_if_something_is_red(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(SystemExit) as ended:
            self.run(monkeypatch, fine=fine, broken=broken)
        assert ended.value.code == 1

    def test_prints_json(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        settings.HITL_GIVEN = {"HITL_HOSTS": "a.example"}
        told = json.loads(self.run(monkeypatch, "--json", fine=fine))
        assert (told["status"], told["findings"][0]["part"]) == ("green", "fine")
        assert told["settings"] == {"HITL_HOSTS": "a.example"}

    def test_shows_no_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        env = Environment()
        monkeypatch.setattr(env, "ENVIRON", {"REDIS_URL": PASSWORD, "HITL_HOSTS": "a", "EMAIL_URL_FILE": "/run/mail"})
        env.secret("REDIS_URL"), env.list("HITL_HOSTS"), env.secrets.add("EMAIL_URL_FILE")
        assert env.given() == {
            "EMAIL_URL_FILE": "/run/mail", "HITL_HOSTS": "a", "REDIS_URL": f"(secret, {len(PASSWORD)} characters)",
        }  # fmt: skip


class TestTheCheckBeforeADeployment:
    def test_has_a_code_for_each_part(self) -> None:
        assert set(deploy_checks.CODES) == set(parts.BEFORE_A_START)

    def test_reports_what_is_red_and_who_owns_the_tables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = {
            "database": [red("database", "It is away.", "Start it.")],
            "role": [amber("role", "It owns the tables.", "Create two.")],
            "mail": [amber("mail", "Mails are files, as was said.", "")],
            "broker": [green("broker", "It answers.")],
        }
        monkeypatch.setattr(parts, "BEFORE_A_START", {name: lambda found=found: found for name, found in told.items()})
        found = deploy_checks.parts_answer(None)
        assert [(each.id, each.msg, each.hint) for each in found] == [
            ("hitl.E002", "Database: It is away.", "Start it."),
            ("hitl.W003", "Role: It owns the tables.", "Create two."),
        ]

    def test_waits_for_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts, "BEFORE_A_START", {"mail": lambda: time.sleep(5)})
        monkeypatch.setattr(deploy_checks, "SECONDS", 0.2)
        assert [each.id for each in deploy_checks.parts_answer(None)] == ["hitl.E007"]
