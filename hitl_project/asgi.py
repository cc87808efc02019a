"""The ASGI entry point: the process in which long polls wait."""

from django.utils.module_loading import import_string

from hitl_project.wsgi import application as answer

# What it imports needs the apps, which the line above has loaded.
application = import_string("hitl_project.serving.long_polls.LongPolls")(answer)
