"""What a grammar says is wrong with a condition, in plain words, and what whoever wrote it probably meant."""

import re

_MEANT = {
    "and": "Write && for and.",
    "or": "Write || for or.",
    "not": "Write ! for not, before what must not hold.",
    "if": "Leave if out: a condition is only what must hold.",
    "contains": "Write it as subject.contains('text').",
    "matches": "Write it as subject.matches('pattern').",
    ",": "Write decimals with a point: 5.0.",
    "=": "Write == to compare.",
}
_WORD_BEFORE = re.compile(r"(\w+)\s*$")


def plainly(what: str, text: str, column: int) -> str:
    """Say a fault of the grammar as a sentence with a hint; `column` counts from 1, in the line that is given."""
    if unknown := re.match(r"token recognition error at: '(.*?)'?$", what, re.DOTALL):
        return _unreadable(unknown[1].rstrip())
    if "'<EOF>'" in what and (missing := re.match(r"missing '(.)' at", what)):
        return f"`{missing[1]}` is missing at the end."
    if "'<EOF>'" in what:
        return "the condition ends too early; something is missing here."
    if missing := re.match(r"missing '(.)' at '(.*)'$", what):
        return f"`{missing[1]}` is missing before `{missing[2]}`."
    if odd := re.match(r"(?:mismatched|extraneous) input '(.*)'$", what) or re.match(
        r"reserved identifier: (\w+)$", what
    ):
        return f"`{odd[1]}` is not expected here.{_hint(odd[1], text, column)}"
    return f"{what}."


def _unreadable(piece: str) -> str:
    if piece[:1] in ("'", '"'):
        return f"a text begins here and does not end. Close it with {piece[0]}."
    return f"`{piece}` is not expected here.{_meant(piece)}"


def _hint(word: str, text: str, column: int) -> str:
    before = _WORD_BEFORE.search(text[: column - 1])
    return _meant(word) or (_meant(before[1]) if before else "")


def _meant(word: str) -> str:
    return f" {_MEANT[word]}" if word in _MEANT else ""
