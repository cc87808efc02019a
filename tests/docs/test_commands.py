"""Every command of the guides is taken by its program: no option or place of a word is wrong."""

import re
import shlex
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from deploy.office.__main__ import arguments
from tests.docs import pages

# Also in steps, where it is indented.
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"(?:^|\s)(?P<program>manage\.py|hitl-office|deploy/office/install\.sh) (?P<words>[^`]+)$")


def shown(text: str) -> Iterator[tuple[str, list[str]]]:
    """The program and the words of each command in a block or span of code."""
    for line in text.replace("\\\n", " ").split("\n"):
        if match := PROGRAM.search(line):
            yield match["program"], shlex.split(match["words"], comments=True)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command that a guide shows with what follows its name."""
    for page in pages.PAGES:
        for text in (*BLOCK.findall(page.read_text(encoding="utf-8")), *pages.spans_of(page)):
            # A name alone is a mention.
            yield from (found for found in shown(text.strip()) if len(found[1]) > 1)


def take(program: str, words: list[str]) -> None:
    """Parse the words as the program does.

    :raises CommandError, SystemExit: it does not take them.
    """
    if program == "deploy/office/install.sh":
        arguments().parse_args(["install", *words])
    elif program == "hitl-office":
        given = arguments().parse_args(words)
        if given.command == "manage" and given.words:
            take("manage.py", given.words)
    else:
        name, *rest = words
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        # Tests have no database of the owner's.
        parser.parse_args(["default" if word == "owner" else word for word in rest])


SHOWN = sorted({(program, *words) for program, words in commands()})


@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_a_command_is_taken(command: tuple[str, ...]) -> None:
    take(command[0], list(command[1:]))


@pytest.mark.parametrize(
    "line",
    [
        "python manage.py migrate --databse owner",
        "hitl-office restore",
        "hitl-office manage check --deplyo",
        "sh deploy/office/install.sh --host hitl.example.com",
    ],
)
def test_a_planted_fault_is_found(line: str) -> None:
    ((program, words),) = shown(line)
    with pytest.raises((CommandError, SystemExit)):
        take(program, words)
