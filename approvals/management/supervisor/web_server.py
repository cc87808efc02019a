"""The web server of the demo: `python -m approvals.management.supervisor.web_server HOST:PORT`.

It reads requests without threads, so a client that sends or reads slowly holds a connection and never a thread.
Production has a front server for that.
"""

import signal
import sys

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from waitress import serve

MAX_CONNECTIONS = 900
MAX_HEADER = 32 * 1024
# Five attachments of 10 MiB come in one form.
MAX_BODY = 51 * 1024 * 1024
SILENT_SECONDS = 20


def main(address: str) -> None:
    """Serve until SIGTERM, then finish what has begun."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    serve(
        get_internal_wsgi_application(),
        listen=address,
        threads=settings.HITL_WEB_THREADS,
        connection_limit=MAX_CONNECTIONS,
        # select() knows no file above number 1023.
        asyncore_use_poll=True,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=5,
        max_request_header_size=MAX_HEADER,
        max_request_body_size=MAX_BODY,
        ident="",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
