"""Looks a value up in a small table that stands in the target itself: for trials, and for facts that nobody serves.

A target says ``by``, such as ``{/system}``, and ``rows``, an object with a value for each text; and may say
``otherwise``, the value for any other text, and ``called``, what people are told that the table is.
"""

from typing import Any

from approvals.connectors.lookups.base import NothingFound, Question, faults_of_template

FIELDS = {"by", "rows", "otherwise", "called"}


class TableSource:
    """A value by its key, out of the action type itself."""

    name = "table"

    def check_target(self, target: dict[str, Any]) -> list[str]:
        """Say in sentences what is wrong with a target."""
        faults = [
            f"There is no field {name!r} in a table's target; use one of {', '.join(sorted(FIELDS))}."
            for name in sorted(target.keys() - FIELDS)
        ]
        faults += faults_of_template(target.get("by"), "by")
        if not isinstance(target.get("rows"), dict):
            faults.append("The target has no rows; write an object with a value for each text.")
        if not isinstance(target.get("called", ""), str):
            faults.append("called must be a text.")
        return faults

    def described(self, target: dict[str, Any]) -> str:
        """What the table is called."""
        return target.get("called") or "a table of the action type"

    def asked(self, target: dict[str, Any], question: Question) -> str:
        """The key."""
        return question.fill(target["by"])

    def fetch(self, target: dict[str, Any], asked: str) -> Any:
        """The key's value, or the one for all others."""
        if asked in target["rows"]:
            return target["rows"][asked]
        if "otherwise" in target:
            return target["otherwise"]
        raise NothingFound("The table has no such row.")
