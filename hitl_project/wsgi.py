"""The WSGI entry point that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitl_project.settings")
# The settings give the statements of this process less time than a worker's.
os.environ["HITL_PROCESS"] = "web"

application = get_wsgi_application()

# One address loads them all. What is there now stays for good and is set apart, so that no search for garbage goes
# through it in the middle of a page: one of ten or so took twice its time.
reverse("admin:index")
gc.collect()
gc.freeze()
