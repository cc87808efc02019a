"""Mails to the administrator: what went wrong, once, and what is right again."""

import json

from deploy.office import health, releases, settings
from deploy.office.machine import ACCOUNT, Layout, private_folder, run, settle
from deploy.office.settings import Office

# As HITL itself sends: with its settings, and without its database.
SEND = "import json, sys; from django.core.mail import send_mail; send_mail(**json.load(sys.stdin))"
LINES = "40"


def mail(layout: Layout, found: Office, subject: str, text: str) -> None:
    """Send a mail to the administrator."""
    about: dict[str, object] = {"subject": f"HITL on {found.host}: {subject}", "message": text, "from_email": None}
    about |= {"recipient_list": [found.admin_email]}
    releases.manage(
        releases.in_use(layout), "shell", "--verbosity", "0", "--command", SEND,
        user=ACCOUNT, environment=settings.variables(layout), given=json.dumps(about),
    )  # fmt: skip


def of_a_unit(layout: Layout, found: Office, unit: str) -> None:
    """Mail that a unit failed, with the end of its log."""
    log = run("journalctl", "--unit", unit, "--lines", LINES, "--no-pager", "--output", "cat", fine=(0, 1))
    mail(layout, found, f"{unit} failed", f"{unit} failed. The end of its log:\n\n{log}\nTo look: hitl-office status\n")


def watch(layout: Layout, found: Office) -> None:
    """Look at everything, and mail what is wrong twice in a row and was not mailed yet, or that all is right again."""
    path = layout.state / "watched.json"
    private_folder(layout.state)
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"seen": [], "told": []}
    seen = health.faults(layout, found)
    told = list(before["told"])
    # Texts can contain times and numbers: their first words say what it is about.
    lasting = [fault for fault in seen if _about(fault) in map(_about, before["seen"])]
    fresh = [fault for fault in lasting if _about(fault) not in told]
    if fresh:
        mail(layout, found, "something is wrong", "\n".join(seen) + "\n\nTo look again: hitl-office status\n")
        told = sorted({*told, *map(_about, fresh)})
    elif told and not seen:
        mail(layout, found, "all is well again", "Everything works again.\n")
        told = []
    settle(path, json.dumps({"seen": seen, "told": told}) + "\n", 0o600)


def _about(fault: str) -> str:
    return " ".join(fault.split()[:4])
