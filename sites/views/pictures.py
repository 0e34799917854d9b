"""Pictures of a local site."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from jam import keeping
from jam.errors import Refused
from jam.pictures import FileRefused
from jam.views.files import send_file
from jam.views.pages import public
from sites import services
from sites.forms import PictureForm
from sites.permissions import picture_refusal
from sites.views.door import ForSiteOrganizers
from sites.views.organizing import FormOfSite
from sites.views.pages import SitePageMixin


@public
class Show(SitePageMixin, View):
    """The picture itself."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shown = self.site.pictures.filter(removed_at=None)
        picture = get_object_or_404(shown, pk=self.kwargs["picture"])
        name = picture.content.name.rsplit("/", 1)[-1]
        return send_file(
            picture.content, name=name, content_type=picture.content_type, as_attachment=False
        )


@keeping.keeps_words
class Pictures(FormOfSite):
    """The pictures of the site: adding one, removing one."""

    template_name = "sites/pictures.html"

    def form(self, data: Any = None, files: Any = None) -> PictureForm:
        return PictureForm(data, files)

    def save(self, form: PictureForm) -> str:
        try:
            services.add_picture(
                site=self.site,
                by=self.request.user,
                upload=form.cleaned_data["picture"],
                shows=form.cleaned_data["shows"],
                moment=self.request.moment,
            )
        except FileRefused as refused:
            raise ValidationError({"picture": str(refused)}) from None
        return _("The picture is on the page of the local site.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            refusal=picture_refusal(self.request.user, self.site), **kwargs
        )


class RemovePicture(ForSiteOrganizers, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("sites:pictures", self.jam.slug, self.site.pk)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.remove_picture(
                site=self.site,
                picture_id=self.kwargs["picture"],
                by=request.user,
                moment=request.moment,
            )
        except Refused as refused:
            messages.warning(request, refused.label)
        else:
            messages.success(request, _("The picture is removed."))
        return self.get(request)
