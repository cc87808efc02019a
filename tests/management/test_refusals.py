"""What is wrong with a setting is named before anything starts, and nothing stands in for a server unless told to."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.databases import database
from hitl_project.environment.reader import Environment
from hitl_project.environment.servers import broker, mail
from hitl_project.environment.stand_ins import demand_servers
from tests.management.running import ROOT, environment

SERVERS = {"engine": "hitl_project.postgresql", "broker": "redis://h:6379/0"}
SMTP, FILES = (f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "filebased"))
PASSWORD = "pw-3b1c"


def reader(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Environment:
    """A reader of these variables alone."""
    env = Environment()
    monkeypatch.setattr(env, "ENVIRON", variables)
    return env


class TestAWrongValue:
    def test_of_a_number_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        env = reader(monkeypatch, HITL_LEASE_SECONDS="3o")
        with pytest.raises(ImproperlyConfigured, match=r"HITL_LEASE_SECONDS is '3o', .* whole number, for example 30"):
            env.within("HITL_LEASE_SECONDS", 30, 1)

    @pytest.mark.parametrize("value", ["0", "-5"])
    def test_below_the_least_is_named(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"HITL_LEASE_SECONDS is out of range\. Set it to 1 or more"):
            reader(monkeypatch, HITL_LEASE_SECONDS=value).within("HITL_LEASE_SECONDS", 30, 1)

    @pytest.mark.parametrize("value", ["ture", "", "2", "nein"])
    def test_of_a_switch_does_not_count_as_no(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"HITL_BEHIND_PROXY is .* Set it to yes or no"):
            reader(monkeypatch, HITL_BEHIND_PROXY=value).bool("HITL_BEHIND_PROXY", False)

    @pytest.mark.parametrize(("value", "found"), [("YES", True), ("1", True), ("off", False), ("False", False)])
    def test_is_none_of_these(self, monkeypatch: pytest.MonkeyPatch, value: str, found: bool) -> None:
        assert reader(monkeypatch, HITL_BEHIND_PROXY=value).bool("HITL_BEHIND_PROXY", not found) is found

    @pytest.mark.parametrize("value", ["erp", "erp=", "=/srv", "a=b,c"])
    def test_of_a_pair_is_named(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"HITL_CSV_FOLDERS has .* Write it as name=value"):
            reader(monkeypatch, HITL_CSV_FOLDERS=value).dict("HITL_CSV_FOLDERS")

    def test_of_a_time_zone_is_named_with_the_nearest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ImproperlyConfigured, match="Did you mean Europe/Berlin"):
            reader(monkeypatch, HITL_TIME_ZONE="Europe/Berln").time_zone("HITL_TIME_ZONE", "UTC")

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (f"postgress://app:{PASSWORD}@h/d", "begins with 'postgress'"),
            (f"postgres://app:{PASSWORD}@h:x/d", "cannot be read: its port or host"),
            (f"postgres://app:{PASSWORD}@h", "names no database"),
            (f"app:{PASSWORD}@h/d", "is no URL"),
        ],
    )
    def test_of_the_database_is_named_without_its_password(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, said: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"DATABASE_URL {re.escape(said)}") as refused:
            database(reader(monkeypatch, DATABASE_URL=value), "DATABASE_URL", tmp_path)
        assert PASSWORD not in str(refused.value)

    @pytest.mark.parametrize("value", [f"smpt://u:{PASSWORD}@h", f"smtp+tls://u:{PASSWORD}@h:x", f"u:{PASSWORD}@h"])
    def test_of_the_mail_server_is_named_without_its_password(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"EMAIL_URL .* Set it to smtp") as refused:
            mail(reader(monkeypatch, EMAIL_URL=value))
        assert PASSWORD not in str(refused.value)

    @pytest.mark.parametrize("value", [f"redsi://:{PASSWORD}@h", f"h:{PASSWORD}"])
    def test_of_the_broker_is_named_without_its_password(self, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"REDIS_URL .* Set it to redis://") as refused:
            broker(reader(monkeypatch, REDIS_URL=value))
        assert PASSWORD not in str(refused.value)


class TestAList:
    def test_has_no_blanks_around_its_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert reader(monkeypatch, HITL_HOSTS=" a.example, b.example,").list("HITL_HOSTS") == ["a.example", "b.example"]


class TestAMisspelledName:
    def refused(self, monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
        env = reader(monkeypatch, HITL_BEHIND_PROXY="yes", **variables)
        env.bool("HITL_BEHIND_PROXY", False)
        env.secret("HITL_SECRET_KEY")
        with pytest.raises(ImproperlyConfigured) as refused:
            env.refuse_unknown()
        return str(refused.value)

    def test_is_refused_with_the_nearest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        said = self.refused(monkeypatch, HITL_BEHIND_PROXI="yes")
        assert said == "HITL_BEHIND_PROXI is no setting of HITL. Did you mean HITL_BEHIND_PROXY? Correct or unset it."

    def test_of_a_file_is_refused_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "Did you mean HITL_SECRET_KEY_FILE?" in self.refused(monkeypatch, HITL_SECRET_KEY_FIEL="/run/secret")

    def test_that_resembles_none_is_refused_without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "Did you mean" not in self.refused(monkeypatch, HITL_XYZ="1")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("HITL_SECRET_KEY_FILE", "/run/secret"),
            ("HITL_CREDENTIAL_ERP", "x"),
            ("HITL_WEB_PORT", "tcp://10.0.0.1:80"),
            ("HITL_WEB_SERVICE_HOST", "10.0.0.1"),
            ("HOME", "/root"),
        ],
    )
    def test_is_none_of_these(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        env = reader(monkeypatch, **{name: value})
        env.secret("HITL_SECRET_KEY") if not name.endswith("_FILE") else env.secrets.add(name)
        env.refuse_unknown()


class TestAStandIn:
    @pytest.mark.parametrize(
        ("name", "used"),
        [
            ("sqlite", {"engine": "django.db.backends.sqlite3"}),
            ("file-broker", {"broker": "filesystem://"}),
            ("file-broker", {"broker": "memory://"}),
            ("file-mail", {"mail": FILES}),
        ],
    )
    def test_is_refused_unless_it_is_allowed_by_name(self, name: str, used: dict[str, str]) -> None:
        given = {**SERVERS, "mail": SMTP, **used}
        others = {"sqlite", "file-broker", "file-mail"} - {name}
        with pytest.raises(ImproperlyConfigured, match=f"HITL_ALLOW={name}"):
            demand_servers(others, **given)
        demand_servers({name}, **given)

    def test_is_no_server(self) -> None:
        demand_servers((), **SERVERS, mail=SMTP)

    def test_that_is_unknown_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"Did you mean sqlite?"):
            reader(monkeypatch, HITL_ALLOW="sqllite").some_of("HITL_ALLOW", ("sqlite", "file-mail"))


class TestProduction:
    GIVEN = {
        "HITL_MODE": "production",
        "HITL_SECRET_KEY": "k" * 50,
        "HITL_DECISION_KEYS": "d" * 50,
        "DATABASE_URL": "postgres://app:pw@127.0.0.1:1/hitl",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }

    def start(self, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        given = environment(home, 8000, **{**self.GIVEN, **variables})
        command = [sys.executable, "manage.py", "diffsettings", "--output", "unified"]
        return subprocess.run(
            command,
            cwd=ROOT,
            env={name: value for name, value in given.items() if name != "FEED"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"DATABASE_URL": ""}, "HITL_ALLOW=sqlite."),
            ({"REDIS_URL": ""}, "HITL_ALLOW=file-broker."),
            ({"EMAIL_URL": ""}, "HITL_ALLOW=file-mail."),
            ({"HITL_UNDO_SECOND": "5"}, "Did you mean HITL_UNDO_SECONDS?"),
        ],
    )
    def test_says_in_one_line_why_it_does_not_start(self, tmp_path: Path, changed: dict[str, str], said: str) -> None:
        done = self.start(tmp_path / "home", **changed)
        assert done.returncode == 1
        assert said in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr

    def test_starts_with_servers(self, tmp_path: Path) -> None:
        done = self.start(tmp_path / "home")
        assert done.returncode == 0, done.stderr
