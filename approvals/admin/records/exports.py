"""Exporting a list: choose the format and columns, then get a small file, or watch a large one being written."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals.admin.base.exported import address_of_rows
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.errors import NotFound
from approvals.models import Export
from approvals.models.exports import ExportFormat, ExportState
from approvals.services.exports import files, formats, lists, requests
from approvals.services.exports.lists import Listing
from policies import db
from policies.errors import Refused

MAX_SHOWN = 50
REFRESH_SECONDS = 3


def show(request: HttpRequest) -> HttpResponse:
    """The person's exports, the newest first."""
    rows = Export.objects.filter(person=person_of(request)).order_by("-id")[:MAX_SHOWN]
    return _page(request, "records/exports.html", _("Your exports"), exports=[_told(each) for each in rows])


def ask(request: HttpRequest, source: str) -> HttpResponse:
    """The form for a list at an address; once sent, the file or the page of its progress."""
    try:
        listing = lists.named(source)
    except NotFound:
        raise Http404 from None
    if not listing.is_open_to(person_of(request)):
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, source, listing, address_of_rows(request.GET))
    query = address_of_rows(QueryDict(request.POST.get("query", "")))
    name, columns = request.POST.get("format", ""), request.POST.getlist("columns")
    try:
        asked = requests.ask(
            actor=actor_of(request), at=db.now(), source=source, query=query, name=name, columns=columns
        )
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return _form(request, source, listing, query, status=422)
    if asked.content is None:
        return HttpResponseRedirect(reverse("admin:export", args=[asked.export.pk]))
    answer = HttpResponse(asked.content, content_type=formats.MEDIA_TYPES[asked.export.format])
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(asked.export)}"'
    return answer


def show_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far an export is; the page asks again now and then until it is finished."""
    export = _own(request, pk)
    seconds = REFRESH_SECONDS if export.is_unfinished else 0
    return _page(request, "records/export.html", _("Export"), each=_told(export), seconds=seconds)


@require_POST
def download(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file, on the record. A button and not a link: looking at a page takes nothing out."""
    try:
        export = requests.hand_out(actor=actor_of(request), at=db.now(), export_id=pk)
        file = files.finished(export.pk, export.fence).open("rb")
    except Refused as refusal:
        messages.error(request, refusal.in_words)
        return HttpResponseRedirect(reverse("admin:exports"))
    except OSError:
        messages.error(request, _("The file is not on this server. Ask your operator to check the folder of exports."))
        return HttpResponseRedirect(reverse("admin:export", args=[pk]))
    answer = FileResponse(file, as_attachment=True, filename=_file_name(export))
    answer["Content-Type"] = formats.MEDIA_TYPES[export.format]
    return answer


@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel an export that is not finished."""
    try:
        requests.cancel(actor=actor_of(request), at=db.now(), export_id=pk)
        messages.success(request, _("Export canceled."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:exports"))


def _form(request: HttpRequest, source: str, listing: Listing, query: str, status: int = 200) -> HttpResponse:
    sent = request.POST.getlist("columns") if request.method == "POST" else None
    columns = [
        {
            "name": column.name,
            "label": capfirst(str(column.label)),
            "is_chosen": column.is_default if sent is None else column.name in sent,
        }
        for column in listing.columns(person_of(request))
    ]
    context = {
        "source": source,
        "query": query,
        "formats": ExportFormat.choices,
        "chosen": request.POST.get("format") or ExportFormat.CSV.value,
        "columns": columns,
        "back": f"{_list(source)}?{query}",
        "is_narrowed": bool(query),
    }
    title = _("Export: %(list)s") % {"list": _name(source)}
    return _page(request, "records/export_form.html", title, status, **context)


def _page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, whole, status=status)


def _told(export: Export) -> dict[str, Any]:
    """One export with what its page says of it."""
    return {
        "export": export,
        "name": _name(export.source),
        "list": f"{_list(export.source)}?{export.query}",
        "is_ready": export.state == ExportState.READY,
    }


def _own(request: HttpRequest, pk: uuid.UUID) -> Export:
    found = Export.objects.filter(person=person_of(request), pk=pk).first()
    if found is None:
        raise Http404
    return found


def _file_name(export: Export) -> str:
    return formats.file_name(export.source, export.format, export.requested_at)


def _name(source: str) -> str:
    return capfirst(str(_shown(source).opts.verbose_name_plural))


def _list(source: str) -> str:
    opts = _shown(source).opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def _shown(source: str) -> "admin.ModelAdmin[Any]":
    return next(each for each in admin.site._registry.values() if each.opts.label_lower == source)
