"""The announcements of a jam to everybody, for feed readers."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from jam.markdown import render
from jam.models import Announcement, Jam


def feed_of(jam: Jam, announcements: Sequence[Announcement]) -> str:
    """What was announced to everybody, as an Atom feed; unchanged rows give an equal one."""
    page = settings.SITE_URL + jam.get_absolute_url()
    feed = Atom1Feed(
        title=_("Announcements of %(jam)s") % {"jam": jam.title},
        link=page,
        description=jam.tagline,
        feed_url=settings.SITE_URL + reverse("jam:news_feed", args=[jam.slug]),
    )
    feed.latest_post_date = lambda: max(
        [row.send_at for row in announcements], default=jam.published_at or jam.created_at
    )
    for row in announcements:
        row.jam = jam
        feed.add_item(
            title=row.title,
            link=settings.SITE_URL + row.get_absolute_url(),
            description=render(row.text),
            author_name=str(row.author),
            pubdate=row.send_at,
            updateddate=row.send_at,
        )
    return feed.writeString("utf-8")
