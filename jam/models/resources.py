from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models.jams import Jam

# Longer than a week is a course, not something to start from.
MOST_MINUTES = 10_080


class ResourceQuerySet(models.QuerySet):
    def with_marks(self, user) -> "ResourceQuerySet":
        """Fetch along for how many people each worked, and whether `user` is one of them."""
        own = Worked.objects.filter(resource=OuterRef("pk"), user_id=user.pk)
        # Named, since what is counted in groups has no order of its own.
        found = self.annotate(worked_for=Count("marks")).order_by("order", "pk")
        return found.annotate(worked_for_reader=Exists(own)) if user.is_authenticated else found


class Resource(models.Model):
    """Something to start from: a notebook, a paper, a template."""

    class Kind(models.TextChoices):
        NOTEBOOK = "notebook", _("notebook")
        TEMPLATE = "template", _("template")
        PAPER = "paper", _("paper")
        ARTICLE = "article", _("article")
        VIDEO = "video", _("video")
        DATASET = "dataset", _("dataset")
        CODE = "code", _("code")
        CREDITS = "credits", _("credits")

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("for beginners")
        SOME = "some", _("with some experience")
        EXPERT = "expert", _("for experts")

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="resources")
    section = models.CharField(_("section"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    url = models.URLField(_("address"), max_length=500)
    description = models.TextField(
        _("description"),
        max_length=2000,
        blank=True,
        help_text=_("Markdown. What it is good for, in a sentence or two."),
    )
    level = models.CharField(
        _("who it is for"),
        max_length=12,
        choices=Level,
        blank=True,
        help_text=_("Leave it open if it is for everybody."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("how long it takes, in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    starts_here = models.BooleanField(
        _("on the path for those who start"),
        default=False,
        help_text=_("Up to seven steps, in the order of the list."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # What its host last answered, as `jam.link_answers` keeps it, and since when it has not.
    link_answer = models.JSONField(editable=False, null=True)
    link_asked_at = models.DateTimeField(editable=False, null=True)
    link_dead_since = models.DateTimeField(editable=False, null=True)

    objects = ResourceQuerySet.as_manager()

    # Nobody's own, so that anybody may report it.
    author_id = None

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="resources_have_a_title"),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                name="resources_take_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jam:resources", args=[self.jam.slug]) + f"#resource-{self.pk}"

    @property
    def text(self) -> str:
        return self.description


class Worked(models.Model):
    """That a resource worked for somebody."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="marks")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resources_that_worked"
    )
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("mark of a resource")
        verbose_name_plural = _("marks of resources")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "user"], name="worked_once_for_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} ✓ {self.user}"
