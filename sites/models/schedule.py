from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jam.models import Jam
from jam.models.schedule import Change, Happening
from sites.models.local_sites import LocalSite


class SiteItem(Happening):
    """Something that happens at one local site."""

    owner_field = "site"

    site = models.ForeignKey(LocalSite, on_delete=models.CASCADE, related_name="schedule")

    class Meta(Happening.Meta):
        verbose_name = _("schedule item of a local site")
        verbose_name_plural = _("schedules of local sites")

    def get_absolute_url(self) -> str:
        return f"{self.site.schedule_path}#{self.uid}"

    @property
    def uid(self) -> str:
        return f"site-schedule-{self.pk}"

    def of_jam(self) -> Jam:
        return self.site.jam

    def is_run_by(self, user: Any) -> bool:
        return self.site.jam.is_organized_by(user) or self.site.is_organized_by(user)

    def where(self) -> str:
        site = self.site
        return ", ".join(filter(None, [self.place, site.name, site.venue, site.address, site.city]))

    def path_to(self, act: str) -> str:
        return reverse(f"sites:{act}_item", args=[self.site.jam.slug, self.site_id, self.pk])


class SiteChange(Change):
    """A change of an item of a local site's schedule."""

    owner_field = "site"

    site = models.ForeignKey(LocalSite, on_delete=models.CASCADE, related_name="schedule_changes")
    item = models.ForeignKey(SiteItem, on_delete=models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        verbose_name = _("change of a local site's schedule")
        verbose_name_plural = _("changes of local sites' schedules")
