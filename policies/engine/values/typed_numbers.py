"""Numbers as people type them, read as exact decimal text; what two readers may understand differently is refused."""

import re

# As JSON writes them.
_MACHINE = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
# 1.234,56 and 1 234,56: groups of three with one separator, then a comma.
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?P<by>[. '])\d{3}((?P=by)\d{3})*(,\d+)?", re.ASCII)
_UNCLEAR = re.compile(r"-?[1-9]\d{0,2}(?P<mark>[.,])\d{3}", re.ASCII)
_SAME = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})
POINT, COMMA = ".", ","


class NotANumber(ValueError):
    """The text is no number as the reader writes them."""


class Unclear(ValueError):
    """The separator may be for thousands or for decimals; `whole` and `fraction` are the two values."""

    def __init__(self, whole: str, fraction: str) -> None:
        super().__init__(f"{whole} or {fraction}")
        self.whole = whole
        self.fraction = fraction


def read(text: str, mark: str, places: int | None = None) -> str:
    """Return a typed number as JSON writes it, with all its zeros.

    :param mark: the reader's decimal mark; with a comma, a point and groups of three are understood too.
    :param places: the decimals of a currency for an amount; None for another number.
    :raises NotANumber: it is not written as the reader writes numbers.
    :raises Unclear: it can mean two numbers, such as 1.080.
    """
    plain = text.translate(_SAME).strip()
    unclear = _UNCLEAR.fullmatch(plain)
    if unclear and _is_unclear(unclear["mark"], mark, places):
        raise Unclear(plain.replace(unclear["mark"], ""), plain.replace(COMMA, POINT))
    if _MACHINE.fullmatch(plain):
        return plain
    if mark == COMMA and _COMMA.fullmatch(plain):
        return plain.replace(COMMA, POINT)
    if mark == COMMA and (grouped := _GROUPED.fullmatch(plain)):
        return plain.replace(grouped["by"], "").replace(COMMA, POINT)
    raise NotANumber(text)


def meanings(text: str) -> frozenset[str]:
    """Return everything that a typed number may mean, for a search."""
    plain = text.translate(_SAME).strip()
    # In English, the marks change places.
    swapped = plain.translate(str.maketrans(".,", ",."))
    found = set()
    for each in (plain, swapped):
        try:
            found.add(read(each, COMMA))
        except Unclear as unclear:
            found |= {unclear.whole, unclear.fraction}
        except NotANumber:
            continue
    return frozenset(found)


def _is_unclear(used: str, mark: str, places: int | None) -> bool:
    if places == 3 and used == mark:
        return False
    # Where the point is the decimal mark, three decimals are usual for all but amounts.
    return places is not None or mark == COMMA if used == POINT else mark == COMMA
