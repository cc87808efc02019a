"""Finds a quote in a text as a reader would: line breaks, spaces and hyphens at the end of a line do not matter."""

import unicodedata
from collections.abc import Iterator

MAX_QUOTE = 500
MAX_PLACES = 5
_DASHES = dict.fromkeys("‐‑‒–—−﹣－", "-")
_MARKS = dict.fromkeys("‘’‚′", "'") | dict.fromkeys("“”„«»″", '"')
_SAME = _DASHES | _MARKS
_UNSEEN = frozenset("\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}")
_IN_NUMBERS = frozenset(".,")


def places(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text: the begin and the end of each place, at most five.

    A number is not found inside of a longer one: 17.97 does not stand in 717.97.
    """
    wanted = "".join(sign for sign, _at in _plain(quote[:MAX_QUOTE]))
    if not wanted:
        return []
    signs = list(_plain(text))
    whole, found, start = "".join(sign for sign, _at in signs), list[tuple[int, int]](), 0
    while len(found) < MAX_PLACES and (start := whole.find(wanted, start)) >= 0:
        span = signs[start][1], signs[start + len(wanted) - 1][1] + 1
        if not _is_within_a_number(text, *span):
            found.append(span)
        start += 1
    return found


def _plain(text: str) -> Iterator[tuple[str, int]]:
    """The characters that count, in small letters and one form, each with its place in the text."""
    for at, sign in enumerate(text):
        if sign.isspace() or sign in _UNSEEN or (sign in "-\N{HYPHEN}" and _is_end_of_line(text, at)):
            continue
        if sign < "\x80":
            yield sign.lower(), at
            continue
        for each in unicodedata.normalize("NFKD", _SAME.get(sign, sign)).casefold():
            if not each.isspace():
                yield _SAME.get(each, each), at


def _is_end_of_line(text: str, at: int) -> bool:
    """Whether a hyphen divides a word at the end of a line."""
    return 0 < at < len(text) - 1 and text[at - 1].isalpha() and text[at + 1] in "\r\n"


def _is_within_a_number(text: str, begin: int, end: int) -> bool:
    before, after = text[max(0, begin - 2) : begin], text[end : end + 2]
    return (text[begin].isdigit() and _goes_on(before[::-1])) or (text[end - 1].isdigit() and _goes_on(after))


def _goes_on(beside: str) -> bool:
    """Whether what stands beside a digit is more of the same number."""
    return beside[:1].isdigit() or (beside[:1] in _IN_NUMBERS and beside[1:2].isdigit())
