"""What a jam says of itself, and how it looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from jam import caching, log, meanwhile, pictures
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, User
from jam.permissions import set_up_refusal

# By field; the banner is a file.
TEXTS = ("title", "tagline", "description", "hashtag", "hue", "code_of_conduct", "time_zone")


def describe(
    *,
    jam: Jam,
    by: User,
    said: dict[str, Any],
    banner: File | None = None,
    without_banner: bool = False,
    seen: Seen | None = None,
    moment: datetime,
) -> Jam:
    """Change what is `said` of `jam`, valid values by the names in `TEXTS`; with a new `banner`, or
    `without_banner`. Raises Refused, Changed unless the jam is as it was `seen`, and
    pictures.FileRefused with the reason."""
    refuse(set_up_refusal(by, jam))
    # Before the transaction, since drawing a large picture anew takes a while.
    drawn = pictures.taken_in(banner) if banner else None
    with transaction.atomic():
        jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
        refuse(set_up_refusal(by, jam))
        changed = [name for name in TEXTS if name in said and getattr(jam, name) != said[name]]
        if changed:
            meanwhile.check(seen, meanwhile.of_row(jam))
        before = {name: getattr(jam, name) for name in changed}
        after = {name: said[name] for name in changed}
        for name in changed:
            setattr(jam, name, said[name])
        if drawn or (without_banner and jam.banner):
            changed.append("banner")
            before["banner"] = jam.banner.name
            # What was there stays where it is: another jam may show it.
            jam.banner = ""
            if drawn:
                pictures.store(jam.banner, drawn)
            after["banner"] = jam.banner.name
        if changed:
            jam.save(update_fields=changed)
            caching.forget()
            log.record("changed", jam, by=by, jam=jam, before=before, after=after, moment=moment)
    return jam
