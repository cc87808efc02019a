"""How gunicorn answers requests: its workers, the waits of long polls, and the middleware."""
