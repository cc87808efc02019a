"""How an action compares with the subject's last approved ones."""

from dataclasses import dataclass
from decimal import Decimal

COUNT, RATIO, FIELDS = "unusual.count", "unusual.ratio", "unusual.fields"


@dataclass(frozen=True, slots=True)
class Unusual:
    """The number of earlier actions, the amount by their highest one, and the fields that always had another value.

    Without enough earlier amounts, there is no ratio. A subject that is new may have a look-alike: another one that
    looks the same.
    """

    count: int = 0
    ratio: Decimal | None = None
    fields: tuple[str, ...] = ()
    look_alike: str = ""

    def as_json(self) -> dict[str, object]:
        """Return it as plain JSON values, the ratio as decimal text."""
        return {
            "count": self.count,
            "ratio": None if self.ratio is None else format(self.ratio, "f"),
            "fields": list(self.fields),
        }
