"""People who look for a team, teams that look for people, and what they ask each other."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam import blocking
from jam.models import Jam, Participation
from sites.models import Place
from submissions.models.drafts import Submission
from submissions.models.parts import Contributor

# Hours of a day, as bits.
ALL_DAY = 2**24 - 1


def _with_team() -> models.Prefetch:
    team = Contributor.objects.select_related("user")
    return models.Prefetch("submission__contributors", queryset=team)


class CardQuerySet(models.QuerySet):
    def of_jam(self, jam: Jam) -> CardQuerySet:
        """Cards of people who take part and of submissions that are still being made."""
        return self.filter(
            Q(participation__cancelled_at=None, participation__user__is_active=True)
            & Q(participation__isnull=False)
            | Q(submission__isnull=False, submission__withdrawn_at=None)
            & Q(submission__disqualified_at=None, submission__frozen=None),
            jam=jam,
        )

    def visible_to(self, user, jam: Jam) -> CardQuerySet:
        """Those cards that do not bring together people of whom one has blocked the other."""
        on_team = Contributor.objects.filter(submission=models.OuterRef("submission"))
        return self.of_jam(jam).exclude(
            blocking.between(user, "participation__user")
            | models.Exists(on_team.filter(blocking.between(user, "user")))
        )

    def own(self, user) -> CardQuerySet:
        """The card of `user`, and those of their teams."""
        teams = Contributor.objects.filter(user=user).values("submission")
        return self.filter(Q(participation__user=user) | Q(submission__in=teams))

    def found_by(self, words: str) -> CardQuerySet:
        """Cards on which, or in whose people's names, all of `words` occur."""
        found = self
        for word in words.split()[:6]:
            named = Contributor.objects.filter(user__display_name__icontains=word)
            found = found.filter(
                Q(text__icontains=word)
                | Q(skills__icontains=word)
                | Q(interests__icontains=word)
                | Q(participation__user__display_name__icontains=word)
                | Q(submission__in=named.values("submission"))
            )
        return found

    def at_site(self, site: int) -> CardQuerySet:
        """Cards of those who have a place at the site with this key."""
        here = Place.objects.unreleased().filter(site=site)
        return self.filter(
            Q(participation__in=here.values("participation")) | Q(submission__site=site)
        )

    def online(self) -> CardQuerySet:
        """Cards of those who have a place nowhere."""
        somewhere = Place.objects.unreleased().filter(
            participation=models.OuterRef("participation")
        )
        return self.filter(
            Q(participation__isnull=False) & ~models.Exists(somewhere)
            | Q(submission__isnull=False, submission__site=None)
        )

    def with_people(self) -> CardQuerySet:
        """Fetch along who they are."""
        return self.select_related("participation__user", "submission").prefetch_related(
            _with_team()
        )


class Card(models.Model):
    """What a person who looks for a team, or a team that looks for people, says of itself.

    It names no submission by its title: drafts are their teams' own.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="cards")
    participation = models.OneToOneField(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="card"
    )
    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, null=True, blank=True, related_name="card"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(
        _("in a few words"),
        max_length=600,
        help_text=_("What you would like to make, and with whom."),
    )
    skills = models.CharField(
        _("skills"),
        max_length=200,
        blank=True,
        help_text=_("What is there already, between commas: PyTorch, statistics, drawing"),
    )
    interests = models.CharField(
        _("interests"), max_length=200, blank=True, help_text=_("Topics, between commas.")
    )
    # Codes between blanks, and a blank on either side.
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    wakes_at = models.PositiveSmallIntegerField(
        _("awake from"), default=8, validators=[MaxValueValidator(23)]
    )
    sleeps_at = models.PositiveSmallIntegerField(
        _("until"), default=23, validators=[MaxValueValidator(23)]
    )
    # Of the two and the zone, as `submissions.waking` has it.
    hours = models.PositiveIntegerField()
    shown_at = models.DateTimeField(_("shown since"))

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["-shown_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(participation=None, submission__isnull=False)
                | Q(participation__isnull=False, submission=None),
                name="cards_are_of_a_person_or_a_team",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="cards_say_something"),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=ALL_DAY, wakes_at__lt=24, sleeps_at__lt=24),
                name="cards_have_hours_of_a_day",
            ),
        ]
        indexes = [models.Index(fields=["jam", "-shown_at", "-id"], name="cards_of_a_jam")]

    def __str__(self) -> str:
        if self.participation_id:
            return str(self.participation.user)
        names = ", ".join(str(c) for c in self.submission.contributors.all())
        return str(_("Team of %(names)s")) % {"names": names}

    def get_absolute_url(self) -> str:
        return reverse("submissions:card", args=[self.jam.slug, self.pk])

    @property
    def name_in_log(self) -> str:
        return f"card {self.pk}"

    @property
    def is_team(self) -> bool:
        return self.submission_id is not None

    @property
    def people(self) -> list:
        """Who is meant: the person, or the team."""
        if self.is_team:
            return [contributor.user for contributor in self.submission.contributors.all()]
        return [self.participation.user]

    @property
    def skill_list(self) -> list[str]:
        return [word.strip() for word in self.skills.split(",") if word.strip()]

    @property
    def interest_list(self) -> list[str]:
        return [word.strip() for word in self.interests.split(",") if word.strip()]


class AskQuerySet(models.QuerySet):
    def open(self) -> AskQuerySet:
        return self.filter(outcome=Ask.Outcome.OPEN)

    def concerning(self, user, jam: Jam) -> AskQuerySet:
        """Those that `user` is asked or asks by, alone or as one of a team; the latest first."""
        teams = Contributor.objects.filter(user=user).values("submission")
        return (
            self.filter(Q(user=user) | Q(submission__in=teams), submission__jam=jam)
            .select_related("user", "by", "submission")
            .prefetch_related(_with_team())
            .order_by("-made_at", "-pk")
        )


class Ask(models.Model):
    """A person asks to join a team, or a team invites a person: who wrote it tells which."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="asks")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_asks"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("words"), max_length=600, blank=True)
    made_at = models.DateTimeField(_("made at"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, default="", blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "user"],
                condition=Q(outcome=""),
                name="one_open_ask_between_a_person_and_a_team",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None)
                | ~Q(outcome="") & Q(answered_at__isnull=False),
                name="asks_are_answered_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.submission}"

    @property
    def name_in_log(self) -> str:
        return f"person {self.user_id} – team {self.submission_id}"

    @property
    def is_invitation(self) -> bool:
        return self.by_id != self.user_id

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN

    @property
    def team(self) -> list:
        return [contributor.user for contributor in self.submission.contributors.all()]
