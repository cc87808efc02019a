"""How many statements things may cost: ceilings in files, which may fall and rise only by a decision."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FLAG = "--lower-counts"
# A ceiling that lies further above what is counted no longer guards anything.
ROOM = 3


@dataclass
class Ceilings:
    """The ceilings of one file; where they are to be lowered, each falls to the most that this run counted."""

    path: Path
    most: dict[str, int] = field(default_factory=dict)

    @cached_property
    def written(self) -> dict[str, int]:
        """The ceilings as the file had them at first."""
        found: dict[str, int] = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    def hold(self, name: str, count: int, *, is_lowered: bool, why: str = "") -> None:
        """Fail above the ceiling, and far below it; lower it instead of the latter where that is wanted."""
        ceiling = self.written[name]
        assert count <= ceiling, f"{name} costs {count} statements; at most {ceiling} are allowed.\n{why}"
        if is_lowered:
            self._lower(name, count)
            return
        hint = f"Lower it: run this test again with {FLAG} and keep {self.path.name}."
        assert ceiling - count <= ROOM, f"{name} costs {count} statements; its ceiling of {ceiling} is too high. {hint}"

    def _lower(self, name: str, count: int) -> None:
        self.most[name] = max(count, self.most.get(name, 0))
        indent = len(self.path.read_text(encoding="utf-8").splitlines()[1].split('"')[0])
        text = json.dumps(self.written | self.most, indent=indent)
        self.path.write_text(f"{text}\n", encoding="utf-8")
