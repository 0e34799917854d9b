import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from sites.models import LocalSite


class Licence(models.TextChoices):
    """Licences to choose from, by their SPDX identifiers."""

    CC_BY = "CC-BY-4.0", _("Creative Commons Attribution 4.0")
    CC_BY_SA = "CC-BY-SA-4.0", _("Creative Commons Attribution-ShareAlike 4.0")
    CC0 = "CC0-1.0", _("Creative Commons Zero 1.0")
    MIT = "MIT", _("MIT Licence")
    APACHE = "Apache-2.0", _("Apache Licence 2.0")
    ALL_RIGHTS = "LicenseRef-All-Rights-Reserved", _("All rights reserved")


class SubmissionRules(models.Model):
    """What a jam asks of its submissions."""

    jam = models.OneToOneField(Jam, on_delete=models.CASCADE, related_name="submission_rules")
    team_size = models.PositiveSmallIntegerField(
        _("largest team"), default=6, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    report_required = models.BooleanField(_("a report (PDF) is required"), default=False)
    repository_required = models.BooleanField(_("a code repository is required"), default=False)

    class Meta:
        verbose_name = _("rules for submissions")
        verbose_name_plural = _("rules for submissions")
        constraints = [
            models.CheckConstraint(condition=Q(team_size__gte=1), name="teams_have_members"),
        ]

    def __str__(self) -> str:
        return str(self.jam)

    @classmethod
    def of(cls, jam: Jam) -> "SubmissionRules":
        """The rules of `jam`; the defaults where it has no row of its own."""
        try:
            return jam.submission_rules
        except cls.DoesNotExist:
            return cls(jam=jam)


def new_invitation() -> str:
    return secrets.token_urlsafe(16)


class SubmissionQuerySet(models.QuerySet):
    def of_team_member(self, user) -> "SubmissionQuerySet":
        """Submissions that `user` is a contributor of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(contributors__user=user)

    def handed_in(self) -> "SubmissionQuerySet":
        """Submissions that were handed in, and neither withdrawn nor disqualified."""
        handed_in = Revision.objects.filter(submission=models.OuterRef("pk"))
        return self.filter(models.Exists(handed_in), withdrawn_at=None, disqualified_at=None)

    def in_the_running(self) -> "SubmissionQuerySet":
        """Frozen submissions that can be rated: neither withdrawn nor disqualified."""
        return self.filter(frozen__isnull=False, withdrawn_at=None, disqualified_at=None)

    def public(self) -> "SubmissionQuerySet":
        """What everybody may see: frozen and in the running; after the results also withdrawn."""
        return self.filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("jam__results_at")),
            frozen__isnull=False,
            disqualified_at=None,
        )

    def visible_to(self, user, jam: Jam) -> "SubmissionQuerySet":
        """A jam's public submissions; to a team its own as well, to organizers all."""
        submissions = self.filter(jam=jam)
        if jam.is_organized_by(user):
            return submissions
        if not user.is_authenticated:
            return submissions.public()
        own = Contributor.objects.filter(user_id=user.pk).values("submission")
        return submissions.public() | submissions.filter(pk__in=own)

    def with_checklist(self) -> "SubmissionQuerySet":
        """Fetch what the checklist and the permission to write want to know."""
        report = File.objects.filter(
            submission=models.OuterRef("pk"), kind=File.Kind.REPORT, removed_at=None
        )
        repository = Link.objects.filter(
            submission=models.OuterRef("pk"), kind=Link.Kind.REPOSITORY
        )
        return self.select_related("jam__submission_rules").annotate(
            has_report=models.Exists(report),
            has_repository=models.Exists(repository),
            is_jam_closed=models.Exists(Closing.objects.filter(jam=models.OuterRef("jam"))),
            granted_until=models.Subquery(
                LateGrant.objects.live()
                .filter(submission=models.OuterRef("pk"))
                .values("expires_at")[:1]
            ),
        )

    def with_content(self) -> "SubmissionQuerySet":
        """Fetch all that a revision is made of."""
        return (
            self.with_checklist()
            .select_related("site")
            .prefetch_related("links", LIVE_FILES)
            .with_contributors()
        )

    def with_contributors(self) -> "SubmissionQuerySet":
        contributors = Contributor.objects.select_related("user")
        return self.prefetch_related(models.Prefetch("contributors", contributors))


class Submission(models.Model):
    """A team's work for a jam: the draft that the team writes, and what was frozen of it."""

    jam = models.ForeignKey(Jam, on_delete=models.PROTECT, related_name="submissions")
    title = models.CharField(_("title"), max_length=160, blank=True)
    abstract = models.CharField(_("abstract"), max_length=280, blank=True)
    body = models.TextField(_("report"), max_length=200_000, blank=True)
    tags = models.CharField(
        _("tags"), max_length=160, blank=True, help_text=_("Separated by commas.")
    )
    licence = models.CharField(_("licence"), max_length=40, choices=Licence, blank=True)
    commit = models.CharField(
        _("commit"),
        max_length=64,
        blank=True,
        validators=[
            RegexValidator(
                r"^[0-9a-fA-F]{7,64}$",
                _("A commit is 7 to 64 hexadecimal digits, as `git rev-parse HEAD` prints it."),
            )
        ],
    )
    site = models.ForeignKey(
        LocalSite,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("local site"),
    )
    invitation = models.CharField(max_length=32, unique=True, default=new_invitation)
    # Counts saves, so that a second tab or team mate never overwrites words unseen.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What raters see: set by freezing after the deadline, from then on unchanged.
    frozen = models.OneToOneField(
        "Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="frozen_for"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    disqualified_at = models.DateTimeField(_("disqualified at"), null=True, blank=True)
    disqualification_reason = models.TextField(_("why it was disqualified"), blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disqualified_at=None) | ~Q(disqualification_reason=""),
                name="disqualifying_has_a_reason",
            ),
        ]
        indexes = [
            # All that the gallery asks for to count and to shuffle.
            models.Index(
                fields=["jam", "id"],
                include=["withdrawn_at"],
                condition=Q(frozen__isnull=False, disqualified_at=None),
                name="public_submissions",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled draft"))

    def get_absolute_url(self) -> str:
        return reverse("submissions:detail", args=[self.jam.slug, self.pk])

    @property
    def is_frozen(self) -> bool:
        return self.frozen_id is not None

    @property
    def is_late(self) -> bool:
        """Whether what raters see came after the deadline."""
        return self.frozen is not None and self.frozen.origin == Revision.Origin.LATE

    @property
    def tag_list(self) -> list[str]:
        return [tag.strip() for tag in self.tags.split(",") if tag.strip()]


class Contributor(models.Model):
    """One person's part in a submission, confirmed by that person."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="contributors"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["confirmed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "user"], name="one_contribution_per_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Link(models.Model):
    """A link of a draft."""

    class Kind(models.TextChoices):
        REPOSITORY = "repository", _("code repository")
        NOTEBOOK = "notebook", _("notebook")
        DEMO = "demo", _("demo")
        VIDEO = "video", _("video")
        DATA = "data", _("data")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    url = models.URLField(_("address"), max_length=500)
    label = models.CharField(_("label"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class File(models.Model):
    """An uploaded file. Removing it from the draft keeps it for the revisions that have it."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report (PDF)")
        NOTEBOOK = "notebook", _("notebook")
        IMAGE = "image", _("image")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=200)
    content = models.FileField(_("content"), upload_to="submissions/%Y/%m/", max_length=300)
    content_type = models.CharField(_("content type"), max_length=80)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256"],
                condition=Q(removed_at=None),
                name="one_copy_of_a_file",
                violation_error_message=_("This file is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


# The files of a draft that were not removed, for prefetching, as `live_files`.
LIVE_FILES = models.Prefetch("files", File.objects.filter(removed_at=None), "live_files")


class Revision(models.Model):
    """A kept version of a submission, as it was handed in. Never changed.

    `content` holds title, abstract, body, tags, licence, commit, site, links, the files with
    their SHA-256, and the contributors; `digest` is the SHA-256 of its canonical JSON. The
    columns beside it repeat, for lists and searches, what the content says.
    """

    class Origin(models.TextChoices):
        HANDED_IN = "handed_in", _("handed in")
        DEADLINE = "deadline", _("complete at the deadline")
        LATE = "late", _("handed in late")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    origin = models.CharField(_("how it came"), max_length=12, choices=Origin)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
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

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revisions_are_numbered"),
        ]
        indexes = [models.Index(fields=["title"], name="revisions_by_title")]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class LateGrantQuerySet(models.QuerySet):
    def live(self) -> "LateGrantQuerySet":
        """Neither taken back nor, once they had run out, done with."""
        return self.filter(revoked_at=None, settled_at=None)


class LateGrant(models.Model):
    """Time after the deadline, given by an organizer to one submission for a reason."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="grants")
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
