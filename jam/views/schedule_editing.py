"""Adding, changing, cancelling and bringing back what stands in a schedule."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from jam import keeping, scheduling
from jam.errors import Refused
from jam.models import ScheduleItem
from jam.models.schedule import Happening
from jam.permissions import ScheduleRefusal
from jam.schedule_form import CancelItemForm, ItemForm
from jam.views.meanwhile import Meanwhile
from jam.views.pages import JamPageMixin


class ItemMixin(JamPageMixin):
    """A page about an item of the schedule, which is only there for who decides on it."""

    tab = "schedule"

    def find_item(self) -> Happening:
        """The item that the address names. Raises Http404."""
        return get_object_or_404(self.jam.schedule, pk=self.kwargs["pk"])

    def zone(self) -> ZoneInfo:
        """By whose clock times are written."""
        return self.jam.zone

    @cached_property
    def item(self) -> Happening:
        item = self.find_item()
        if not item.is_run_by(self.request.user):
            raise PermissionDenied(str(ScheduleRefusal.NOT_ORGANIZER.label))
        return item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.item
        return super().get_context_data(
            item=item,
            schedule_path=item.owner.schedule_path,
            cancel_path=item.path_to("cancel") if item.pk else "",
            **kwargs,
        )


class ItemFormPage(ItemMixin, TemplateView):
    """A page with a form; what was typed stays when it is refused."""

    done: Any = ""

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError

    def save(self, fields: dict[str, Any]) -> Happening:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(keeping.kept(request))
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, status = self.form(request.POST), 422
        if form.is_valid():
            try:
                item = self.save(form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.label)
                status = 403
            else:
                messages.success(request, self.done)
                return redirect(item)
        return self.render_to_response(self.get_context_data(form=form), status=status)


@keeping.keeps_words
class AddItem(ItemFormPage):
    template_name = "jam/item_form.html"
    done = _("It stands in the schedule.")

    def find_item(self) -> Happening:
        return ScheduleItem(jam=self.jam)

    def form(self, data: Any = None) -> ItemForm:
        return ItemForm(
            data, instance=copy.copy(self.item), zone=self.zone(), label=_("Add it to the schedule")
        )

    def save(self, fields: dict[str, Any]) -> Happening:
        item = copy.copy(self.item)
        for name, value in fields.items():
            setattr(item, name, value)
        return scheduling.add(item=item, by=self.request.user, moment=self.request.moment)


@keeping.keeps_words
class EditItem(Meanwhile, ItemFormPage):
    template_name = "jam/item_form.html"
    done = _("Saved. If time or place changed, those who come are told by mail in some minutes.")

    def form(self, data: Any = None) -> ItemForm:
        # A row of its own: a form with errors leaves the item of this request as it is.
        return ItemForm(data, instance=copy.copy(self.item), zone=self.zone(), label=_("Save"))

    def save(self, fields: dict[str, Any]) -> Happening:
        return scheduling.change(
            item=self.item,
            by=self.request.user,
            fields=fields,
            seen=self.seen,
            moment=self.request.moment,
        )


@keeping.keeps_words
class CancelItem(ItemFormPage):
    template_name = "jam/cancel_item.html"
    done = _("Cancelled. It stays in the schedule, crossed out; those who come are told by mail.")

    def form(self, data: Any = None) -> CancelItemForm:
        return CancelItemForm(data)

    def save(self, fields: dict[str, Any]) -> Happening:
        return scheduling.cancel(
            item=self.item,
            by=self.request.user,
            reason=fields["reason"],
            moment=self.request.moment,
        )


class BringBackItem(ItemMixin, View):
    """A button of the schedule."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where signing in leads back to, when someone who was signed out pressed the button.
        return redirect(self.find_item())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            scheduling.bring_back(item=self.item, by=request.user, moment=request.moment)
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("It takes place again; those who come are told by mail."))
        return redirect(self.item)
