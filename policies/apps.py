"""The policies app."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """A pure judge: facts in, ruling out; and the versions of what it judges by."""

    name = "policies"
