"""JSON numbers whose text says more than their value keeps."""

from decimal import Decimal, InvalidOperation

# Longer texts are never the shortest text of a number.
_MAX_LENGTH = 400


class SpelledNumber(float):
    """A JSON number with the text that was sent, where reading it lost something."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "SpelledNumber":
        """Read the number and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    @property
    def is_exact(self) -> bool:
        """Whether only zeros were lost."""
        return _is_same(self.text, repr(float(self)))


def read(text: str) -> float:
    """Read a JSON number; one that loses digits, or zeros after three decimals, keeps its text."""
    number = float(text)
    shortest = repr(number)
    if text == shortest or (_is_same(text, shortest) and not _may_group(text)):
        return number
    return SpelledNumber(text)


def _is_same(text: str, shortest: str) -> bool:
    try:
        return len(text) <= _MAX_LENGTH and Decimal(text) == Decimal(shortest)
    except InvalidOperation:
        return False


def _may_group(text: str) -> bool:
    """Whether the point may separate thousands, as in 1.080."""
    whole, _, rest = text.lstrip("-").partition(".")
    return len(rest) == 3 and rest.isdigit() and rest.endswith("0") and len(whole) <= 3 and whole != "0"
