"""The files of settings: written once, read back, and never a secret twice."""

import re
from pathlib import Path

import pytest

from deploy.office import settings
from deploy.office.machine import Failed, Layout
from deploy.office.settings import Office
from tests.docs.test_operate import ROOT, SETTINGS_PAGE, read_by_settings

OFFICE = Office("hitl.example.com", "ada@example.com", False, "/var/backups/hitl", 30)
MAIL = "smtp+tls://ada:p%40ss@mail.example.com:587"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


def write(layout: Layout, office: Office = OFFICE, mail: str = MAIL) -> dict[str, str]:
    settings.write(layout, office, mail=mail, time_zone="Europe/Berlin")
    return settings.read(layout.settings / "hitl.env")


class TestTheSettings:
    def test_are_variables_that_hitl_reads_and_the_page_explains(self, layout: Layout) -> None:
        named = set(write(layout))
        assert named - read_by_settings() == set()
        assert [name for name in named if f"`{name}`" not in SETTINGS_PAGE] == []

    def test_are_for_root_alone(self, layout: Layout) -> None:
        write(layout)
        assert (layout.settings / "hitl.env").stat().st_mode & 0o777 == 0o600

    def test_stay_the_same_when_written_again(self, layout: Layout) -> None:
        first = write(layout)
        assert write(layout) == first

    def test_keep_what_somebody_changed(self, layout: Layout) -> None:
        write(layout)
        path = layout.settings / "hitl.env"
        path.write_text(path.read_text().replace("Europe/Berlin", "Europe/Paris") + "HITL_BASE_CURRENCY=CHF\n")
        found = write(layout)
        assert (found["HITL_TIME_ZONE"], found["HITL_BASE_CURRENCY"]) == ("Europe/Paris", "CHF")

    def test_follow_another_address(self, layout: Layout) -> None:
        before = write(layout)
        after = write(layout, Office("books.lan", "ada@example.com", True, "/b", 30))
        assert (after["HITL_URL"], after["HITL_HOSTS"]) == ("https://books.lan", "books.lan")
        assert after["HITL_SECRET_KEY"] == before["HITL_SECRET_KEY"]

    def test_keep_the_mail_server_if_none_is_named(self, layout: Layout) -> None:
        write(layout)
        assert write(layout, mail="")["EMAIL_URL"] == MAIL

    def test_hold_two_long_secrets_of_their_own(self, layout: Layout) -> None:
        found = write(layout)
        keys = {found["HITL_SECRET_KEY"], found["HITL_DECISION_KEYS"]}
        assert len(keys) == 2 and all(len(key) >= 50 for key in keys)

    @pytest.mark.parametrize("mail", ['smtp://a"b@x', "smtp://a\\b@x", "smtp://a\nb@x", "smtp://a$b@x"])
    def test_refuse_what_systemd_would_read_as_something_else(self, layout: Layout, mail: str) -> None:
        with pytest.raises(Failed, match="EMAIL_URL"):
            write(layout, mail=mail)

    def test_name_the_owners_role_for_migrations_alone(self, layout: Layout) -> None:
        write(layout)
        assert "DATABASE_OWNER_URL" not in settings.variables(layout)
        assert "//hitl_owner@" in settings.variables(layout, is_owner=True)["DATABASE_OWNER_URL"]


class TestTheFrontServer:
    @pytest.mark.parametrize(("is_internal", "expected"), [(True, "tls internal"), (False, "")])
    def test_makes_its_certificate_only_for_an_internal_name(
        self, layout: Layout, is_internal: bool, expected: str
    ) -> None:
        write(layout, Office("books.lan", "ada@example.com", is_internal, "/b", 30))
        assert settings.read(layout.settings / "front.env")["FRONT_TLS"] == expected

    def test_is_told_only_what_its_file_reads(self, layout: Layout) -> None:
        write(layout)
        read = set(re.findall(r"\b(FRONT_[A-Z]+)", (ROOT / "deploy" / "Caddyfile").read_text()))
        assert set(settings.read(layout.settings / "front.env")) <= read


class TestTheOffice:
    def test_is_read_as_it_was_kept(self, layout: Layout) -> None:
        settings.keep(layout, OFFICE)
        assert settings.office(layout) == OFFICE

    def test_that_is_not_installed_is_said(self, layout: Layout) -> None:
        with pytest.raises(Failed, match="not installed"):
            settings.office(layout)
