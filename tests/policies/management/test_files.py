"""Policies go to files and come back as they were; a file is checked, and drafted, but never in force by itself."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.core.management import CommandError, call_command

from policies.models import Version
from policies.queries import templates
from tests.policies.versions import TEXT

TESTED = (
    TEXT
    + """\
tests:
  - name: small ones run
    given: {amount: "20.00", currency: EUR}
    expect: {outcome: auto, rules: [small]}
"""
)


def run(name: str, *arguments: object, **options: object) -> str:
    said = StringIO()
    call_command(name, *map(str, arguments), stdout=said, stderr=said, **options)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "invoices.yaml"
    path.write_text(TESTED)
    return path


class TestCheck:
    def test_says_that_a_file_can_be_used(self, file: Path) -> None:
        assert "invoices, tests passed: 1" in run("policy_check", file)

    @pytest.mark.parametrize("name", templates.names())
    def test_accepts_what_ships(self, name: str) -> None:
        run("policy_check", templates.FOLDER / f"{name}.yaml")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("policy: x\n", "title is missing"),
            (TESTED.replace("outcome: auto, rules", "outcome: block, rules"), "Expected block, got auto"),
            ("\x00", "character"),
        ],
    )
    def test_fails_and_says_where(self, file: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
        file.write_text(text)
        with pytest.raises(CommandError, match="Files with errors: 1 of 1"):
            call_command("policy_check", str(file))
        assert words in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
class TestImport:
    def test_drafts_and_publishes_nothing(self, file: Path, author: AbstractBaseUser) -> None:
        assert "drafted as version 1" in run("policy_import", file, author="author")
        version = Version.objects.get()
        assert (version.state, version.drafted_by, version.history.get().door) == ("draft", author, "command")

    def test_does_nothing_twice(self, file: Path, author: AbstractBaseUser) -> None:
        run("policy_import", file, author="author")
        assert "unchanged; version 1" in run("policy_import", file, author="author")
        assert Version.objects.count() == 1

    def test_keeps_nothing_when_one_of_the_files_cannot_be_used(self, file: Path, author: AbstractBaseUser) -> None:
        other = file.with_name("other.yaml")
        other.write_text("policy: other\n")
        with pytest.raises(CommandError, match="title is missing"):
            run("policy_import", file, other, author="author")
        assert not Version.objects.exists()

    def test_needs_somebody_who_answers_for_it(self, file: Path, author: AbstractBaseUser) -> None:
        with pytest.raises(CommandError, match="No active person"):
            run("policy_import", file, author="nobody")


@pytest.mark.django_db(transaction=True)
class TestExport:
    @pytest.mark.parametrize(
        "text", [TEXT, "# why\r\n" + TEXT.replace("\n", "\r\n"), TEXT.replace("Small.", "Prüfung ✓")]
    )
    def test_gives_back_the_same_bytes(self, tmp_path: Path, author: AbstractBaseUser, text: str) -> None:
        path = tmp_path / "in.yaml"
        path.write_bytes(text.encode())
        run("policy_import", path, author="author")
        run("policy_export", tmp_path / "out", policy="invoices", number=1)
        assert (tmp_path / "out" / "invoices.yaml").read_bytes() == text.encode()

    def test_writes_what_is_in_force(self, tmp_path: Path, published: Callable[..., Version]) -> None:
        published()
        assert "version 1" in run("policy_export", tmp_path)

    @pytest.mark.parametrize(("options", "words"), [({}, "Version not found"), ({"number": 1}, "requires --policy")])
    def test_says_what_is_not_there(self, tmp_path: Path, db: None, options: dict[str, int], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            run("policy_export", tmp_path, **options)
