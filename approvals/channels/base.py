"""The channel interface: send a notification to one person; it links to a decision and never makes one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One plain-text notification; ``key`` is the same each time that it is sent, ``kind`` a `MailKind`."""

    key: str
    to: str
    subject: str
    text: str
    kind: str = ""


class NotTold(Exception):
    """The notification could not be sent and will be retried; the message says why."""


class Channel(Protocol):
    """One way to notify people."""

    name: str

    def tell(self, message: Message) -> None:
        """Send the message.

        :raises NotTold: it was not accepted.
        """
