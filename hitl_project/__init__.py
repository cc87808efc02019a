"""The Django project: settings, URLs and entry points."""

from hitl_project.celery import app as celery_app

__all__ = ["celery_app"]
