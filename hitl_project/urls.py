"""URLs: the admin at /admin/ and REST at /api/v1/; the middleware answers health and metrics."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("api/", include("approvals.api.urls")),
]

handler400 = "approvals.api.problems.bad_request"
handler403 = "approvals.admin.account.error_pages.denied"
handler404 = "approvals.admin.account.error_pages.not_found"
handler500 = "approvals.api.problems.server_error"
