"""The demo's employees and account managers, imported from CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from approvals.actors import Door, system
from approvals.demo.sample_texts import ACCOUNT_MANAGERS, EMPLOYEES, MANAGERS, STAFF
from approvals.services.directory import import_sheet

HOUSE = "northwind.example"


def stock(at: datetime) -> None:
    """Import employees and account managers into the directory."""
    staff = [(_address(name), full, manager, department, name) for name, full, manager, department in STAFF]
    others = [(address, full, MANAGERS[full], department, "") for full, address, department in EMPLOYEES]
    people = [(key, full, _address(boss), department, login) for key, full, boss, department, login in staff + others]
    _take("people", ("key", "name", "manager", "department", "person"), people, at)
    _take("owners", ("subject", "owner"), ACCOUNT_MANAGERS.items(), at)


def _address(username: str) -> str:
    return f"{username}@{HOUSE}" if username else ""


def _take(sheet: str, columns: Sequence[str], rows: Iterable[Sequence[str]], at: datetime) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    import_sheet.import_sheet(actor=system(Door.DEMO), at=at, sheet=sheet, content=text.getvalue().encode())
