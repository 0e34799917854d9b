"""Whom the reader has blocked, and the buttons to do so and to take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import blocking
from jam.errors import Refused
from jam.models import User

PER_PAGE = 50


class BlockView(View):
    """Blocks a person, or takes it back."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("jam:person", pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        whom = get_object_or_404(User, pk=pk, is_active=True)
        if request.POST.get("undo"):
            blocking.unblock(user=request.user, whom=whom, moment=request.moment)
            messages.success(request, _("%(name)s is not blocked any more.") % {"name": whom})
            return redirect("jam:blocks")
        try:
            blocking.block(user=request.user, whom=whom, moment=request.moment)
        except Refused as refused:
            messages.warning(request, refused.label)
            return redirect("jam:person", pk)
        messages.success(request, _("%(name)s is blocked, and is not told of it.") % {"name": whom})
        return redirect("jam:blocks")


class BlocksView(TemplateView):
    """Whom the reader has blocked."""

    template_name = "jam/blocks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        blocks = self.request.user.blocks.select_related("whom")
        page = Paginator(blocks, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)
