"""What the admin shows of a jam and never changes."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jam import acts
from jam.admin.base import Listed, OfOwnJams, ReadOnly
from jam.models import (
    Act,
    Announcement,
    Message,
    Participation,
    Report,
)


@admin.register(Participation)
class ParticipationAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """Who takes part. People join and cancel by themselves."""

    list_display = ["user", "email", "jam", "joined_at", "cancelled_at"]
    list_filter = [("cancelled_at", admin.EmptyFieldListFilter), "joined_at"]
    list_select_related = ["user", "jam"]
    search_fields = ["user__display_name", "user__email", "jam__title"]

    @admin.display(description=_("e-mail address"), ordering="user__email")
    def email(self, participation: Participation) -> str:
        return participation.user.email


@admin.register(Report)
class ReportAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """What was reported. Organizers put reports aside on their jam's own list."""

    list_display = ["target_name", "reason", "by", "jam", "made_at", "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "made_at"]
    list_select_related = ["by", "jam"]
    search_fields = ["target_name", "reason", "by__display_name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        # Whoever is reported is not told, whatever they may do here.
        return super().get_queryset(request).exclude(about_person=request.user.pk)


@admin.register(Act)
class ActAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """The log of acts."""

    list_display = ["moment", "actor", "verb", "target_name", "jam", "reason"]
    list_filter = ["verb", "moment"]
    list_select_related = ["actor", "jam"]
    search_fields = ["verb", "target_name", "actor__display_name", "reason"]
    date_hierarchy = "moment"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Act]:
        return acts.shown_to(request.user, super().get_queryset(request), request.moment)


@admin.register(Announcement)
class AnnouncementAdmin(OfOwnJams, ReadOnly, admin.ModelAdmin):
    """Announcements to look at. They are written and sent on the jam's pages."""

    list_display = ["title", "author", "jam", "audience_label", "send_at", "sent_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter), "send_at"]
    list_select_related = ["author", "jam"]
    search_fields = ["title", "text", "author__display_name"]


@admin.register(Message)
class MessageAdmin(Listed, ReadOnly, admin.ModelAdmin):
    """The outbox. Mails about accounts hold keys, so what they say is not shown."""

    list_display = ["subject", "to", "created_at", "due_at", "sent_at", "attempts", "bounced_at"]
    list_filter = [
        ("sent_at", admin.EmptyFieldListFilter),
        ("bounced_at", admin.EmptyFieldListFilter),
        "created_at",
        "attempts",
    ]
    search_fields = ["to", "subject"]
    fields = ["to", "subject", "words", "created_at", "due_at", "until", "is_daily", "digest",
              "left_out_at", "claimed_at", "sent_at", "attempts", "error",
              "bounced_at", "bounce"]  # fmt: skip

    @admin.display(description=_("text"))
    def words(self, message: Message) -> str:
        if message.user_id is None:
            return _("Not shown: a mail about an account may hold its key.")
        return message.text
