"""What the administrator is mailed: each fault once, when it lasts, and its end."""

from pathlib import Path

import pytest

from deploy.office import health, reports
from deploy.office.machine import Layout
from deploy.office.settings import Office

OFFICE = Office("books.lan", "ada@books.lan", True, "/b", 30)
DISK, WEB = "The disk of /b has 900 MiB left. Make room on it.", "The web process does not answer. Look at its log."


class Watch:
    """The watch, with faults and mails of the test's own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout, self.faults, self.subjects = Layout(folder), list[str](), list[str]()
        monkeypatch.setattr(health, "faults", lambda *_given: self.faults)
        monkeypatch.setattr(reports, "mail", lambda _layout, _office, subject, _text: self.subjects.append(subject))

    def look(self, *faults: str) -> list[str]:
        """The subjects of all mails after another look."""
        self.faults = list(faults)
        reports.watch(self.layout, OFFICE)
        return self.subjects


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(tmp_path, monkeypatch)


class TestTheWatch:
    def test_says_nothing_while_all_is_well(self, watch: Watch) -> None:
        assert watch.look() == watch.look() == []

    def test_waits_whether_a_fault_lasts(self, watch: Watch) -> None:
        assert watch.look(WEB) == []
        assert watch.look() == []
        assert watch.look(WEB) == []

    def test_mails_once_what_lasts(self, watch: Watch) -> None:
        watch.look(WEB)
        for _ in range(3):
            assert watch.look(WEB) == ["something is wrong"]

    def test_knows_a_fault_whose_figure_changed(self, watch: Watch) -> None:
        watch.look(DISK)
        watch.look(DISK.replace("900", "800"))
        assert watch.look(DISK.replace("900", "700")) == ["something is wrong"]

    def test_mails_another_fault(self, watch: Watch) -> None:
        watch.look(WEB), watch.look(WEB), watch.look(WEB, DISK)
        assert watch.look(WEB, DISK) == ["something is wrong"] * 2

    def test_mails_that_all_is_well_again_when_the_last_fault_is_gone(self, watch: Watch) -> None:
        watch.look(WEB, DISK), watch.look(WEB, DISK)
        assert watch.look(DISK) == ["something is wrong"]
        assert watch.look() == ["something is wrong", "all is well again"]
        assert watch.look() == ["something is wrong", "all is well again"]
