"""What is kept: revisions, more time for some, the closing."""

from datetime import datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from sites.models import LocalSite
from submissions.models.blinding import is_blind, told_of_all, without_names
from submissions.models.parts import Contributor, File


class RevisionQuerySet(models.QuerySet):
    def visible_to(self, user, jam: Jam, moment: datetime) -> "RevisionQuerySet":
        """Of submissions that `user` may see: to everybody what was frozen and what was added
        later; to the team and the organizers also what was handed in before. Without names as
        long as they are hidden."""
        if jam.is_organized_by(user):
            return self
        own = Contributor.objects.filter(user_id=user.pk, submission=models.OuterRef("submission"))
        is_own = models.Exists(own)
        frozen_or_later = Q(pk=F("submission__frozen")) | Q(origin=Revision.Origin.LATER)
        shown = self.filter(frozen_or_later | is_own)
        return without_names(shown, is_own) if is_blind(jam, moment) else shown


class Revision(models.Model):
    """A kept version of a submission, as it was handed in. Never changed.

    `content` holds title, abstract, body, tags, licence, commit, site, track, why it belongs
    there, links, the files with their SHA-256, the contributors, the answers to the jam's own
    questions as they were worded, and the AI tools that were used; `digest` is the SHA-256 of its
    canonical JSON. The columns beside it repeat, for lists and searches, what the content says;
    the names follow the corrections.
    """

    class Origin(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        DEADLINE = "deadline", _("complete at the deadline")
        LATE = "late", _("handed in late")
        # After what raters see was fixed: never that itself.
        LATER = "later", _("added later")

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    origin = models.CharField(_("how it came"), max_length=12, choices=Origin)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    # Of one that was added later, for its readers.
    note = models.CharField(_("what changed"), max_length=280, blank=True)
    digest = models.CharField(_("SHA-256 of the content"), max_length=64)
    title = models.CharField(_("title"), max_length=160)
    abstract = models.CharField(_("abstract"), max_length=280)
    names = models.TextField(_("contributors"))
    # Tags between bars, and all that a search looks through; both with case folded.
    tag_index = models.CharField(max_length=400, blank=True)
    search_index = models.TextField(blank=True)
    site = models.ForeignKey(
        LocalSite, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cover = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    files = models.ManyToManyField(File, related_name="revisions", blank=True)
    arrived_at = models.DateTimeField(_("arrived at"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What was found in its files, by their SHA-256: beside the content, and no part of its digest.
    findings = models.JSONField(null=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revisions_are_numbered"),
            models.CheckConstraint(
                condition=~Q(origin="later") | ~Q(note=""), name="later_revisions_say_what_changed"
            ),
        ]
        indexes = [models.Index(fields=["title"], name="revisions_by_title")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"

    def get_absolute_url(self) -> str:
        jam = self.submission.jam
        return reverse("submissions:record", args=[jam.slug, self.submission_id, self.number])

    @property
    def handed_in_as(self) -> str:
        """Who handed it in, by the name that they had then."""
        names = {person["id"]: person["name"] for person in self.content["contributors"]}
        return names.get(self.handed_in_by_id) or str(self.handed_in_by)

    def hide_names(self) -> None:
        """Forget who made it and where; also the digest, which would prove a guess."""
        self.names = self.search_index = self.digest = ""
        self.site = self.handed_in_by = None
        if "content" in self.get_deferred_fields():
            self.content = {}
        self.content = told_of_all(self.content)


class Original(models.Model):
    """The content of a revision that was handed in at another installation, as it was there, byte
    for byte: the revision's digest is of this. The revision itself has the keys of this one."""

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="original")
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("original of a revision")
        verbose_name_plural = _("originals of revisions")

    def __str__(self) -> str:
        return str(self.revision)


class Correction(models.Model):
    """Who contributed, as organizers put it right after the freezing, beside what was handed in,
    which stays as it is. The submission names the newest."""

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.PROTECT, related_name="corrections"
    )
    # As in the content of a revision.
    contributors = models.JSONField(_("contributors"), encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("correction of contributors")
        verbose_name_plural = _("corrections of contributors")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="corrected_contributors_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} – {self.made_at:%Y-%m-%d %H:%M} UTC"


class LateGrantQuerySet(models.QuerySet):
    def live(self) -> "LateGrantQuerySet":
        """Neither taken back nor, once they had run out, done with."""
        return self.filter(revoked_at=None, settled_at=None)


class LateGrant(models.Model):
    """Time after the deadline, given by an organizer to one submission for a reason."""

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.PROTECT, related_name="grants"
    )
    expires_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"), max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    # Set when it has run out and what was there then has been looked at.
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = LateGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("late grant")
        verbose_name_plural = _("late grants")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(revoked_at=None, settled_at=None),
                name="one_live_grant_per_submission",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grants_have_a_reason"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="grants_end_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} – {self.expires_at:%Y-%m-%d %H:%M} UTC"


class Closing(models.Model):
    """The fact that a jam's submissions are frozen: one row, made by the freezing itself."""

    jam = models.OneToOneField(Jam, on_delete=models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField(_("closed at"))
    handed_in = models.PositiveIntegerField(_("submissions handed in"))

    class Meta:
        verbose_name = _("closing of submissions")
        verbose_name_plural = _("closings of submissions")

    def __str__(self) -> str:
        return str(self.jam)
