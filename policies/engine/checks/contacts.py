"""Names, email addresses, phone numbers and links."""

import re

from policies.engine.checks.flag import MAX_LENGTH, Flag, Place
from policies.engine.text.markup import links
from policies.engine.values import addresses, normal
from policies.engine.values.said import message

_PHONE = re.compile(
    r"(?:\+|00)?\(?[0-9](?:[ ()/.-]{0,2}[0-9]){5,14}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE | re.ASCII
)
_LINK_IN_NAME = re.compile(r"://|www\.|@|\b[\w-]+\.(?:com|net|org|io|info|biz)\b", re.IGNORECASE)


def email(place: Place) -> Flag | None:
    """Flag an address that is not plain."""
    found = addresses.doubt(place.value)
    return place.flag("malformed_email", found.value) if found else None


def phone(place: Place) -> Flag | None:
    """Flag a value that is no phone number."""
    text = normal.typed(str(place.value).strip())
    digits = [each for each in text if each.isdigit()]
    if _PHONE.fullmatch(text) and len(set(digits)) > 1:
        return None
    return place.flag("malformed_phone", message("{value} is not a valid phone number."))


def url(place: Place) -> Flag | None:
    """Flag a value that is no plain web address."""
    text = str(place.value)
    found = links.LINK.fullmatch(text) if len(text) <= links.MAX_LENGTH else None
    if found is None or found[1].lower() not in ("http", "https") or links.is_bent(text):
        return place.flag("malformed_url", message("{value} is not a web address."))
    before, host = links.split(found[3])
    if before:
        return place.flag(
            "malformed_url", message("{value} has a username before the host, which is typical of deceptive links.")
        )
    if addresses.host_doubt(host.partition(":")[0]):
        return place.flag("malformed_url", message("{value} has a host that might imitate another host."))
    return None


def name(place: Place) -> Flag | None:
    """Flag a value that is no name: it has no letter, or a link or an address in it."""
    text = str(place.value)
    is_named = isinstance(place.value, str) and any(map(str.isalpha, text)) and len(text) <= MAX_LENGTH
    if not is_named or "\n" in text or _LINK_IN_NAME.search(text):
        return place.flag("implausible_name", message("{value} does not look like a name."))
    if place.expected.get("person") and any(map(str.isdigit, text)):
        return place.flag("implausible_name", message("{value} contains digits, which are unusual in a person’s name."))
    return None
