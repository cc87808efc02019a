"""This machine: versions, static files, disk space, the file of what was sent, certificates and the time zone."""

import os
import platform
import shutil
import ssl
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.utils import timezone

from approvals import conf
from approvals.management.doctor.finding import Finding, amber, green, red

GIB = 1024**3
LITTLE_SPACE, NO_SPACE = 2 * GIB, GIB // 10
SOON_DAYS = 30


def versions() -> Sequence[Finding]:
    """What runs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    words = f"HITL {project['version']}, Python {platform.python_version()}, Django {django.get_version()}"
    return [green("versions", f"{words}, mode {settings.HITL_MODE}.")]


def static_files() -> Sequence[Finding]:
    """Whether the collected files are those of this release."""
    # Django hands it out as a stand-in, whose type says nothing.
    storage: Any = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return [green("static files", "They are served as they are.")]
    # Another look than at the start: somebody might just have collected them.
    manifest: Any = storage.load_manifest()
    known = manifest[0]
    ours = {name for finder in finders.get_finders() for name, _ in finder.list([])}
    missing = sorted(
        name for name in ours if name not in known or not (Path(settings.STATIC_ROOT) / known[name]).exists()
    )
    if missing:
        words = f"Static files that are not collected in {settings.STATIC_ROOT}: {len(missing)}, first {missing[0]}."
        return [red("static files", words, "Run manage.py collectstatic --noinput, and check HITL_STATIC_ROOT.")]
    return [green("static files", f"All {len(ours)} are collected.")]


def disk() -> Sequence[Finding]:
    """How much space is left where HITL writes."""
    last_known = conf.last_known()
    folders = {Path(settings.HITL_HOME), *([last_known.parent] if last_known else [])}
    return [_space(folder) for folder in sorted(folders)]


def _space(folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return red("disk", f"The folder {folder} cannot be read: {error.strerror}.", "Check HITL_HOME and who owns it.")
    words = f"{free / GIB:.1f} GiB are free at {folder}."
    hint = "Free some space, or enlarge the disk."
    return green("disk", words) if free > LITTLE_SPACE else (amber if free > NO_SPACE else red)("disk", words, hint)


def last_known() -> Sequence[Finding]:
    """Whether it can be written down what is sent."""
    path = conf.last_known()
    if path is None:
        hint = "Set HITL_LAST_KNOWN, so that a restored database is noticed."
        return [amber("last-known", "There is no file of what was sent.", hint)]
    part = path if path.exists() else path.parent
    if not os.access(part, os.W_OK):
        hint = "Check who owns it. Without it, nothing is executed."
        return [red("last-known", f"{part} cannot be written.", hint)]
    words = f"{path} has {path.stat().st_size} bytes." if path.exists() else f"{path} begins with the first dispatch."
    return [green("last-known", words)]


def authorities() -> Sequence[Finding]:
    """Whether the authorities of hosts inside the network can be read and are valid."""
    return list(_authorities()) if settings.HITL_OUTBOUND_CA else []


def _authorities() -> Iterator[Finding]:
    try:
        found = ssl.create_default_context(cafile=settings.HITL_OUTBOUND_CA).get_ca_certs()
    except OSError as error:
        hint = "Set HITL_OUTBOUND_CA to a PEM file that this process can read."
        yield red("authorities", f"{settings.HITL_OUTBOUND_CA} cannot be read: {error.strerror or error}.", hint)
        return
    for certificate in found:
        end = str(certificate["notAfter"])
        days = (ssl.cert_time_to_seconds(end) - time.time()) / 86_400
        words = f"A certificate in {settings.HITL_OUTBOUND_CA} is valid until {end}."
        hint = "Put its successor into the file, and restart the processes."
        yield (
            green("authorities", words)
            if days > SOON_DAYS
            else (amber if days > 0 else red)("authorities", words, hint)
        )


def time_zone() -> Sequence[Finding]:
    """What people see as the time now."""
    now = timezone.localtime(timezone.now(), timezone.get_default_timezone())
    return [green("time zone", f"{settings.TIME_ZONE}, where it is {now:%Y-%m-%d %H:%M}.")]
