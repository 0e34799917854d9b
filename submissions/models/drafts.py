"""A submission: the draft that a team writes, and what was frozen of it."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam, User
from sites.models import LocalSite
from submissions.models.blinding import hides_names, still_blind, without_names
from submissions.models.discussion import Comment
from submissions.models.kept import Closing, LateGrant, Revision
from submissions.models.origins import Continuation, KeptOrigin, Origin
from submissions.models.parts import LIVE_FILES, Contributor, File, Link
from submissions.models.questions import Answer, Question
from submissions.models.rules import Track


class Licence(models.TextChoices):
    """Licences to choose from, by their SPDX identifiers."""

    CC_BY = "CC-BY-4.0", _("Creative Commons Attribution 4.0")
    CC_BY_SA = "CC-BY-SA-4.0", _("Creative Commons Attribution-ShareAlike 4.0")
    CC0 = "CC0-1.0", _("Creative Commons Zero 1.0")
    MIT = "MIT", _("MIT Licence")
    APACHE = "Apache-2.0", _("Apache Licence 2.0")
    ALL_RIGHTS = "LicenseRef-All-Rights-Reserved", _("All rights reserved")


class AiUse(models.TextChoices):
    """Whether AI tools were used; a draft that does not say has not declared it yet."""

    NONE = "none", _("None were used.")
    SOME = "some", _("These were used:")


# How a record says it, in whatever language it was declared.
NO_AI_TOOLS = "None were used."


def new_invitation() -> str:
    return secrets.token_urlsafe(16)


def _is_own(user) -> models.Exists:
    """Whether `user` is on the team of a submission."""
    own = Contributor.objects.filter(submission=models.OuterRef("pk"), user_id=user.pk)
    return models.Exists(own)


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

    def visible_to(self, user, jam: Jam, moment: datetime) -> "SubmissionQuerySet":
        """A jam's public submissions; to a team its own as well, to organizers all. Without names
        as long as they are hidden."""
        submissions = self.filter(jam=jam)
        if jam.is_organized_by(user):
            return submissions
        if not user.is_authenticated:
            return submissions.public().shown_to(user, jam, moment)
        own = Contributor.objects.filter(user_id=user.pk).values("submission")
        seen = submissions.public() | submissions.filter(pk__in=own)
        return seen.shown_to(user, jam, moment)

    def shown_to(self, user, jam: Jam, moment: datetime) -> "SubmissionQuerySet":
        """Submissions of `jam`, with the frozen revision of each; without names if they are hidden
        from `user`, save those of their own teams."""
        submissions = self.select_related("frozen")
        if not hides_names(jam, user, moment):
            return submissions
        return without_names(submissions, _is_own(user))

    def shown_across_jams(self, user, moment: datetime) -> "SubmissionQuerySet":
        """The same for submissions of several jams."""
        organizing = Jam.organizers.through.objects.filter(
            jam=models.OuterRef("jam"), user_id=user.pk
        )
        is_told = ~still_blind(moment) | models.Exists(organizing) | _is_own(user)
        told = models.ExpressionWrapper(is_told, output_field=models.BooleanField())
        return without_names(self.select_related("frozen"), told)

    def told_by(self, moment: datetime) -> "SubmissionQuerySet":
        """Those of jams that hide no names, or none any more."""
        return self.exclude(still_blind(moment))

    def search(self, q: str, *, names: bool = True) -> "SubmissionQuerySet":
        """Frozen submissions in whose title, abstract, tags, and with `names` names, all words of
        `q` occur."""
        found = self
        for word in q.casefold().split():
            if names:
                found = found.filter(frozen__search_index__contains=word)
            else:
                found = found.filter(
                    Q(frozen__title__icontains=word)
                    | Q(frozen__abstract__icontains=word)
                    | Q(frozen__tag_index__contains=word)
                )
        return found

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
            has_tracks=models.Exists(Track.objects.filter(jam=models.OuterRef("jam"))),
            has_questions=models.Exists(Question.objects.filter(jam=models.OuterRef("jam"))),
            has_origins=models.Exists(Origin.objects.filter(submission=models.OuterRef("pk"))),
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
            .select_related("site", "track")
            .prefetch_related("links", LIVE_FILES)
            .with_contributors()
        )

    def with_kin(self) -> "SubmissionQuerySet":
        """Fetch whether there is anything to tell of where it comes from and where it led, and
        how much was said about it."""
        kin = KeptOrigin.objects.filter(
            Q(revision=models.OuterRef("frozen")) | Q(earlier__submission=models.OuterRef("pk"))
        )
        own = {"submission": models.OuterRef("pk")}
        comments = Comment.objects.live().filter(**own).order_by().values("submission")
        counted = comments.annotate(n=models.Count("pk"))
        return self.annotate(
            has_kin=models.Exists(kin),
            has_continuations=models.Exists(Continuation.objects.filter(**own)),
            n_comments=Coalesce(models.Subquery(counted.values("n")), 0),
        )

    def with_later(self) -> "SubmissionQuerySet":
        """Fetch the number of the last revision that was added later; None where there is none."""
        later = Revision.objects.filter(
            submission=models.OuterRef("pk"), origin=Revision.Origin.LATER
        )
        last = later.order_by("-number").values("number")[:1]
        return self.annotate(later_number=models.Subquery(last))

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
    track = models.ForeignKey(
        Track,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        # Once it is frozen, the one that was handed in, or that organizers moved it to.
        verbose_name=_("track"),
    )
    track_reason = models.CharField(
        _("why it belongs there"),
        max_length=280,
        blank=True,
        help_text=_("In a sentence. Raters and organizers see it."),
    )
    ai_use = models.CharField(_("AI tools"), max_length=4, choices=AiUse, blank=True)
    ai_tools = models.TextField(_("which, and what for"), max_length=2000, blank=True)
    invitation = models.CharField(max_length=32, unique=True, default=new_invitation)
    # By which published files know it, where it was made elsewhere.
    number = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
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
    # Who contributed, where organizers put that right after the freezing.
    correction = models.OneToOneField(
        "Correction", on_delete=models.PROTECT, null=True, blank=True, related_name="newest_of"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    disqualified_at = models.DateTimeField(_("disqualified at"), null=True, blank=True)
    disqualification_reason = models.TextField(_("why it was disqualified"), blank=True)
    # When its links were last asked whether they answer, and what came, by their addresses.
    links_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    link_answers = models.JSONField(null=True, editable=False)

    # Of a row that a queryset gives without names.
    hides_names = False

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
            models.UniqueConstraint(fields=["jam", "number"], name="numbered_once_in_a_jam"),
            models.CheckConstraint(
                condition=Q(correction=None) | Q(frozen__isnull=False),
                name="corrected_is_what_is_frozen",
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

    def hide_names(self) -> None:
        """Forget who made it and where."""
        self.hides_names = True
        self.site = self.saved_by = self.correction = None
        self._prefetched_objects_cache = {"contributors": Contributor.objects.none()}
        if self.frozen is not None:
            self.frozen.hide_names()

    @cached_property
    def origin_list(self) -> list[Origin]:
        """What the draft, fetched by `with_checklist`, grew from and builds on."""
        return list(origins_of([self])) if self.has_origins else []

    @property
    def is_frozen(self) -> bool:
        return self.frozen_id is not None

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it: the same for one as `public` is for many."""
        if not self.is_frozen or self.disqualified_at is not None:
            return False
        return self.withdrawn_at is None or timeline.results_due(self.jam, self.withdrawn_at)

    @property
    def is_late(self) -> bool:
        """Whether what raters see came after the deadline."""
        return self.frozen is not None and self.frozen.origin == Revision.Origin.LATE

    @property
    def credited(self) -> list[dict[str, Any]]:
        """The contributors of what is frozen, in order, as in the content of a revision: as they
        were handed in, or as organizers have put them right since; nobody where names are
        hidden."""
        if self.hides_names:
            return []
        if self.correction is not None:
            return self.correction.contributors
        return self.frozen.content["contributors"]

    def credit_of(self, user: User) -> dict[str, Any] | None:
        """How what is frozen credits `user`, be it by an account that was merged into theirs."""
        by_key = {person["id"]: person for person in self.credited}
        if user.pk in by_key:
            return by_key[user.pk]
        return next((by_key[key] for key in by_key if key in user.merged_keys), None)

    @property
    def shown(self) -> dict[str, Any]:
        """What was handed in, with its contributors as they are credited."""
        return {**self.frozen.content, "contributors": self.credited}

    @property
    def proposed_team(self) -> list[Contributor]:
        """The contributors in the order that somebody proposes; nobody, as long as nobody does."""
        team = [c for c in self.contributors.all() if c.proposed_order is not None]
        return sorted(team, key=lambda contributor: contributor.proposed_order)

    @property
    def not_agreed(self) -> list[Contributor]:
        """Who has not agreed to the proposed order yet."""
        return [c for c in self.proposed_team if c.agreed_at is None]

    @cached_property
    def asked(self) -> list[tuple[Question, str]]:
        """The jam's own questions in order, each with what the draft answers; of a draft that was
        fetched by `with_checklist`."""
        if not self.has_questions:
            return []
        given = Answer.objects.filter(submission=self.pk, question=models.OuterRef("pk"))
        questions = Question.objects.filter(jam=self.jam_id).annotate(
            given=models.Subquery(given.values("text"))
        )
        return [(question, question.given or "") for question in questions]

    @property
    def ai_declaration(self) -> str:
        """What is declared about AI tools; empty as long as nothing is."""
        return NO_AI_TOOLS if self.ai_use == AiUse.NONE else self.ai_tools.strip()

    @property
    def tag_list(self) -> list[str]:
        return [tag.strip() for tag in self.tags.split(",") if tag.strip()]


def fetch_answers(submissions: list[Submission], jam: Jam) -> None:
    """Fetch what many drafts of `jam` answer, in two statements, where it asks anything."""
    asking = [submission for submission in submissions if submission.has_questions]
    if not asking:
        return
    questions = list(jam.submission_questions.all())
    given = {
        (answer.submission_id, answer.question_id): answer.text
        for answer in Answer.objects.filter(submission__in=asking)
    }
    for submission in asking:
        submission.asked = [(q, given.get((submission.pk, q.pk), "")) for q in questions]


def origins_of(submissions: list[Submission]) -> models.QuerySet[Origin]:
    """The origins of drafts, with what a revision keeps of them."""
    origins = Origin.objects.filter(submission__in=submissions)
    return origins.select_related("idea__jam", "earlier__jam", "earlier__frozen").defer(
        "earlier__body", "earlier__frozen__content"
    )


def fetch_origins(submissions: list[Submission]) -> None:
    """Fetch `origin_list` of many drafts at once."""
    having = [submission for submission in submissions if submission.has_origins]
    for submission in having:
        submission.origin_list = []
    by_key = {submission.pk: submission for submission in having}
    for origin in origins_of(having) if having else ():
        by_key[origin.submission_id].origin_list.append(origin)
