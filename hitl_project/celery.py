"""The Celery application; tasks carry ids only and each makes one service call."""

import os

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitl_project.settings")

TASKS = ("route", "check", "execute", "end", "deliver", "export", "webhook")

app = Celery("hitl")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A queue for each task: a worker takes from them by turns, so a thousand rings for one delay no other.
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in TASKS]
app.conf.task_routes = {f"approvals.tasks.{name}": {"queue": name, "routing_key": name} for name in TASKS}
app.conf.task_default_queue = TASKS[0]
app.autodiscover_tasks(["approvals"])
