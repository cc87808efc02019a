"""The directory: employees, subject owners and duties, edited by hand or imported from CSV."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base.columns import inactive
from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.models import Duty, Employee, Person, SubjectOwner
from approvals.services.catalog.gathering import WaitsForApproval
from approvals.services.directory import import_sheet
from approvals.text.csv_sheet import SheetFaults
from policies import db
from policies.errors import Refused

MAX_SHOWN = 200
# The confirmation sends back the previewed text as a form field.
MAX_BYTES = 1024 * 1024


class DirectoryForm(forms.ModelForm):
    """A directory row that gives `asker`, the signed-in person, no authority; normalized first."""

    asker: Person

    def _post_clean(self) -> None:
        """Fill the row, normalize it, and run the checks that need the whole row."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        import_sheet.spell(self.instance)
        if why := import_sheet.against(self.instance, self.changed_data, self.asker):
            self.add_error(None, _(why))
        if isinstance(self.instance, Employee) and (around := import_sheet.circle(self.instance)):
            self.add_error(
                "manager",
                _("These managers form a loop: %(path)s. Change one of the managers.") % {"path": " → ".join(around)},
            )
        # Computed values are not form fields, so Django has not checked that they are unique.
        try:
            self.instance.validate_unique()
            self.instance.validate_constraints()
        except forms.ValidationError as error:
            self.add_error(None, forms.ValidationError(error.messages))


class DirectoryAdmin(KeptAdmin):
    """Shared base of the three lists: a form with the asker, and the CSV import."""

    form = DirectoryForm
    change_list_template = "setup/directory_list.html"
    sheet = ""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form with the signed-in person set."""
        options["form"] = type("AskedDirectoryForm", (DirectoryForm,), {"asker": person_of(request)})
        return super().get_form(request, obj, change, **options)

    def get_urls(self) -> list[URLPattern]:
        """Add the import URL before Django's own."""
        name = f"approvals_{self.opts.model_name}_import"
        return [path("import/", self.admin_site.admin_view(self.take_in), name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with a link to the CSV import."""
        may = self.has_add_permission(request) and self.has_change_permission(request)
        address = reverse(f"admin:approvals_{self.opts.model_name}_import") if may else ""
        return super().changelist_view(request, {"import_url": address, **(extra_context or {})})

    def take_in(self, request: HttpRequest) -> HttpResponse:
        """Preview a CSV import, and import it once it is confirmed."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import CSV"),
            "opts": self.opts,
            "columns": import_sheet.COLUMNS[self.sheet],
            "form": form,
        }
        if not form.is_valid():
            status = 422 if form.errors else 200
            return TemplateResponse(request, "setup/directory_import.html", context, status=status)
        return self._answer(request, form.content(), context, is_trial="confirmed" not in request.POST)

    def _answer(self, request: HttpRequest, content: bytes, context: dict[str, Any], *, is_trial: bool) -> HttpResponse:
        try:
            found = import_sheet.import_sheet(
                actor=actor_of(request), at=db.now(), sheet=self.sheet, content=content, is_trial=is_trial
            )
        except WaitsForApproval as waiting:
            return self._asked(request, waiting.change)
        except SheetFaults as error:
            context |= {"faults": error.faults[:MAX_SHOWN], "count": len(error.faults), "form": _again(content)}
            return TemplateResponse(request, "setup/directory_import.html", context, status=422)
        except Refused as refusal:
            context |= {"refusal": refusal.in_words, "form": _again(content)}
            return TemplateResponse(request, "setup/directory_import.html", context, status=422)
        changes = [change for change in found if not change.is_none]
        if is_trial:
            context |= {"is_trial": True, "changes": changes[:MAX_SHOWN], "count": len(changes), "lines": len(found)}
            context |= {"text": _text(content), "form": _again(content)}
            return TemplateResponse(request, "setup/directory_import.html", context)
        messages.success(request, _("Imported. Rows added or changed: %(count)d.") % {"count": len(changes)})
        return HttpResponseRedirect(reverse(f"admin:approvals_{self.opts.model_name}_changelist"))


def _text(content: bytes) -> str:
    """The content as text; empty if it is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _again(content: bytes) -> "SheetForm":
    """The form with the content, so that nobody chooses the same file twice."""
    return SheetForm(initial={"text": _text(content)})


class SheetForm(forms.Form):
    """A CSV upload, or the text of one; a file that is chosen counts."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), required=False, help_text=gettext_lazy("UTF-8, at most 1 MiB.")
    )
    text = forms.CharField(
        label=gettext_lazy("Content"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("Correct the content here, or choose another file."),
    )

    def clean(self) -> dict[str, Any]:
        """Require either a file or a text, within the size limit."""
        data = super().clean() or {}
        if data.get("file") is None and not data.get("text"):
            self.add_error("file", _("Choose a file."))
        elif data.get("file") is not None and data["file"].size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 1 MiB. Split it, or use the directory_import command."))
        return data

    def content(self) -> bytes:
        """The content of the file."""
        file = self.cleaned_data["file"]
        return file.read() if file else str(self.cleaned_data["text"]).encode()


@admin.register(Employee)
class EmployeeAdmin(DirectoryAdmin):
    """Employees and their managers."""

    sheet = "people"
    shown_inactive = inactive
    list_display = ("name", "key", "department", "title", "manager", "person", "shown_inactive")
    list_filter = ("is_active",)
    list_select_related = ("manager", "person")
    search_fields = ("key", "name", "department")
    raw_id_fields = ("manager",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People cannot delete rows that describe themselves."""
        is_own = obj is not None and obj.person_id == person_of(request).pk
        return super().has_delete_permission(request, obj) and not is_own


@admin.register(SubjectOwner)
class SubjectOwnerAdmin(DirectoryAdmin):
    """Subject owners, such as the account manager of a customer."""

    sheet = "owners"
    list_display = ("subject", "owner", "from_on", "until_on")
    list_select_related = ("owner",)
    search_fields = ("subject", "owner__username", "owner__last_name")


@admin.register(Duty)
class DutyAdmin(DirectoryAdmin):
    """Duty schedules by desk."""

    sheet = "duty"
    list_display = ("desk", "person", "starts_at", "ends_at")
    list_filter = ("desk",)
    list_select_related = ("desk", "person")
    date_hierarchy = "starts_at"
