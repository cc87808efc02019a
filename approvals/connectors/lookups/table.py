"""Look up a value in a small table in the target itself, for trials and for static data.

A target has ``by``, such as ``{/system}``, and ``rows``, an object with a value for each key. It may have
``otherwise``, the value for any other key, and ``called``, the table's name for people.
"""

from typing import Any

from approvals.connectors.lookups.base import NothingFound, Question, faults_of_template
from policies.engine.values.said import message

FIELDS = {"by", "rows", "otherwise", "called"}


class TableSource:
    """Looks up a key in the action type's own table."""

    name = "table"

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Return the faults of a target as sentences."""
        faults = [
            f"Unknown field {name!r} in a table target. Use one of: {', '.join(sorted(FIELDS))}."
            for name in sorted(target.keys() - FIELDS)
        ]
        faults += faults_of_template(target.get("by"), "by")
        if not isinstance(target.get("rows"), dict):
            faults.append("rows is missing in the target. Enter an object with a value for each key.")
        if not isinstance(target.get("called", ""), str):
            faults.append("called must be text, for example price list.")
        return faults

    def described(self, target: dict[str, Any]) -> str:
        """Return the table's name."""
        return target.get("called") or "table in the action type"

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """Return the key."""
        return question.fill(target["by"])

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """Return the value of the key, or the default."""
        if asked in target["rows"]:
            return target["rows"][asked]
        if "otherwise" in target:
            return target["otherwise"]
        raise NothingFound(message("The table has no row for this key."))
