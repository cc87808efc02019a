"""What can be wrong with a document, by a code that the other side has words for."""


class Fault(Exception):
    """The document cannot be shown; ``fault`` is the code of the reason."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
