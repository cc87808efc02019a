"""Credentials of targets: a target names one, and only the hosts that the operator declared for it receive it.

Operators declare hosts in ``HITL_CREDENTIALS`` and set the value in ``HITL_CREDENTIAL_<NAME>``. A target is checked
when it is saved, and the URL of each request again before it is sent.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from approvals import conf
from approvals.connectors.outbound import NotSent

PREFIX = "HITL_CREDENTIAL_"
# Nothing else can be part of a header; a line break would start another one.
HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")


def credential_faults(target: dict[str, Any]) -> Iterator[str]:
    """Yield why a target must not use its credential, as sentences."""
    if "credential" not in target:
        return
    name = target["credential"]
    if not isinstance(name, str) or name not in conf.credential_hosts():
        # What was typed is not repeated, because it could be the token.
        yield "The credential is not declared. Use the name of a credential in HITL_CREDENTIALS."
        return
    # A lookup's URL has placeholders only after its host.
    urls = [target[field] for field in ("url", "lookup") if isinstance(target.get(field), str)]
    yield from dict.fromkeys(fault for url in urls if (fault := _host_fault(name, url)))


def bearer(target: dict[str, Any], url: str) -> dict[str, str]:
    """Return the header with the target's credential for one URL; empty without a credential.

    :raises NotSent: the URL's host must not receive it, or it has no usable value.
    """
    if "credential" not in target:
        return {}
    # Checked again: a target saved by an earlier release or outside the form must not send it either.
    if faults := list(credential_faults({"credential": target["credential"], "url": url})):
        raise NotSent(" ".join(faults))
    name = target["credential"]
    token = conf.credential_token(name)
    if not token:
        variables = f"{PREFIX}{name} or {PREFIX}{name}_FILE"
        raise NotSent(f"The credential {name} has no value. Set {variables} for the worker and the clock.")
    if not HEADER_VALUE.fullmatch(token):
        raise NotSent(f"The value of the credential {name} contains invalid characters. Use ASCII text on one line.")
    return {"Authorization": f"Bearer {token}"}


def _host_fault(name: str, url: str) -> str:
    hosts = conf.credential_hosts()[name]
    if not hosts:
        return f"The credential {name} has no hosts. Add them in HITL_CREDENTIALS."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        # The URL has a fault of its own; no host means that nothing receives the credential.
        host, port = "", 0
    if f"{host}:{port}" in hosts:
        return ""
    return f"The credential {name} is not for this host and port. Use one of: {', '.join(hosts)}."
