"""Certificates: one's own of a jam, and the page where anybody can check one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from jam import limits, parts
from jam.errors import Refused
from jam.middleware import client_address
from jam.models import Jam
from jam.views.pages import JamPageMixin, public
from submissions import certificates, printing
from submissions.models import Certificate
from submissions.services import issue

# One takes a second to print.
MOST_AN_HOUR = 60


class Certificates(JamPageMixin, TemplateView):
    """What the reader may have certified of a jam."""

    template_name = "submissions/certificates/own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offers = certificates.offers_of(self.jam, self.request.user, self.request.moment)
        return super().get_context_data(offers=offers, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("key", "")
        try:
            issued = issue(jam=self.jam, user=request.user, key=key, moment=request.moment)
        except Refused as refused:
            messages.error(request, refused.label)
            return redirect("submissions:certificates", self.jam.slug)
        messages.success(request, _("The certificate is issued. This page is its proof."))
        return redirect(issued)


class IssuedMixin:
    """The certificate that the address names. Whoever has the code may see it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def certificate(self) -> Certificate:
        # As it may be typed from paper.
        code = self.kwargs["code"].upper()
        issued = Certificate.objects.select_related("user", "submission__frozen").defer(
            "submission__body", "submission__frozen__content"
        )
        certificate = get_object_or_404(issued, code=code)
        # What the parts tell of it wants the same as on the jam's own pages.
        jams = parts.with_facts(Jam.objects.published())
        certificate.jam = get_object_or_404(jams, pk=certificate.jam_id)
        parts.refresh(certificate.jam, self.request.moment)
        return certificate


@public
class CertificatePage(IssuedMixin, TemplateView):
    """What a certificate says, and whether it still holds."""

    template_name = "submissions/certificates/certificate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        certificate, moment = self.certificate, self.request.moment
        standing, merit = certificates.standing_of(certificate, moment)
        return super().get_context_data(
            certificate=certificate,
            facts=certificate.facts,
            jam=certificate.jam,
            standing=standing,
            now=merit,
            address=certificates.address(certificate),
            is_own=certificate.user_id == self.request.user.pk,
            **kwargs,
        )


@public
class CertificatePdf(IssuedMixin, View):
    """The certificate on paper."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        certificate = self.certificate
        if not limits.within(
            f"certificates:{client_address(request)}", MOST_AN_HOUR, 3600, request.moment
        ):
            raise PermissionDenied(_("Too many certificates from here. Try again in an hour."))
        return HttpResponse(
            printing.pdf_of(certificate),
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="certificate-{certificate.code}.pdf"',
                "X-Robots-Tag": "noindex",
            },
        )
