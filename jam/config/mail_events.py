"""What the mail provider tells us of mails that came back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.dispatch import receiver
from django.urls import path

from jam import clock, outbox

urlpatterns = []

if settings.MAIL_PROVIDER:
    from anymail import urls as anymail_urls
    from anymail.signals import tracking

    # The provider shows the secret of MAIL_PROVIDER_SETTINGS, and signs in no other way.
    urlpatterns = [
        path("mail/events/", login_not_required(pattern.callback), name="mail_events")
        for pattern in anymail_urls.urlpatterns
        if pattern.name == f"{settings.MAIL_PROVIDER}_tracking_webhook"
    ]

    @receiver(tracking, dispatch_uid="jam.mail_events")
    def note(sender: Any, event: Any, **kwargs: Any) -> None:
        if event.event_type in ("bounced", "rejected", "complained", "failed"):
            reason = event.description or event.mta_response or event.reject_reason or ""
            outbox.note_bounce(
                to=event.recipient or "",
                provider_id=event.message_id or "",
                reason=f"{event.event_type}: {reason}",
                moment=clock.now(),
            )
