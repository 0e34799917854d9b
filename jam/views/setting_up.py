"""Setting a jam up: what is still missing, what it says of itself, its lists; and how a visitor
will see it."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from jam import describing, keeping, meanwhile, parts, rows
from jam.checklist import checks_of
from jam.errors import Refused
from jam.loading import Kind
from jam.models import Jam
from jam.permissions import publish_refusal
from jam.pictures import FileRefused
from jam.set_up import State
from jam.setting_up import HOSTS, QUESTIONS
from jam.setting_up_forms import TextsForm, list_form_set
from jam.views.desk import ForOrganizers
from jam.views.jams import DetailView
from jam.views.meanwhile import Meanwhile


class SetUpView(ForOrganizers, TemplateView):
    """What belongs to a jam, how it stands, and where it is put right."""

    template_name = "jam/set_up.html"
    desk_page = "set_up"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jam, moment = self.jam, self.request.moment
        checks = checks_of(jam, moment)
        return super().get_context_data(
            checks=checks,
            missing=sum(check.state == State.MISSING for check in checks),
            may_publish=publish_refusal(self.request.user, jam) is None,
            **kwargs,
        )


class PreviewView(ForOrganizers, DetailView):
    """The page of a jam as a visitor who is signed out will see it once it is published."""

    template_name = "jam/preview.html"
    tab = "overview"

    @cached_property
    def reader(self) -> parts.Reader:
        return parts.Reader(AnonymousUser(), self.request.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Of this request alone; nothing saves it.
        self.jam.published_at = self.jam.published_at or self.request.moment
        return super().get_context_data(**kwargs)


class SettingsView(Meanwhile, ForOrganizers, TemplateView):
    """A page with one form about the jam; what was typed stays when it is refused."""

    template_name = "jam/settings_form.html"
    title: Any = ""
    lead: Any = ""
    done: Any = _("Saved.")

    def form(self, data: Any = None, files: Any = None) -> Any:
        raise NotImplementedError

    def save(self, form: Any) -> None:
        """Raises Refused, and ValidationError for what is wrong with a field."""
        raise NotImplementedError

    def next_page(self) -> str:
        return reverse("jam:set_up", args=[self.jam.slug])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def take_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        trouble = ""
        if form.is_valid():
            try:
                self.save(form)
            except Refused as refused:
                trouble = refused.label
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, self.done)
                return redirect(self.next_page())
        context = self.get_context_data(form=form, trouble=trouble)
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, lead=self.lead, **kwargs)


@keeping.keeps_words
class TextsView(SettingsView):
    desk_page = "texts"
    title = _("Texts and look")
    lead = _("What people read first. Everything can be changed later.")

    def form(self, data: Any = None, files: Any = None) -> TextsForm:
        # A row of its own: a form with errors leaves the jam of this page as it is.
        return TextsForm(data, files, instance=copy.copy(self.jam))

    def save(self, form: TextsForm) -> None:
        said = {name: form.cleaned_data[name] for name in describing.TEXTS}
        try:
            describing.describe(
                jam=self.jam,
                by=self.request.user,
                said=said,
                banner=form.cleaned_data["new_banner"],
                without_banner=form.cleaned_data.get("without_banner", False),
                seen=self.seen,
                moment=self.request.moment,
            )
        except FileRefused as refused:
            raise ValidationError({"new_banner": str(refused)}) from None


class RulesView(SettingsView):
    """The rules of one kind, of which a jam has one row."""

    def row(self) -> Model:
        raise NotImplementedError

    def why_not(self, jam: Jam, moment: Any) -> Any:
        """Why the rules may not be changed any more; None as long as they may."""
        return None

    def save(self, form: Any) -> None:
        rows.change(
            jam=self.jam,
            row=self.row(),
            said=form.cleaned_data,
            seen=self.seen,
            by=self.request.user,
            why_not=self.why_not,
            moment=self.request.moment,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusal = self.why_not(self.jam, self.request.moment)
        return super().get_context_data(refusal=refusal, **kwargs)


class ListView(RulesView):
    """A list of the jam's own, on one page, in its order."""

    template_name = "jam/list_form.html"
    kind: Kind
    extra = 2
    # Where the list is seen as others see it: the name of a page, and a label.
    see: tuple[str, Any] | None = None

    def why_not(self, jam: Jam, moment: Any) -> Any:
        return self.kind.why_not(jam, moment)

    def form(self, data: Any = None, files: Any = None) -> Any:
        kind = self.kind
        made = list_form_set(
            kind.model, kind.fields, most=kind.most, extra=self.extra, form=kind.form
        )
        return made(
            data,
            instance=copy.copy(self.jam),
            queryset=kind.model.objects.all(),
            form_kwargs=kind.form_kwargs(self.jam),
        )

    def take_in(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form(request.POST).is_valid():
            # With rows that are gone by now it is not valid, and cannot become so.
            there = self.kind.model._default_manager.filter(jam=self.jam)
            meanwhile.check(self.seen, meanwhile.of_list(there))
        return super().take_in(request, *args, **kwargs)

    def save(self, form: Any) -> None:
        rows.change_list(
            jam=self.jam,
            rows=form.arranged(),
            gone=[each.instance for each in form.deleted_forms],
            seen=self.seen,
            by=self.request.user,
            why_not=self.why_not,
            moment=self.request.moment,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        see = self.see and {"url": reverse(self.see[0], args=[self.jam.slug]), "label": self.see[1]}
        return super().get_context_data(see=see, **kwargs)

    def next_page(self) -> str:
        return self.request.path if "more" in self.request.POST else super().next_page()


@keeping.keeps_words
class HostsView(ListView):
    desk_page = "hosts"
    title = _("Hosts")
    lead = _("Who is behind it: people or organizations, named at the head of the page.")
    kind = HOSTS


@keeping.keeps_words
class QuestionsView(ListView):
    desk_page = "sign_up_questions"
    title = _("Questions at sign-up")
    lead = _("What you want to know of everybody who joins. The fewer, the more join.")
    see = ("jam:sign_up_preview", _("See the form as people will"))
    kind, extra = QUESTIONS, 1
