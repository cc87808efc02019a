"""What a channel is: one way to tell one person something; it links to a decision and never is one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One notice, ready to send: plain text only; ``key`` is the same each time that this notice is sent."""

    key: str
    to: str
    subject: str
    text: str


class NotTold(Exception):
    """The notice could not be sent; the message says why, and it is tried again."""


class Channel(Protocol):
    """One way to tell people."""

    name: str

    def tell(self, message: Message) -> None:
        """Hand the message over.

        :raises NotTold: it was not taken.
        """
