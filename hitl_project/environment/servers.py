"""How the settings read the addresses of the broker and the mail server."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

from hitl_project.environment.reader import Environment

BROKER_SHOWN = "Set it to redis://host:6379/0."
MAIL_SHOWN = "Set it to smtp+tls://user:password@host:587."


def broker(env: Environment) -> str:
    """Return the URL of the broker; without one, messages are files.

    :raises ImproperlyConfigured: nothing can connect to it.
    """
    url = env.secret("REDIS_URL", "filesystem://")
    # Never the rest of it: there might be a password in it.
    scheme, has_scheme, _ = url.partition("://")
    if not has_scheme:
        raise ImproperlyConfigured(f"REDIS_URL is no URL. {BROKER_SHOWN}")
    if scheme not in TRANSPORT_ALIASES:
        raise ImproperlyConfigured(f"REDIS_URL begins with {scheme[:20]!r}, which is no broker. {BROKER_SHOWN}")
    return url


def mail(env: Environment) -> dict[str, Any]:
    """Return Django's configuration of the mail server; without one, mails are files.

    :raises ImproperlyConfigured: the value is no address of a mail server.
    """
    url = env.secret("EMAIL_URL", "filemail://")
    scheme, has_scheme, _ = url.partition("://")
    if not has_scheme:
        raise ImproperlyConfigured(f"EMAIL_URL is no URL. {MAIL_SHOWN}")
    try:
        config: dict[str, Any] = env.email_url_config(url)
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            f"EMAIL_URL begins with {scheme[:20]!r}, which is no way to send mail. {MAIL_SHOWN}"
        ) from error
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: its port or host is wrong. {MAIL_SHOWN}") from error
    return config
