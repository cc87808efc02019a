"""Document numbers: one form for all spellings of a number, and placeholders that stand for none."""

import re
import unicodedata

from policies.engine.text.lookalikes import skeleton

_PARTS = re.compile(r"[0-9]+|[^\W0-9_]+")
# O and 0, l, I and 1 look alike, so in a group with a digit they are digits, unless they end or begin a word.
_GROUP = re.compile(r"(?:(?<![^\W\d_])[OoIil|]+)?[0-9](?:[0-9]|[OoIil|]+(?![^\W\d_]))*")
_AS_DIGITS = str.maketrans("OoIil|", "001111")
_LOOK_LIKE_DIGITS = "OoIil"
# A year is often written together with the number: 2026001 is 2026-001.
_YEAR = re.compile(r"((?:19|20)\d{2})(0+)(\d+)", re.ASCII)
# Words before a number that say only that it is one.
_PREFIXES = frozenset(
    {
        *("no", "nr", "nbr", "num", "number", "nummer", "numero", "n", "invoice", "inv", "rechnung"),
        *("rechnungsnummer", "re", "rg", "facture", "fact", "fac", "fa", "bill", "beleg", "belegnummer"),
        *("receipt", "ref", "reference", "document", "doc", "dok", "id"),
        *("invno", "invnr", "invoiceno", "invoicenr", "invoicenumber", "renr", "rgnr", "rechnungsnr", "rechnr"),
    }
)
_NOTHING = frozenset(
    {
        *("na", "none", "no", "nil", "null", "nan", "undefined", "unknown", "missing", "empty", "blank"),
        *("tbd", "tba", "tbc", "todo", "pending", "later", "test", "tests", "testing", "dummy", "sample"),
        *("example", "placeholder", "fake", "foo", "bar", "abc", "asdf", "qwerty", "unbekannt", "keine"),
        *("ohne", "fehlt", "muster", "beispiel", "inconnu", "aucun", "sans", "exemple"),
    }
)
# Words that make a placeholder also beside digits: test-001.
_NEVER_GENUINE = frozenset(
    {
        *("test", "tests", "testing", "dummy", "sample", "example", "placeholder", "fake", "undefined"),
        *("unknown", "null", "muster", "tbd", "tba", "tbc", "todo", "lorem", "foo"),
    }
)
_ASCENDING, _DESCENDING = "01234567890123456789", "98765432109876543210"
# The last are places in templates, objects without a text, and faults of spreadsheets.
_MASKED = re.compile(r"[xX]{3,}|[*?_]{2,}|\.{3,}|…|\{\{|\$\{|%\(|\[object|#(?:REF|VALUE|NAME|NUM|NULL|DIV/0)\b")
_MIN_SEQUENCE, _MIN_REPEATED = 5, 3
_IS_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)


def normal(text: str) -> str:
    """Return the form that all spellings of a document number share: separators, zeros, case, prefixes, look-alikes."""
    parts = _parts(text)
    while len(parts) > 1 and parts[0].casefold() in _PREFIXES:
        parts = parts[1:]
    return "".join(_short(part) if part.isdigit() else skeleton(part) for part in _joined(parts))


def is_placeholder(text: str) -> bool:
    """Return whether a text stands for a number that nobody knew: no letter or digit, "n/a", 0000, 123456, xxx."""
    parts = _parts(text)
    groups = [part for part in parts if part.isdigit()]
    words = {part.casefold() for part in parts if not part.isdigit()}
    joined = "".join(parts).casefold()
    if not parts or _MASKED.search(text) or joined in _NOTHING or words & _NEVER_GENUINE:
        return True
    if not groups:
        return words <= _NOTHING or len(set(joined)) == 1
    # Beside other groups and words, a row such as 1234 is a usual part of a number.
    is_row = len(groups) == 1 and words <= _PREFIXES and _is_row(groups[0], len(words))
    running = [group for group in groups if not _IS_YEAR.fullmatch(group)] or groups
    return is_row or not "".join(running).strip("0")


def _is_row(digits: str, words: int) -> bool:
    is_repeated = len(digits) >= (_MIN_SEQUENCE if words else _MIN_REPEATED) and len(set(digits)) == 1
    return is_repeated or (len(digits) >= _MIN_SEQUENCE and (digits in _ASCENDING or digits in _DESCENDING))


def _parts(text: str) -> list[str]:
    """The groups of digits and of letters; everything else only divides them."""
    spread = unicodedata.normalize("NFKC", text)
    plain = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in spread)
    plain = _GROUP.sub(lambda group: group[0].translate(_AS_DIGITS), plain)
    return _PARTS.findall(plain)


def _joined(parts: list[str]) -> list[str]:
    """Count what looks like digits before or after digits as such, whether a separator divides them or not."""
    found: list[str] = []
    waiting = ""
    for at, part in enumerate(parts):
        if part.isdigit():
            found.append(waiting + part)
            waiting = ""
            continue
        is_before = at + 1 < len(parts) and parts[at + 1].isdigit()
        word = part.rstrip(_LOOK_LIKE_DIGITS) if is_before or (at and parts[at - 1].isdigit()) else part
        digits = part[len(word) :].translate(_AS_DIGITS)
        if is_before:
            found += [word] if word else []
            waiting = digits
        else:
            found += [digits if not word else part]
    return found


def _short(digits: str) -> str:
    digits = digits.lstrip("0") or "0"
    if year := _YEAR.fullmatch(digits):
        return year[1] + year[3]
    return digits
