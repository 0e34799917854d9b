"""The page of the admin where rows are loaded into a list of a jam from a file."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jam import loading, table_files
from jam.admin.taking import columns_of
from jam.errors import Refused
from jam.models import Jam

# Of what is wrong with a file: whoever mends these has seen how the others go.
MOST_WRONG = 100


class WhereForm(forms.Form):
    """Into which list, and what was seen before it is loaded for good."""

    kind = forms.ChoiceField(label=_("List"))
    jam = forms.ModelChoiceField(Jam.objects.none(), label=_("Jam"), to_field_name="slug")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kinds = loading.kinds()
        self.fields["kind"].choices = [("", _("choose one"))] + [
            (name, str(kind.label).capitalize()) for name, kind in self.kinds.items()
        ]
        self.fields["jam"].queryset = Jam.objects.organized_by(request.user)
        self.fields["jam"].empty_label = _("choose one")

    def sheet(self) -> table_files.Sheet:
        """What is to be loaded. Raises Unreadable."""
        raise NotImplementedError


class FileForm(WhereForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.json,text/csv,application/json"}),
        help_text=_("CSV in UTF-8, or JSON, as lists are exported here."),
    )

    def sheet(self) -> table_files.Sheet:
        return table_files.open_file(self.cleaned_data["file"])


class SeenForm(WhereForm):
    """A file that was read before; its text as JSON, since browsers change the ends of lines."""

    name = forms.CharField(max_length=255)
    text = forms.CharField()

    def clean_text(self) -> str:
        try:
            text = json.loads(self.cleaned_data["text"])
        except (ValueError, RecursionError):
            text = None
        if not isinstance(text, str):
            raise forms.ValidationError(_("Choose the file again."))
        return text

    def sheet(self) -> table_files.Sheet:
        return table_files.read(self.cleaned_data["text"], self.cleaned_data["name"])


def load(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what becomes of it, and load it."""
    is_seen = "text" in request.POST
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ("kind", "jam")}
        return _page(request, FileForm(request=request, initial=asked))
    form = (SeenForm if is_seen else FileForm)(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return _again(request, form)
    kind, jam = form.kinds[form.cleaned_data["kind"]], form.cleaned_data["jam"]
    try:
        sheet = form.sheet()
        plan = loading.load(
            kind=kind,
            jam=jam,
            sheet=sheet,
            known=[*columns_of(admin.site._registry[kind.model], request), "jam"],
            by=request.user,
            is_trial=not is_seen,
            moment=request.moment,
        )
    except table_files.Unreadable as error:
        return _again(request, form, str(error))
    except Refused as refused:
        raise PermissionDenied(refused.label) from refused
    if not plan.is_right:
        return _again(request, form, plan.trouble, plan)
    if not is_seen:
        seen = json.dumps(sheet.text, ensure_ascii=False)
        return _page(request, form, plan=plan, jam=jam, seen=seen, shown=_shown(plan))
    n = len(plan.new)
    told = ngettext("%(n)s row is loaded into %(jam)s.", "%(n)s rows are loaded into %(jam)s.", n)
    messages.success(request, told % {"n": n, "jam": jam})
    return redirect("admin:jam_jam_change", jam.pk)


def _again(
    request: HttpRequest, form: WhereForm, trouble: Any = "", plan: loading.Plan | None = None
) -> HttpResponse:
    """The page with what is wrong, and the list and the jam as they were chosen."""
    if isinstance(form, SeenForm) or form.is_valid():
        chosen = {name: request.POST.get(name, "") for name in ("kind", "jam")}
        trouble = trouble or (_("Choose the file again.") if plan is None else "")
        form = FileForm(request=request, initial=chosen)
    found = plan.wrong if plan else []
    wrong = {"wrong": found[:MOST_WRONG], "more_wrong": max(0, len(found) - MOST_WRONG)}
    return _page(request, form, status=422, trouble=trouble, plan=plan, **wrong)


def _shown(plan: loading.Plan) -> dict[str, Any]:
    """The rows that would be new, as the file has them."""
    there = set(plan.there)
    columns = [name for name in plan.kind.fields if name in plan.sheet.columns]
    rows = [
        (row.number, [row.cells.get(name, "") for name in columns])
        for row in plan.sheet.rows
        if row.number not in there
    ]
    return {"columns": columns, "rows": rows}


def _page(request: HttpRequest, form: WhereForm, status: int = 200, **told: Any) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": _("Load rows from a file"),
        "form": form,
        "kinds": form.kinds.values(),
        "most_rows": table_files.MOST_ROWS,
        "most_kb": table_files.MOST_BYTES // 1000,
        "address": reverse("admin_load"),
    }
    return TemplateResponse(request, "admin/load.html", context | told, status=status)
