"""The sheet of clients. Steps."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.validators import slug_re

from approvals.models import Calendar, Client
from approvals.services.directory.sheet_rows import Change, Reader, changed_row, is_yes
from approvals.text.csv_sheet import Line
from policies.engine.values.currencies import CODES

MAX_KEY = 64


def read(lines: Iterable[Line], reader: Reader) -> Iterator[Change]:
    """What each line does; a key that is not there is a new client."""
    known = {row.key: row for row in Client.objects.select_related("responsible", "calendar__desk")}
    hours = {row.desk.slug: row for row in Calendar.objects.select_related("desk")}
    seen: dict[str, int] = {}
    for line in lines:
        key = line.get("key")
        if not slug_re.match(key) or len(key) > MAX_KEY or not line.get("name"):
            reader.wrong(
                line, f"key and name are required, and a key has at most {MAX_KEY} letters, digits or hyphens."
            )
        elif (first := seen.setdefault(key, line.number)) != line.number:
            reader.wrong(line, f"{key!r} is already in line {first}.")
        else:
            yield changed_row(line, known.get(key) or Client(key=key), _client(line, hours, reader), reader)


def _client(line: Line, hours: Mapping[str, Calendar], reader: Reader) -> dict[str, Any]:
    wanted: dict[str, Any] = {"name": line.get("name")}
    if "responsible" in line.cells:
        wanted["responsible"] = reader.person(line, "responsible") if line.get("responsible") else None
    if "currency" in line.cells:
        wanted["currency"] = line.get("currency").upper()
        if wanted["currency"] and wanted["currency"] not in CODES:
            reader.wrong(line, f"currency is {line.get('currency')[:20]!r}. Use a currency code, for example EUR.")
    if "calendar" in line.cells:
        wanted["calendar"] = hours.get(line.get("calendar"))
        if line.get("calendar") and wanted["calendar"] is None:
            reader.wrong(line, f"The desk {line.get('calendar')[:80]!r} has no calendar. Name a desk that has one.")
    if "active" in line.cells:
        wanted["is_active"] = is_yes(line, reader)
    return wanted
