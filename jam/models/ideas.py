from django.conf import settings
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.roles import Right, may
from jam.words import LONGEST_TAG, folded

from .jams import Jam
from .people import User, validate_links

# How many ideas are compared with one, the newest of a jam, and how much of their beginnings.
MOST_COMPARED, LEAD = 2000, 300
# Of those who are interested, on the page of an idea.
MOST_NAMED = 100


class IdeaQuerySet(models.QuerySet):
    def shown(self) -> "IdeaQuerySet":
        """What everybody may see: neither taken back by its author nor hidden by organizers."""
        return self.filter(withdrawn_at=None, hidden_at=None)

    def listed(self) -> "IdeaQuerySet":
        """What stands in lists by itself: shown, and not part of another."""
        return self.shown().filter(merged_into=None)

    def visible_to(self, user, jam: Jam) -> "IdeaQuerySet":
        """A jam's ideas; to authors what they took back or what was hidden of theirs as well, to
        organizers and moderators all."""
        ideas = self.filter(jam=jam)
        if may(user, jam, Right.MODERATE):
            return ideas
        if not user.is_authenticated:
            return ideas.shown()
        return ideas.filter(Q(withdrawn_at=None, hidden_at=None) | Q(author_id=user.pk))

    def found_by(self, words: str, *, authors: bool = True) -> "IdeaQuerySet":
        """Ideas whose title, text, tags or author has every one of the words; accents and case do
        not matter. `authors` are read for it, so of more than a jam's ideas they are left out."""
        wanted = [found for word in words.replace("\0", " ").split()[:8] if (found := folded(word))]
        names = []
        if wanted and authors:
            # Compared here: names change by themselves, and no database folds them alike.
            rows = self.order_by().values_list("author_id", "author__display_name").distinct()
            names = [(pk, folded(name)) for pk, name in rows]
        ideas = self
        for word in wanted:
            by = [pk for pk, name in names if word in name]
            ideas = ideas.filter(Q(words__contains=word) | Q(author_id__in=by))
        return ideas

    def with_interest(self) -> "IdeaQuerySet":
        """Fetch along how many people are interested (`interested`)."""
        marks = Interest.objects.filter(idea__in=Idea.objects.joined_in(2))
        counted = (
            marks.order_by()
            .values("idea__jam")
            .annotate(n=Count("user", distinct=True))
            .values("n")
        )
        return self.annotate(interested=Coalesce(Subquery(counted, output_field=IntegerField()), 0))

    def begun(self) -> "list[tuple[int, str, str]]":
        """Of the newest of them key, title and what they begin with, as they are compared."""
        newest = self.order_by("-pk")[:MOST_COMPARED]
        return list(newest.values_list("pk", "title", Left("words", LEAD)))

    def joined_in(self, levels: int = 1) -> "IdeaQuerySet":
        """For a subquery of an idea, `levels` above: that idea and those that were joined to it."""
        outer = OuterRef("pk")
        for _level in range(levels - 1):
            outer = OuterRef(outer)
        return self.filter(Q(pk=outer) | Q(merged_into=outer)).values("pk")


class Idea(models.Model):
    """Something that somebody could make in a jam, proposed by one who takes part.

    Organizers may join one to another that says the same. Nothing moves then: marks, claims and
    origins of both are counted with the other, so that parting them again is one change.
    """

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="ideas")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ideas"
    )
    title = models.CharField(
        _("title"), max_length=160, help_text=_("The question or the thing, in a line.")
    )
    text = models.TextField(
        _("what it is about"),
        max_length=10_000,
        help_text=_("Markdown. What you would try, why, and what there is to start from."),
    )
    links = models.TextField(
        _("links"),
        blank=True,
        max_length=2000,
        validators=[validate_links],
        help_text=_("To start from: one address a line, with https://."),
    )
    # Of title, tags and text, as they are looked for.
    words = models.TextField(editable=False, default="")
    proposed_at = models.DateTimeField(_("proposed at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_reason = models.TextField(_("why it was hidden"), max_length=500, blank=True)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("joined to"),
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="ideas_say_something"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="hiding_an_idea_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="no_idea_is_joined_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(pinned_at=None) | Q(merged_into=None),
                name="pinned_ideas_stand_by_themselves",
            ),
        ]
        indexes = [
            models.Index(
                fields=["jam", "-proposed_at"],
                condition=Q(withdrawn_at=None, hidden_at=None),
                name="shown_ideas",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jam:idea", args=[self.jam.slug, self.pk])

    @property
    def is_shown(self) -> bool:
        return self.withdrawn_at is None and self.hidden_at is None

    def interest_to(
        self, user, with_names: bool, hidden: Q
    ) -> "tuple[Interest | None, list[User]]":
        """How `user` is interested in it, or in what was joined to it; and, `with_names`, who else
        is and agrees to be shown, by name, without the `hidden` ones."""
        told = Q(user_id=user.pk) | (Q(is_shown=True) if with_names else Q(pk=None))
        marks = Interest.objects.filter(Q(idea=self) | Q(idea__merged_into=self))
        found = marks.filter(told).exclude(hidden).select_related("user")
        found = found.order_by("user__display_name", "pk")
        by_person = {mark.user_id: mark for mark in found[:MOST_NAMED]}
        people = [mark.user for mark in by_person.values() if mark.is_shown and with_names]
        return by_person.get(user.pk), people

    @property
    def link_list(self) -> list[str]:
        return self.links.split()


class IdeaTag(models.Model):
    """A word under which an idea is found."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=LONGEST_TAG)

    class Meta:
        verbose_name = _("tag of an idea")
        verbose_name_plural = _("tags of ideas")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "name"], name="an_idea_has_a_tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="tags_of_ideas_are_words"),
        ]
        indexes = [models.Index(fields=["name"], name="ideas_by_tag")]

    def __str__(self) -> str:
        return self.name


class Interest(models.Model):
    """That somebody would like to work on an idea. Who `is_shown` is found by teams."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="interests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="interests"
    )
    is_shown = models.BooleanField(_("shown to participants"), default=False)
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("interest in an idea")
        verbose_name_plural = _("interests in ideas")
        ordering = ["marked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "user"], name="interested_once_in_an_idea"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.idea}"
