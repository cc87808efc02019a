"""Links: the host that a link really goes to, and whether its text shows another."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

LINK = re.compile(r"([a-z][a-z0-9+.-]*)(://)([^/?#\\]*)(.*)", re.IGNORECASE | re.DOTALL)
MAX_LENGTH = 2_000


def host_of(link: str) -> str:
    """Return the lowercase host of a link; empty if programs may disagree about it."""
    found = LINK.fullmatch(link[:MAX_LENGTH])
    return split(found[3])[1].partition(":")[0].lower() if found and not is_bent(link) else ""


def split(authority: str) -> tuple[str, str]:
    """Return the user part with its @, and the host with its port."""
    before, sign, host = authority.rpartition("@")
    return before + sign, host


def is_bent(text: str) -> bool:
    """Return whether a link has a backslash or a space, which programs read differently."""
    return "\\" in text or any(character.isspace() for character in text)


_MARKS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": ".", "[": "", "]": ""})
_HOST = re.compile(
    r"(?<![\w@.-])((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?![\w@-]|\.\w)(?:[/?#:]\S*)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@<>(),;:]+@((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})")
# Names of files end as hosts do.
_FILES = frozenset(
    {
        *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "csv", "txt", "rtf", "xml", "json", "yaml"),
        *("html", "htm", "png", "jpg", "jpeg", "gif", "svg", "webp", "eml", "msg", "ics", "js", "css", "exe"),
    }
)


@dataclass(slots=True)
class Link:
    """A link in HTML: its text and its real target."""

    words: str
    target: str

    @property
    def host(self) -> str:
        """The host of the target."""
        return host_of(self.target.strip())

    @property
    def is_lying(self) -> bool:
        """Whether the link text shows another host or address than its target."""
        words = self.words.translate(_MARKS)
        mails = {found[0].lower(): found[1].lower() for found in _ADDRESS.finditer(words)}
        hosts = {found[1].lower() for found in _HOST.finditer(_ADDRESS.sub(" ", words)) if _is_host(found[1])}
        target = self.target.strip().lower()
        if target.startswith("mailto:"):
            return self._is_another_address(set(mails), hosts)
        return any(not _is_within(self.host, name) for name in (*hosts, *mails.values()))

    def _is_another_address(self, mails: set[str], hosts: set[str]) -> bool:
        named, _, more = unquote(self.target.strip())[len("mailto:") :].lower().partition("?")
        targets = {each.strip() for each in named.split(",")}
        # Whoever else gets the message is not in the text.
        is_copied = re.search(r"(?:^|&)\s*(?:to|cc|bcc)\s*=", more) is not None
        domains = [each.rpartition("@")[2] for each in targets]
        is_elsewhere = any(not _is_within(domain, host) for domain in domains for host in hosts)
        return is_elsewhere or (bool(mails) and (is_copied or not targets <= mails))


def _is_host(text: str) -> bool:
    return text.rpartition(".")[2].lower() not in _FILES


def _is_within(host: str, name: str) -> bool:
    return host == name or host.endswith(f".{name}")
