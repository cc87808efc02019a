"""Several hosts on one machine."""

GATE = "10.213.77.1"
NAME = "erp.internal"


class NotPermitted(Exception):
    """Not here."""
class Lan:
    pass
