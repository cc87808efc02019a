"""Why a document is not shown, each in a sentence for its reader."""

from django.utils.translation import gettext_noop as _

from policies.errors import Refused


class Unreadable(Refused):
    __doc__ = _("This document cannot be shown. Download it to open it in another program.")
    code = "document_unreadable"


class Broken(Unreadable):
    __doc__ = _("This document is damaged and cannot be shown. Download it, or ask the agent for another copy.")
    code = "document_broken"


class Encrypted(Unreadable):
    __doc__ = _("This document needs a password. Ask the agent for a copy without one.")
    code = "document_encrypted"


class TooBig(Unreadable):
    __doc__ = _("This document is too large to be drawn. Download it to open it in another program.")
    code = "document_too_large"


class TooSlow(Unreadable):
    __doc__ = _("This document takes too long to draw. Download it to open it in another program.")
    code = "document_too_slow"


class NoPage(Unreadable):
    __doc__ = _("This page is not shown. Download the document to see all of its pages.")
    code = "document_no_page"


class Busy(Unreadable):
    __doc__ = _("Too many documents are being drawn at the moment. Reload the page in a few seconds.")
    code = "document_busy"


_BY_FAULT = {"encrypted": Encrypted, "too_large": TooBig, "no_page": NoPage}


def of(fault: object) -> Unreadable:
    """The refusal of a fault that the process named; it is not believed to know all of them."""
    return _BY_FAULT.get(fault, Broken)() if isinstance(fault, str) else Broken()
