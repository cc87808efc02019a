"""URLs: the admin at /admin/, REST at /api/v1/, health at /livez and /readyz."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from approvals.api import health

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/", include("approvals.api.urls")),
    path("livez", health.livez),
    path("readyz", health.readyz),
]

handler400 = "approvals.api.problems.bad_request"
handler500 = "approvals.api.problems.server_error"
