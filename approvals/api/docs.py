"""The OpenAPI document and its Swagger page, which has its own content security policy."""

import json
from functools import cache
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView

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

Endpoint = tuple[str, str, str, Any]


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """`schema/`: the OpenAPI document. It is public because it holds no data of this installation."""
    return HttpResponse(_document(), content_type="application/vnd.oai.openapi+json")


@method_decorator(csp_replace(READABLE), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """`docs/`: the document as a web page."""

    authentication_classes = []
    permission_classes = []
    url_name = "api:schema"


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
    # Built once: it takes a second, and callers need not be authenticated.
    return json.dumps(SchemaGenerator().get_schema(request=None, public=True)).encode()
