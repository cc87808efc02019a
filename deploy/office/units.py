"""The units of systemd: which there are, and how they start and stop together."""

from pathlib import Path

from deploy.office.machine import Layout, run, settle, succeeds

PROCESSES = tuple(f"hitl-{name}.service" for name in ("web", "waits", "worker", "clock"))
FRONT = "hitl-front.service"
TIMERS = ("hitl-backup.timer", "hitl-watch.timer")


def install(layout: Layout, tree: Path) -> bool:
    """Copy the units of a release to where systemd reads them; return whether one changed."""
    named = {
        path.relative_to(folder).as_posix(): path
        for folder in (tree / "deploy/systemd", tree / "deploy/office/systemd")
        for path in sorted([*folder.glob("hitl-*"), *folder.glob("hitl-*/*.conf")])
        if path.is_file()
    }
    changed = [settle(layout.units / name, path.read_text(encoding="utf-8")) for name, path in named.items()]
    command = (tree / "deploy/office/hitl-office").read_text(encoding="utf-8")
    changed.append(settle(layout.command, command, 0o755))
    if any(changed):
        run("systemctl", "daemon-reload")
    return any(changed)


def enable() -> None:
    """Let everything start with the machine, and start it now."""
    run("systemctl", "enable", "--quiet", "--now", *PROCESSES, FRONT, *TIMERS)


def stop() -> None:
    """Stop what could change something; the front server tells people that HITL is away."""
    run("systemctl", "stop", *PROCESSES)


def start() -> None:
    """Start the processes with the release in use; the front server of an older one ends."""
    run("systemctl", "restart", *PROCESSES, FRONT)


def inactive() -> list[str]:
    """The units that do not run."""
    return [name for name in (*PROCESSES, FRONT, *TIMERS) if not succeeds("systemctl", "is-active", "--quiet", name)]
