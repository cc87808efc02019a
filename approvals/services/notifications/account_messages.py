"""Texts of notifications about somebody's own account: the link that sets a password, and what others changed."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from approvals import conf
from approvals.models import Delivery, Membership, Person
from approvals.models.deliveries import ADDRESS_CHANGED, EXPORT_READY, PASSWORD_LINK, PASSWORD_SET, POWER_CHANGED
from approvals.text.unicode import plainly

MAX_TITLE = 120


def written(delivery: Delivery) -> tuple[str, str]:
    """The subject and text of a notification about an account, in the current language."""
    subject, lines = _WORDING[delivery.event]
    return subject(), render_to_string("email/account.txt", {"lines": list(lines(delivery))})


def one_line(text: object, most: int = MAX_TITLE) -> str:
    """A text on one short line with hidden characters shown as codes."""
    shown = plainly(" ".join(str(text).split()))
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def link(person: Person) -> str:
    """The address of the page where somebody sets their password; made when it is sent, and kept nowhere."""
    user = urlsafe_base64_encode(force_bytes(person.pk))
    return f"{conf.site_url()}/admin/set-password/{user}/{default_token_generator.make_token(person)}/"


def _invited(delivery: Delivery) -> Iterator[str]:
    person = delivery.person
    yield _("Your username is %(name)s. Set your password here:") % {"name": one_line(person.get_username())}
    yield link(person)
    yield _("The link works once, and only for a few days. Do not forward it.")


def _password_set(delivery: Delivery) -> Iterator[str]:
    setter = delivery.person.password_set_by
    if setter is None:
        yield _("Your password was set with a link that was emailed to you.")
        yield _("If you did not set this password, ask an administrator to deactivate your account immediately.")
        return
    yield _("%(who)s set your password or has a link that can set it.") % {"who": one_line(setter)}
    yield _(
        "Until you set your own password with an emailed link, you and %(who)s count as one person. Ask an "
        "administrator to send you a link."
    ) % {"who": one_line(setter)}


def _address_changed(delivery: Delivery) -> Iterator[str]:
    setter = delivery.person.email_set_by
    yield _("%(who)s changed the email address for your account.") % {"who": one_line(setter or _("An administrator"))}
    yield _(
        "If the new address is correct, sign in and confirm it in your preferences. Otherwise, contact another "
        "administrator."
    )


def _power_changed(delivery: Delivery) -> Iterator[str]:
    row: Any = Membership.history.filter(history_id=delivery.change_id).select_related("desk").first()
    if row is None:
        yield _("Your groups or permissions were changed.")
    elif row.history_type == "-":
        yield _("You were removed from %(desk)s.") % {"desk": one_line(row.desk)}
    else:
        said = {"desk": one_line(row.desk), "tier": row.get_tier_display()}
        yield _("You were added to %(desk)s, or your membership was changed. Tier: %(tier)s.") % said
    yield _("If you did not expect this change, contact an administrator.")


def _export_ready(delivery: Delivery) -> Iterator[str]:
    yield _("The list that you exported is ready to download:")
    # The page shows it; only its button takes the file, because mail scanners open links.
    yield f"{conf.site_url()}/admin/exports/{delivery.change_id}/"
    yield _("The file is removed after 7 days.")


_Lines = Callable[[Delivery], Iterator[str]]
_WORDING: dict[str, tuple[Callable[[], str], _Lines]] = {
    PASSWORD_LINK: (lambda: _("Set your password"), _invited),
    PASSWORD_SET: (lambda: _("Your password was set"), _password_set),
    ADDRESS_CHANGED: (lambda: _("Your email address was changed"), _address_changed),
    POWER_CHANGED: (lambda: _("Your permissions were changed"), _power_changed),
    EXPORT_READY: (lambda: _("Your export is ready"), _export_ready),
}
