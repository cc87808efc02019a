"""All that is examined, and the part of it that must hold before anything starts."""

from approvals.management.doctor import attachments, database, machine, processes, servers
from approvals.management.doctor.finding import Examination

BEFORE_A_START: dict[str, Examination] = {
    "static files": machine.static_files,
    "database": database.database,
    "role": database.role,
    "migrations": database.migrations,
    "decision keys": database.seals,
    "broker": servers.broker,
    "mail": servers.mail_server,
    "attachments": attachments.store,
}
EVERYTHING: dict[str, Examination] = {
    "versions": machine.versions,
    "time zone": machine.time_zone,
    **BEFORE_A_START,
    "triggers": database.triggers,
    "clock skew": database.clock_skew,
    "processes": processes.processes,
    "disk": machine.disk,
    "last-known": machine.last_known,
    "authorities": machine.authorities,
    "address": servers.address,
    "documents": attachments.drawing,
}
