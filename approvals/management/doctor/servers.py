"""The broker, the mail server and the public address."""

import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from celery import current_app
from django.conf import settings
from django.core import mail
from kombu import Connection
from kombu.exceptions import OperationalError

from approvals import conf
from approvals.management.doctor.finding import Finding, amber, first_line, green, red

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# A worker takes a message in milliseconds: so many mean that nobody does.
MANY_MESSAGES = 100
REDIS = ("redis", "rediss")


def broker() -> Sequence[Finding]:
    """Whether the broker answers, and whether somebody takes its messages."""
    with current_app.connection_for_write() as connection:
        errors: Any = (*connection.connection_errors, *connection.channel_errors)
        away: tuple[type[Exception], ...] = (OperationalError, OSError, *errors)
        try:
            connection.ensure_connection(max_retries=1, timeout=3)
            return list(_broker(connection))
        except away as error:
            hint = "Check that it runs, and REDIS_URL. Until then, the clock does the work of the workers."
            return [red("broker", f"The broker does not answer: {first_line(error)}.", hint)]


def _broker(connection: Connection) -> Iterator[Finding]:
    if connection.transport_cls not in REDIS:
        hint = "Use Redis or Valkey for more than one machine."
        yield (
            amber("broker", "Messages stay on this machine, as HITL_ALLOW says.", hint)
            if conf.is_production()
            else green("broker", "Messages stay on this machine.")
        )
        return
    channel: Any = connection.default_channel
    client = channel.client
    yield green("broker", f"Redis or Valkey {client.info('server').get('redis_version', '')} answers.")
    waiting = {queue.name: client.llen(queue.name) for queue in current_app.conf.task_queues or ()}
    crowded = [f"{name} ({number})" for name, number in waiting.items() if number > MANY_MESSAGES]
    if crowded:
        yield amber("broker", f"Messages that no worker takes: {', '.join(crowded)}.", "Check that a worker runs.")


def mail_server() -> Sequence[Finding]:
    """Whether the mail server takes a connection with our user and password."""
    if settings.EMAIL_BACKEND != SMTP:
        words = "Emails are files, and reach nobody."
        is_told = conf.is_production()
        return [amber("mail", words, "Set EMAIL_URL.") if is_told else green("mail", words)]
    connection = mail.get_connection(fail_silently=False)
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        hint = "Check EMAIL_URL: host, port, user and password, and smtp+tls or smtp+ssl."
        return [red("mail", f"The mail server refuses: {first_line(error)}.", hint)]
    return [green("mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes our connection.")]


def address() -> Sequence[Finding]:
    """Whether HITL answers at its public address, as seen from here."""
    url = f"{conf.site_url()}/readyz"
    hint = "Check HITL_URL, the front server and the web process. A firewall might keep only this machine out."
    try:
        with urllib.request.urlopen(urllib.request.Request(url), timeout=4):
            return [green("address", f"{conf.site_url()} answers.")]
    except urllib.error.HTTPError as error:
        return [amber("address", f"{url} answered {error.code}.", hint)]
    except (OSError, ValueError, ssl.SSLError) as error:
        return [amber("address", f"{url} does not answer from here: {first_line(error)}.", hint)]
