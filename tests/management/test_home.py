"""The folder for files: nobody else can read it, and what is wrong with it is said in a sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.home import FOLDERS, OURS, kept_secret, prepared, private_file
from tests.management.running import ROOT, environment


def modes(home: Path) -> dict[str, int]:
    """The rights of the folder and of everything in it."""
    return {str(path.relative_to(home)): path.stat().st_mode & 0o777 for path in (home, *home.rglob("*"))}


class TestTheFolder:
    def test_is_made_for_its_owner_alone(self, tmp_path: Path) -> None:
        assert modes(prepared(tmp_path / "a" / "home", is_written=True)) == dict.fromkeys((".", *FOLDERS), 0o700)

    @pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o777])
    @pytest.mark.parametrize("name", [*OURS, None])
    def test_of_ours_that_others_can_read_is_closed(self, tmp_path: Path, mode: int, name: str | None) -> None:
        home = tmp_path / "home"
        home.mkdir()
        if name == "broker":
            (home / name).mkdir()
        elif name:
            (home / name).write_text("x")
        home.chmod(mode)
        found = modes(prepared(home, is_written=False))
        # Static files are for everybody, and the folder above them is closed.
        assert [path for path, each in found.items() if each & 0o077 and path != "static"] == []

    @pytest.mark.parametrize("mode", [0o755, 0o1777])
    def test_of_somebody_else_is_refused_and_left_alone(self, tmp_path: Path, mode: int) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / "letter.txt").write_text("x")
        home.chmod(mode)
        with pytest.raises(ImproperlyConfigured, match=f"Run `chmod 700 {home}` as its owner"):
            prepared(home, is_written=True)
        assert home.stat().st_mode & 0o7777 == mode

    def test_that_cannot_be_written_is_told_in_a_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(ImproperlyConfigured, match=f"The folder {tmp_path} in HITL_HOME cannot be written"):
            prepared(tmp_path, is_written=True)
        assert prepared(tmp_path, is_written=False) == tmp_path


class TestItsFiles:
    def test_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        home = prepared(tmp_path / "home", is_written=False)
        assert kept_secret(home / "secret_key") == kept_secret(home / "secret_key") != ""
        private_file(home / "hitl.sqlite3")
        assert modes(home) == {".": 0o700, "secret_key": 0o600, "hitl.sqlite3": 0o600}

    def test_hold_no_half_secret_after_a_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_count: int) -> str:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr("hitl_project.environment.home.secrets.token_urlsafe", fail)
            with pytest.raises(ImproperlyConfigured, match="No space left on device"):
                kept_secret(tmp_path / "secret_key")
        assert len(kept_secret(tmp_path / "secret_key")) > 50


class TestACommand:
    @pytest.mark.parametrize(
        ("variables", "said"),
        [
            ({"HITL_HOME": "/proc/1/nowhere"}, "HITL cannot use /proc/1/nowhere: No such file or directory."),
            ({"HITL_MODE": "demoo"}, "HITL_MODE is 'demoo'."),
            ({"DATABASE_URL": "sqlite:////proc/1/a.sqlite3"}, "The command failed: unable to open database file."),
        ],
    )
    def test_says_what_is_wrong_without_a_trace(self, tmp_path: Path, variables: dict[str, str], said: str) -> None:
        clean = environment(tmp_path, 8000, HITL_MODE="development") | variables
        command = [sys.executable, "manage.py", "migrate"]
        done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
