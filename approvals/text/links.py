"""Email addresses and links: their real targets and deceptive parts."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from policies.engine.text.markup.links import LINK, is_bent, split
from policies.engine.values.addresses import Doubt, doubt

MAIL = re.compile(r"([^\s@<>,;\"]+@)([^\s@<>,;\"]+)")
NAMED = re.compile(r"([^<>]*)<([^<>]*)>\s*")
BETWEEN = re.compile(r"[,;]")
HARMLESS = frozenset({"http", "https"})
# Reported beside each text on the page, or by the anomaly that policy found.
_SAID_ELSEWHERE = (None, Doubt.HIDDEN, Doubt.NAMED)
MAX_LENGTH = 2_000
MAX_HOST_LENGTH = 255


def parts(kind: str, text: str) -> tuple[tuple[str, str], ...]:
    """An address or a link in parts with roles, such as the `host`."""
    if len(text) > MAX_LENGTH:
        return ()
    if kind == "email":
        found = MAIL.fullmatch(text)
        return (("rest", found[1]), ("host", found[2])) if found else ()
    link = LINK.fullmatch(text)
    if link is None or is_bent(text) or not link[3]:
        return ()
    before, host = split(link[3])
    return (("rest", link[1] + link[2] + before), ("host", host), ("rest", link[4]))


def oddities(kind: str, text: str) -> Iterator[str]:
    """Sentences about anomalies in an address or a link."""
    if kind == "email":
        said = list(_oddities_of_mail(text[:MAX_LENGTH]))
        yield from said
        # The page must explain everything that policy sends to a person.
        if text and not said and doubt(text) not in _SAID_ELSEWHERE:
            yield _("This does not look like an email address.")
    elif kind == "uri":
        yield from _oddities_of_link(text[:MAX_LENGTH])


def _oddities_of_mail(text: str) -> Iterator[str]:
    addresses = [part for part in BETWEEN.split(text) if part.strip()]
    if len(addresses) > 1:
        yield _("Contains more than one address.")
        return
    named = NAMED.fullmatch(text)
    if named and "@" in named[1]:
        yield _("The name looks like an address. The email goes to the address in angle brackets.")
    address = named[2] if named else text
    if text and not MAIL.fullmatch(address.strip()):
        yield _("This does not look like an email address.")
    else:
        yield from _oddities_of_host(address.strip().rpartition("@")[2])


def _oddities_of_link(text: str) -> Iterator[str]:
    found = LINK.fullmatch(text)
    if found is None or found[1].lower() not in HARMLESS:
        if text:
            yield _("This is not a web address.")
        return
    if is_bent(text):
        yield _("Contains a backslash or a space. Programs might disagree about the target.")
        return
    before, host = split(found[3])
    if before:
        yield _("Contains a name before the host, which is typical of deceptive links. The host is the real target.")
    yield from _oddities_of_host(host.partition(":")[0])


def _oddities_of_host(host: str) -> Iterator[str]:
    labels = host.lower().split(".")
    try:
        if not host.isascii() and len(host) <= MAX_HOST_LENGTH:
            written = host.encode("idna").decode()
            said = _("The domain contains letters from another alphabet (%(names)s). Its technical name is %(domain)s.")
            yield said % {"domain": written, "names": _alphabets(host)}
        elif any(label.startswith("xn--") for label in labels) and len(host) <= MAX_HOST_LENGTH:
            meant = host.encode().decode("idna")
            said = _("The domain decodes to %(domain)s, which contains letters from another alphabet: %(names)s.")
            yield said % {"domain": meant, "names": _alphabets(meant)}
    except UnicodeError:
        yield _("This domain is invalid.")


def _alphabets(text: str) -> str:
    """The Unicode names of the alphabets of non-Latin letters."""
    names = {unicodedata.name(sign, "?").partition(" ")[0] for sign in text if not sign.isascii()}
    return ", ".join(sorted(names)).capitalize()
