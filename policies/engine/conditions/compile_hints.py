"""Plain explanations of syntax errors in conditions, with hints."""

import re

_MEANT = {
    "and": "Use && instead of and.",
    "or": "Use || instead of or.",
    "not": "Use ! instead of not.",
    "if": "Remove if. A condition is only an expression.",
    "contains": "Write it as subject.contains('text').",
    "matches": "Write it as subject.matches('pattern').",
    ",": "Write decimals with a point: 5.0.",
    "=": "Use == to compare.",
}
_WORD_BEFORE = re.compile(r"(\w+)\s*$")


def plainly(what: str, text: str, column: int) -> str:
    """Return a syntax error as a sentence with a hint; `column` counts from 1 within the line."""
    if unknown := re.match(r"token recognition error at: '(.*?)'?$", what, re.DOTALL):
        return _unreadable(unknown[1].rstrip())
    if "'<EOF>'" in what and (missing := re.match(r"missing '(.)' at", what)):
        return f"`{missing[1]}` is missing at the end."
    if "'<EOF>'" in what:
        return "The condition is incomplete."
    if missing := re.match(r"missing '(.)' at '(.*)'$", what):
        return f"`{missing[1]}` is missing before `{missing[2]}`."
    if odd := re.match(r"(?:mismatched|extraneous) input '(.*)'$", what) or re.match(
        r"reserved identifier: (\w+)$", what
    ):
        return f"`{odd[1]}` is unexpected here.{_hint(odd[1], text, column)}"
    return f"{what}."


def _unreadable(piece: str) -> str:
    if piece[:1] in ("'", '"'):
        return f"Unclosed text. Close it with {piece[0]}."
    return f"`{piece}` is unexpected here.{_meant(piece)}"


def _hint(word: str, text: str, column: int) -> str:
    before = _WORD_BEFORE.search(text[: column - 1])
    return _meant(word) or (_meant(before[1]) if before else "")


def _meant(word: str) -> str:
    return f" {_MEANT[word]}" if word in _MEANT else ""
