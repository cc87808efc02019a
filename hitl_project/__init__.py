"""The project: settings, addresses and the processes' entry points."""

from hitl_project.celery import app as celery_app

__all__ = ["celery_app"]
