"""Every secret of the settings comes from its variable or its file, and what is wrong with it is said in a sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.reader import Environment
from tests.management.running import ROOT, environment

NAME = "HITL_CREDENTIAL_ERP"
SECRETS = ("HITL_SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", NAME)
PRINTED = """
import sys
from django.conf import settings as s
print(s.SECRET_KEY, s.DATABASES["default"]["NAME"], s.DATABASES["owner"]["NAME"], s.CELERY_BROKER_URL, s.EMAIL_HOST,
      s.HITL_CREDENTIAL_TOKENS["ERP"])
"""
VALUES = {
    "HITL_SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://app:pw@127.0.0.1/hitl_app",
    "DATABASE_OWNER_URL": "postgres://owner:pw@127.0.0.1/hitl_owner",
    "REDIS_URL": "redis://127.0.0.1:6379/3",
    "EMAIL_URL": "smtp+tls://user:pw@mail.example.com:587",
    NAME: "$sesame",
}


def secret(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Environment().secret(NAME, "otherwise")


class TestASecret:
    def test_is_the_variable_or_the_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert secret(monkeypatch) == secret(monkeypatch, **{NAME: ""}) == "otherwise"
        # Kubernetes makes variables of files as they are.
        assert secret(monkeypatch, **{NAME: "sesame\n"}) == "sesame"
        # Never the value of a variable that it happens to name.
        assert secret(monkeypatch, **{NAME: "$HITL_MODE"}) == "$HITL_MODE"

    @pytest.mark.parametrize("end", ["", "\n", "\r\n"])
    def test_is_the_content_of_its_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str) -> None:
        file = tmp_path / "erp"
        file.write_bytes(f" $esame=1 {end}".encode())
        assert secret(monkeypatch, **{f"{NAME}_FILE": str(file)}) == " $esame=1 "

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "cannot be read: No such file or directory."),
            (b"", "is empty. Write the secret into it."),
            (b" \n\n", "is empty. Write the secret into it."),
            (b"\xff\xfe", "cannot be read: it is not UTF-8 text."),
        ],
    )
    def test_is_refused_without_content(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, said: str
    ) -> None:
        file = tmp_path / "erp"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ImproperlyConfigured, match=re.escape(f"The file {file} in {NAME}_FILE {said}")):
            secret(monkeypatch, **{f"{NAME}_FILE": str(file)})

    @pytest.mark.parametrize("path", ["", ".", "a\x01b"])
    def test_is_refused_for_what_is_no_file(self, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=rf"{NAME}_FILE.*\.$"):
            secret(monkeypatch, **{f"{NAME}_FILE": path})

    def test_is_refused_in_both_forms(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        said = f"{NAME} and {NAME}_FILE are both set. Unset one of them."
        with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
            secret(monkeypatch, **{NAME: "a", f"{NAME}_FILE": str(tmp_path / "erp")})


class TestTheSettings:
    def start(self, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        clean = environment(home, 8000, HITL_MODE="development", HITL_CREDENTIALS="ERP=erp.example.com", **variables)
        clean["DJANGO_SETTINGS_MODULE"] = "hitl_project.settings"
        command = [sys.executable, "-c", PRINTED]
        return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120, check=False)

    def test_read_every_secret_from_its_file(self, tmp_path: Path) -> None:
        for name, value in VALUES.items():
            (tmp_path / name).write_text(f"{value}\n")
        done = self.start(tmp_path / "home", **{f"{name}_FILE": str(tmp_path / name) for name in VALUES})
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [
            *("k" * 50, "hitl_app", "hitl_owner", "redis://127.0.0.1:6379/3", "mail.example.com", "$sesame"),
        ]

    @pytest.mark.parametrize("name", SECRETS)
    def test_do_not_start_with_a_secret_in_both_forms(self, tmp_path: Path, name: str) -> None:
        done = self.start(tmp_path / "home", **{name: VALUES[name], f"{name}_FILE": str(tmp_path / "none")})
        assert done.returncode and f"{name} and {name}_FILE are both set. Unset one of them." in done.stderr

    @pytest.mark.parametrize(
        ("module", "limits"),
        [
            (
                "hitl_project.wsgi",
                "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=15s",
            ),
            ("hitl_project.celery", "-c statement_timeout=300s -c idle_in_transaction_session_timeout=60s"),
        ],
    )
    def test_give_statements_of_the_web_process_less_time(self, tmp_path: Path, module: str, limits: str) -> None:
        assert self.option(tmp_path, module, "options") == limits

    @pytest.mark.parametrize(("given", "keeps"), [({}, "True"), ({"HITL_PREPARED_STATEMENTS": "no"}, "False")])
    def test_keep_plans_unless_told_otherwise(self, tmp_path: Path, given: dict[str, str], keeps: str) -> None:
        assert self.setting(tmp_path, "hitl_project.wsgi", "HITL_PREPARED_STATEMENTS", **given) == keeps

    def option(self, tmp_path: Path, module: str, name: str, **variables: str) -> str:
        """An option of the database's connection, as a process that loads the module has it."""
        return self.setting(tmp_path, module, f"DATABASES['default']['OPTIONS']['{name}']", **variables)

    def setting(self, tmp_path: Path, module: str, asked: str, **variables: str) -> str:
        """A setting, as a process that loads the module has it."""
        program = f"import {module}; from django.conf import settings; print(settings.{asked})"
        clean = environment(tmp_path, 8000, HITL_MODE="development", DATABASE_URL=VALUES["DATABASE_URL"], **variables)
        clean["DJANGO_SETTINGS_MODULE"] = "hitl_project.settings"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=clean,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
