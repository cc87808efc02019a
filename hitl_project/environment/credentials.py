"""Read the credentials that operators declare, each with the hosts that may receive it."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# A name that ends in _FILE would be another name's file.
NAME = re.compile(r"[A-Z][A-Z0-9_]*(?<!_FILE)")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
SHOWN = "Write HITL_CREDENTIALS as NAME=host, or NAME=host:port,host;OTHER=host."


def hosts_by_name(text: str) -> dict[str, list[str]]:
    """Return each credential's hosts as ``host:port``; the default port is 443.

    :raises ImproperlyConfigured: an entry is not a name with hosts, or a name appears twice.
    """
    found: dict[str, list[str]] = {}
    for entry in filter(None, map(str.strip, text.split(";"))):
        name, _, hosts = (part.strip() for part in entry.partition("="))
        if not NAME.fullmatch(name):
            raise ImproperlyConfigured(
                f"HITL_CREDENTIALS has the name {name!r}. Use uppercase letters, digits, and underscores, without _FILE"
                " at the end."
            )
        if name in found:
            raise ImproperlyConfigured(f"HITL_CREDENTIALS has {name} twice. List all its hosts in one entry.")
        found[name] = [_host(name, host.strip()) for host in hosts.split(",") if host.strip()]
    return found


def _host(name: str, text: str) -> str:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, port = "", 0
    if not HOST.fullmatch(host) or text.lower() not in _spellings(host, port):
        raise ImproperlyConfigured(f"HITL_CREDENTIALS has the host {text!r} for {name}. {SHOWN}")
    return f"{host}:{port}"


def _spellings(host: str, port: int) -> set[str]:
    shown = f"[{host}]" if ":" in host else host
    return {shown, f"{shown}:{port}"}
