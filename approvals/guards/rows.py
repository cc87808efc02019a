"""Guards that rows of several tables share: what a row was born with stays, and what was ended stays ended."""

from policies.guards.kinds import Fixed, Refusal

CHANGED = "this value cannot change after the row is created"
ENDED = "a row that has ended cannot change; create a new one"


def born_with(table: str, *columns: str) -> Fixed:
    """The columns that every row of a table keeps as they were when it was inserted."""
    return Fixed(f"{table}_fixed", table, columns, CHANGED)


def stays_ended(name: str, table: str, ended: str) -> Refusal:
    """Rows of a table that do not change any more where a condition holds."""
    return Refusal(name, table, "UPDATE", ended, ENDED)
