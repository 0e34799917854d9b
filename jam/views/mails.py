"""Which mails a person wants: all kinds on one page, and one click to stop one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from jam import choices, keeping
from jam.mail_forms import MailsForm
from jam.views.pages import public


@keeping.keeps_words
class MailChoicesView(TemplateView):
    template_name = "jam/mail_choices.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MailsForm(keeping.kept(request), user=request.user)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MailsForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        choices.choose(
            user=request.user,
            chosen=form.chosen,
            quiet=form.quiet,
            digest_at=form.cleaned_data["digest_at"],
            moment=request.moment,
        )
        messages.success(request, _("Saved."))
        return redirect("jam:mail_choices")


@public
# Mail programs post here by themselves, as RFC 8058 has it: the link is signed.
@method_decorator(csrf_exempt, name="dispatch")
class StopMailsView(TemplateView):
    """Opening the link asks, since programs open links to look at them; posting to it stops."""

    template_name = "jam/stop_mails.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = choices.stopping(self.kwargs["choice"])
        if found is None:
            raise Http404
        person, kind = found
        return super().get_context_data(person=person, kind=kind, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(is_done=True)
        choices.stop(user=context["person"], kind=context["kind"].name, moment=request.moment)
        return self.render_to_response(context)
