from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unalterable(TypeError):
    """Somebody tried to change or to delete a line of the log of acts."""

    def __init__(self) -> None:
        super().__init__("Lines of the log of acts are added, and neither changed nor deleted.")


class ActQuerySet(models.QuerySet):
    """Lines to read, and to add to. Where the database has roles it sees to that itself
    (`manage.py grant`); here a slip of ours is found everywhere."""

    def update(self, **values: Any) -> NoReturn:
        raise Unalterable

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unalterable

    def delete(self) -> NoReturn:
        raise Unalterable


class Act(models.Model):
    """One line of the log of acts: who did what, to whom, when, before and after, and why.

    Rows are only ever added, by `jam.log.record`, or with the jam that they are of when it is
    imported.
    """

    jam = models.ForeignKey("jam.Jam", on_delete=models.PROTECT, null=True, related_name="acts")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="acts"
    )
    verb = models.CharField(_("what"), max_length=60)
    target_type = models.CharField(_("kind of target"), max_length=60)
    target_id = models.CharField(_("target"), max_length=40)
    target_name = models.CharField(_("name of the target"), max_length=200)
    moment = models.DateTimeField(_("when"))
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("why"), blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("log of acts")
        ordering = ["-moment", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="acts_of_a_target"),
            models.Index(fields=["jam", "-moment", "-id"], name="acts_of_a_jam"),
        ]

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M} {self.verb} {self.target_name}"

    # The one save() that is overridden: nothing else stands between a line and being changed.
    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unalterable
        super().save(**kwargs)

    def delete(self, **kwargs: Any) -> NoReturn:
        raise Unalterable
