"""Every guard of this app, as one list.

A change of state brings a ledger entry, follows one that has its entry, and is a legal pair. A decision needs its
entry, an execution its decision. What never changes cannot be changed or deleted. ``policies.guards`` installs them.
"""

from approvals.guards import (
    accounts,
    actions,
    attachments,
    automation,
    control,
    decisions,
    executions,
    history,
    ledger,
    plans,
    safety,
    webhooks,
)
from policies.guards import installer
from policies.guards.kinds import AppendOnly, Guard, Kept, Trigger

GUARDS: tuple[Guard, ...] = (
    # SQLite asks the triggers that were made first last.
    *control.GUARDS,
    *ledger.GUARDS,
    *actions.GUARDS,
    *plans.GUARDS,
    *attachments.GUARDS,
    *decisions.GUARDS,
    *executions.GUARDS,
    *automation.GUARDS,
    *safety.GUARDS,
    *accounts.GUARDS,
    *webhooks.GUARDS,
    *history.GUARDS,
)
# The tables that rows are only added to, and those whose rows change but stay.
APPEND_ONLY = frozenset(guard.table for guard in GUARDS if isinstance(guard, AppendOnly))
KEPT = frozenset(guard.table for guard in GUARDS if isinstance(guard, Kept)) - APPEND_ONLY


def declared(vendor: str) -> list[Trigger]:
    """Every trigger of this app that must be installed on a vendor's database."""
    return installer.triggers(GUARDS, vendor)
