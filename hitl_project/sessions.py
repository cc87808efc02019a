"""Sessions that end after a while without a page, and at the latest some hours after the sign-in."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import DatabaseError, OperationalError
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from approvals import outages
from policies.compiled import Compiled, Slot
from policies.db import Clock

SIGNED_IN_AT = "signed_in_at"
# A page within this time of the last one changes no row.
STEP = timedelta(minutes=1)
# Asked by every request with a session cookie.
_FOUND: Compiled[Any] = Compiled(
    lambda: (
        SessionStore.get_model_class()
        .objects.annotate(read_at=Clock())
        .filter(session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField()))
    )
)

log = structlog.get_logger()


class SessionStore(db.SessionStore):
    """Django's database sessions, whose rows expire when nobody has used them for a while."""

    row_expires_at: datetime | None = None
    # The database's time when the row was read.
    read_at: datetime | None = None

    def touch(self) -> None:
        """Let the idle time begin anew; a session that is saved anyway needs no statement of its own."""
        if self.row_expires_at is None or self.modified or SESSION_KEY not in self:
            return
        expires_at = self.get_expiry_date()
        if expires_at - self.row_expires_at < STEP:
            return
        try:
            self.model.objects.filter(session_key=self.session_key).update(expire_date=expires_at)
        except DatabaseError as error:
            # Who only reads can go on while nothing can be written.
            if outages.of(error) is None:
                raise
            log.warning("session.not_kept", error=str(error))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Return when the session ends unless it is used again."""
        now = timezone.now()
        began = datetime.fromisoformat(self[SIGNED_IN_AT]) if SIGNED_IN_AT in self else now
        idle, most = (
            timedelta(minutes=settings.HITL_SESSION_IDLE_MINUTES),
            timedelta(seconds=settings.SESSION_COOKIE_AGE),
        )
        return min(now + idle, began + most)

    def cycle_key(self) -> None:
        """Change the key at a sign-in or a new password, from which the longest time counts."""
        self.pop(SIGNED_IN_AT, None)
        super().cycle_key()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Note the moment of the sign-in with the first data that has a person."""
        if SESSION_KEY in data:
            data.setdefault(SIGNED_IN_AT, timezone.now().isoformat())
        return super().create_model_instance(data)

    def save(self, must_create: bool = False) -> None:
        """Save the session; a database that cannot write is not called a session that was deleted.

        :raises OperationalError: the database cannot write.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from error.__context__.__cause__
            raise

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = _FOUND.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
        self.row_expires_at = row.expire_date if row else None
        self.read_at = getattr(row, "read_at", None)
        return row
