"""How local sites stand in the archive of a jam."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jam.archive.tables import Table
from sites.models import (
    Invitation,
    LocalSite,
    Picture,
    Place,
    ProposalMessage,
    SiteChange,
    SiteItem,
    Wait,
)


def tables() -> list[Table]:
    of_site = "site__jam"
    return [
        Table(LocalSite, "sites", _("Local sites"), is_offered=True, named_by=("name",)),
        Table(
            LocalSite.organizers.through,
            "site_organizers",
            _("Who organizes local sites"),
            jam="localsite__jam",
        ),
        Table(
            Place,
            "places",
            _("Places at local sites, and who came"),
            of_site,
            is_personal=True,
            is_offered=True,
        ),
        Table(Wait, "waits", _("Who waited for places"), of_site, is_personal=True),
        Table(
            Invitation,
            "site_invitations",
            _("Who was asked to organize local sites"),
            of_site,
            is_personal=True,
        ),
        Table(
            ProposalMessage,
            "site_messages",
            _("What was written about local sites"),
            of_site,
            is_personal=True,
        ),
        Table(Picture, "site_pictures", _("Pictures of local sites"), of_site),
        Table(
            SiteItem,
            "site_schedule",
            _("Schedules of local sites"),
            of_site,
            is_offered=True,
            named_by=("title",),
        ),
        Table(SiteChange, "site_schedule_changes", _("Changes of their schedules"), of_site),
    ]
