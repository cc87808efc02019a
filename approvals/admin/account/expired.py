"""What was typed into a page whose CSRF token has expired, because its reader signed in again elsewhere.

It is handed back with a fresh token, and sent only by a press of the button. Another site's form is never handed back.
"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from approvals.admin.account import resume
from approvals.admin.account.error_pages import context_of

# What a page sends automatically, and which button was pressed.
UNTYPED = ("verdict", "revision", "digest", "target", "opened")
# Django looks at the origin first: after these reasons, the form may be another site's.
FOREIGN = ("Origin checking failed", "Referer checking failed")


def refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page that hands back what was typed; the plain refusal where the form may not be ours."""
    if not _is_ours(request, reason):
        return _plain(request)
    if not request.user.is_authenticated:
        return admin.site.login(resume.as_visit(request), resume.sign_in_context(request))
    why = _("You signed in again after you opened the page, so nothing was saved. What you entered is still here.")
    context = admin.site.each_context(request) | {"why": why}
    return resume.sent_again(request, context, request.get_full_path(), resume.typed(request), status=403)


def _plain(request: HttpRequest) -> HttpResponse:
    """The page that says that nothing was saved, with a way back to the page that sent the form."""
    sender = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(sender, allowed_hosts={request.get_host()})
    return render(request, "403_csrf.html", context_of(request) | {"back": sender if is_ours else ""}, status=403)


def _is_ours(request: HttpRequest, reason: str) -> bool:
    """Whether a person sent a form of the admin, from this site, with something to lose."""
    path, is_json = request.path, "application/json" in request.headers.get("Accept", "")
    is_form = request.method == "POST" and not is_json and path.startswith(reverse("admin:index"))
    if not is_form or path == reverse("admin:login") or reason.startswith(FOREIGN):
        return False
    # A trusted origin may be another site, too; browsers say which it is.
    origin = request.headers.get("Origin", f"{request.scheme}://{request.get_host()}")
    is_same = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    is_same = is_same and origin == f"{request.scheme}://{request.get_host()}"
    return is_same and any(value.strip() and name not in UNTYPED for name, value in resume.typed(request))
