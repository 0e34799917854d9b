"""What there is to start from: the page for everybody, and where organizers arrange it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from jam import keeping, resources
from jam.errors import Refused
from jam.forms import ResourceForm
from jam.models import Report, Resource
from jam.resources import ResourceRefusal, arrange_refusal, mark_refusal
from jam.views.meanwhile import Meanwhile
from jam.views.pages import JamPageMixin, public
from jam.views.reporting import ReportMixin

PER_PAGE = 24


def by_section(found: list[Resource]) -> list[tuple[str, list[Resource]]]:
    """Resources in their order, section by section."""
    sections: dict[str, list[Resource]] = {}
    for resource in found:
        sections.setdefault(resource.section, []).append(resource)
    return list(sections.items())


@public
class ResourceListView(JamPageMixin, TemplateView):
    template_name = "jam/resources.html"
    tab = "resources"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        every = list(self.jam.resources.with_marks(user))
        chosen = self.chosen(every)
        fits = [r for r in every if all(getattr(r, name) == v for name, v in chosen.items())]
        # Sections are whole on their pages as far as they fit, and follow each other.
        in_order = [resource for _name, group in by_section(fits) for resource in group]
        page = Paginator(in_order, PER_PAGE).get_page(self.request.GET.get("page"))
        is_organizer = self.jam.is_organized_by(user)
        return super().get_context_data(
            page=page,
            sections=by_section(list(page)),
            path=[] if chosen or page.number > 1 else [r for r in every if r.starts_here],
            choices=self.choices(every),
            chosen=chosen,
            query=f"{urlencode(chosen)}&" if chosen else "",
            may_mark=mark_refusal(self.reader.participation) is None,
            is_organizer=is_organizer,
            **kwargs,
        )

    def chosen(self, every: list[Resource]) -> dict[str, str]:
        """What the address asks for, of what there is."""
        asked = {name: self.request.GET.get(name, "") for name in ("kind", "level", "section")}
        return {
            name: value
            for name, value in asked.items()
            if value and any(getattr(r, name) == value for r in every)
        }

    def choices(self, every: list[Resource]) -> list[dict[str, Any]]:
        """Of each filter the values that there are, where there is more than one."""
        found = [
            ("section", _("Section"), [(r.section, r.section) for r in every if r.section]),
            ("kind", _("Kind"), [(r.kind, r.get_kind_display()) for r in every]),
            ("level", _("For whom"), [(r.level, r.get_level_display()) for r in every if r.level]),
        ]
        return [
            {"name": name, "label": label, "values": list(dict(values).items())}
            for name, label, values in found
            if len(dict(values)) > 1
        ]


class ResourceMixin(JamPageMixin):
    """The resource that the address names."""

    tab = "resources"

    @cached_property
    def resource(self) -> Resource:
        resource = get_object_or_404(Resource, jam=self.jam, pk=self.kwargs["pk"])
        resource.jam = self.jam
        return resource


class WorkedView(ResourceMixin, View):
    """A button beside a resource: it worked for me."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.resource)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        worked = request.POST.get("act") != "undo"
        try:
            resources.mark_worked(
                resource=self.resource, by=request.user, worked=worked, moment=request.moment
            )
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("Noted. It helps others to choose."))
        return redirect(self.resource)


@keeping.keeps_words
class ReportView(ResourceMixin, ReportMixin):
    """Says that a resource does not work."""

    @property
    def thing(self) -> Resource:
        return self.resource


class ArrangingMixin(JamPageMixin):
    """For organizers; others are told that it is."""

    tab = "resources"
    desk_page = "arrange_resources"

    def admit(self) -> None:
        """Raises PermissionDenied."""
        if refusal := arrange_refusal(self.request.user, self.jam):
            raise PermissionDenied(refusal.label)


class ArrangeView(ArrangingMixin, TemplateView):
    """The list with its buttons."""

    template_name = "jam/resources_arrange.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.admit()
        every = list(self.jam.resources.all())
        open_ones = Report.objects.open().filter(jam=self.jam, target_type="jam.resource")
        reported = set(open_ones.values_list("target_id", flat=True))
        for resource in every:
            resource.is_reported = str(resource.pk) in reported
        return super().get_context_data(
            sections=[
                {"name": name, "rows": rows, "first": rows[0].pk, "last": rows[-1].pk}
                for name, rows in by_section(every)
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        act, _hyphen, pk = request.POST.get("act", "").partition("-")
        known = act in ("up", "down", "remove") and pk.isdecimal() and len(pk) < 16
        resource = get_object_or_404(Resource, jam=self.jam, pk=int(pk) if known else 0)
        resource.jam = self.jam
        own = {"resource": resource, "by": request.user, "moment": request.moment}
        if act == "remove":
            resources.remove(**own)
            messages.success(request, _("It is removed. Its address is in the log."))
            return redirect("jam:arrange_resources", self.jam.slug)
        resources.move(down=act == "down", **own)
        here = redirect("jam:arrange_resources", self.jam.slug)
        # Where the reader's place in the list is.
        here["Location"] += f"#resource-{resource.pk}"
        return here


class ResourceFormView(ArrangingMixin, TemplateView):
    template_name = "jam/resource_form.html"
    done: Any = ""

    def form(self, data: Any = None) -> ResourceForm:
        raise NotImplementedError

    def save(self, said: dict[str, Any]) -> Resource:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.admit()
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.save(form.cleaned_data)
            except Refused as refused:
                is_path = refused.refusal == ResourceRefusal.PATH_FULL
                form.add_error("starts_here" if is_path else None, refused.label)
            else:
                messages.success(request, self.done)
                return redirect("jam:arrange_resources", self.jam.slug)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def sections(self) -> list[str]:
        names = self.jam.resources.exclude(section="").values_list("section", flat=True)
        return list(dict.fromkeys(names))


@keeping.keeps_words
class AddView(ResourceFormView):
    done = gettext_lazy("It is there for everybody.")

    def form(self, data: Any = None) -> ResourceForm:
        return ResourceForm(data, sections=self.sections(), label=_("Add it"))

    def save(self, said: dict[str, Any]) -> Resource:
        request = self.request
        return resources.add(jam=self.jam, by=request.user, said=said, moment=request.moment)


@keeping.keeps_words
class ChangeView(Meanwhile, ResourceMixin, ResourceFormView):
    done = gettext_lazy("Saved.")

    def form(self, data: Any = None) -> ResourceForm:
        # A row of its own: a form with errors leaves the resource of this request as it is.
        said = {name: getattr(self.resource, name) for name in resources.FIELDS}
        own = Resource(jam=self.jam, **said)
        return ResourceForm(data, instance=own, sections=self.sections(), label=_("Save"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(resource=self.resource, **kwargs)

    def save(self, said: dict[str, Any]) -> Resource:
        request = self.request
        return resources.change(
            resource=self.resource,
            by=request.user,
            said=said,
            seen=self.seen,
            moment=request.moment,
        )
