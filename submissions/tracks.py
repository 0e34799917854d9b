"""Tracks: organizers move what was put into the wrong one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, User
from submissions import services
from submissions.models import Submission, Track
from submissions.permissions import move_track_refusal


@transaction.atomic
def move_track(
    *, submission: Submission, by: User, track: Track, reason: str, moment: datetime
) -> None:
    """Have a frozen submission stand in `track`; the team is told why. What was handed in stays
    as it is, with the track that it names. Raises Refused."""
    # As counting locks it: what it counts is in one track or in the other.
    Jam.objects.select_for_update(no_key=True).get(pk=submission.jam_id)
    submission = services.locked(submission)
    refuse(move_track_refusal(by, submission, track, reason, moment))
    before = submission.track.name if submission.track else ""
    submission.track = track
    submission.save(update_fields=["track"])
    caching.forget()
    log.record("moved to another track", submission, by=by, jam=submission.jam, reason=reason,
               before={"track": before}, after={"track": track.name}, moment=moment)  # fmt: skip
    services.tell_team(
        submission,
        key=f"moved:{submission.pk}:{moment.isoformat()}",
        subject=_("“%(title)s” is in another track") % {"title": submission.frozen.title},
        text=_("The organizers moved your submission to the track “%(track)s”. Their reason:")
        % {"track": track.name}
        + "\n"
        + reason.strip(),
        moment=moment,
    )
