"""What guards model history: its rows are only added."""

from policies.guards.kinds import AppendOnly, Guard

TABLES = (
    "approvals_historicalabsence",
    "approvals_historicalaction",
    "approvals_historicalactiontype",
    "approvals_historicalagent",
    "approvals_historicalapikey",
    "approvals_historicalbreakglass",
    "approvals_historicalcalendar",
    "approvals_historicaldelegation",
    "approvals_historicaldesk",
    "approvals_historicalduty",
    "approvals_historicalemployee",
    "approvals_historicalexchangerate",
    "approvals_historicalflowlimit",
    "approvals_historicalhalt",
    "approvals_historicalholiday",
    "approvals_historicalhours",
    "approvals_historicalmembership",
    "approvals_historicalperson",
    "approvals_historicalsamplecheck",
    "approvals_historicalstage",
    "approvals_historicalstandingrule",
    "approvals_historicalsubjectowner",
    "approvals_historicaltightening",
    "approvals_historicalwebhook",
)

GUARDS: tuple[Guard, ...] = tuple(AppendOnly(table) for table in TABLES)
