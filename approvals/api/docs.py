"""The OpenAPI document and its Swagger page, which has its own content security policy."""

import json
from functools import cache
from typing import Any, ClassVar

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from approvals import conf
from approvals.api import problems
from approvals.api.auth.permissions import Knows
from approvals.api.base.call import Call, OneFormat
from approvals.models import Person
from approvals.queries.accounts.locale import language_of

# Swagger writes style attributes and inline images; no inline script runs.
READABLE = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

READING = ("GET", "HEAD")

Endpoint = tuple[str, str, str, Any]


class Schema(Call):
    """`schema/`: the OpenAPI document, for whoever has access."""

    allowed: ClassVar = {"GET": Knows}

    def get_permissions(self) -> list[BasePermission]:
        """Ask for a key, a token or a session, unless the operator opened the document."""
        return [] if conf.has_public_docs() else super().get_permissions()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """The document."""
        return HttpResponse(_document(), content_type="application/vnd.oai.openapi+json")


@method_decorator(csp_replace(READABLE), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """`docs/`: the document as a web page."""

    authentication_classes = []
    permission_classes = []
    content_negotiation_class = OneFormat
    url_name = "api:schema"
    reader: Person | AnonymousUser

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for a sign-in first, unless the operator opened the page."""
        if request.method not in READING:
            detail = "This URL takes no other method than GET. Send a GET."
            answer = problems.outside(request, 405, "method_not_allowed", detail)
            answer["Allow"] = ", ".join(READING)
            return answer
        if not request.user.is_authenticated and not conf.has_public_docs():
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        # The framework puts its own caller in their place, who is nobody here.
        self.reader = request.user
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The script that draws the document, or the page around it in the reader's language."""
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if request.GET.get("script") is not None:
            return answer
        visit, reader = request._request, self.reader
        visit.user = reader
        context = {**admin.site.each_context(visit), **answer.data, "title": _("REST API")}
        context["schema_url"] = reverse("api:schema")
        with translation.override(language_of(reader) if reader.is_authenticated else translation.get_language()):
            return render(visit, "api/docs.html", context)


def only_ours(endpoints: list[Endpoint], **kwargs: Any) -> list[Endpoint]:
    """Keep only the endpoints of this API in the document."""
    return [item for item in endpoints if item[0].startswith("/api/v1/") and "{rest}" not in item[0]]


def closed(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Declare that request bodies allow no additional fields."""
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("In"):
            shape["additionalProperties"] = False
    return result


@cache
def _document() -> bytes:
    # Built once: it takes a second.
    return json.dumps(SchemaGenerator().get_schema(request=None, public=True)).encode()
