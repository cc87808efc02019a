"""Connector limits: how fast each connector is called, and when its circuit breaker opens."""

from typing import Any

from django import forms
from django.contrib import admin

from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.models import FlowLimit
from approvals.services.safety import flow


class FlowLimitForm(forms.ModelForm):
    """A limit of a connector that there is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "connector" in self.fields:
            names = sorted({*flow.connectors(), *filter(None, [self.instance.connector])})
            self.fields["connector"].widget = forms.Select(choices=[(name, name) for name in ["", *names]])

    def clean_host(self) -> str:
        """A host is compared in lower case."""
        return str(self.cleaned_data["host"]).strip().lower()


@admin.register(FlowLimit)
class FlowLimitAdmin(KeptAdmin):
    """Limits by connector and host."""

    form = FlowLimitForm
    fields = ("connector", "host", "starts_per_minute", "calls_at_once", "breaker_failures", "breaker_pause")
    list_display = fields
    list_filter = ("connector",)
    search_fields = ("connector", "host")
