"""A channel that only records messages, for tests and dry runs."""

from dataclasses import dataclass, field

from approvals.channels.base import Message, NotTold


@dataclass
class FakeChannel:
    """Records messages; the next ``failures`` messages fail."""

    name: str = "fake"
    told: list[Message] = field(default_factory=list)
    failures: int = 0

    def tell(self, message: Message) -> None:
        """Record the message.

        :raises NotTold: a failure was scripted.
        """
        if self.failures:
            self.failures -= 1
            raise NotTold("A failure was scripted.")
        self.told.append(message)
