"""Pictures of local sites."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from jam import caching, log, pictures
from jam.errors import refuse
from jam.models import User
from sites.models import LocalSite, Picture
from sites.permissions import SiteRefusal, picture_refusal, run_refusal
from sites.services.waiting import locked


def add_picture(
    *, site: LocalSite, by: User, upload: File, shows: str, moment: datetime
) -> Picture:
    """Store a picture of the site, drawn anew. Raises Refused, and pictures.FileRefused with
    the reason."""
    refuse(picture_refusal(by, site))
    # Before the transaction, since drawing a large picture anew takes a while.
    drawn = pictures.taken_in(upload)
    with transaction.atomic():
        site = locked(site, moment)
        refuse(picture_refusal(by, site))
        picture = Picture(
            site=site,
            content_type=drawn.content_type,
            shows=shows,
            width=drawn.width,
            height=drawn.height,
            added_at=moment,
        )
        pictures.store(picture.content, drawn)
        picture.save()
        caching.forget()
        log.record("added a picture", site, by=by, jam=site.jam, moment=moment)
    return picture


@transaction.atomic
def remove_picture(*, site: LocalSite, picture_id: int, by: User, moment: datetime) -> None:
    """Take a picture from the page of the site. Raises Refused."""
    site = locked(site, moment)
    refuse(run_refusal(by, site))
    shown = site.pictures.filter(pk=picture_id, removed_at=None)
    refuse(None if shown.update(removed_at=moment) else SiteRefusal.NO_PICTURE)
    caching.forget()
    log.record("removed a picture", site, by=by, jam=site.jam, moment=moment)
