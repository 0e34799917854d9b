"""Local sites with people in them: a line, a door, and a proposal that is talked about."""

from __future__ import annotations

from datetime import datetime, timedelta

from jam.models import Jam, Participation, User
from jam.timeline import Phase
from sites import services
from sites.models import LocalSite, Place

QUESTION = "It sounds lovely. Is there a lift, and until when may people stay in the evening?"
ANSWER = (
    "There is one, at the back. The house closes at 23:00; whoever wants to go on can move to the "
    "library, which is open all night."
)


def bring_to_life(jam: Jam, organizer: User, now: datetime) -> None:
    """In a jam that is announced or under way: its first site is full, with a line."""
    if jam.phase_at(now) not in (Phase.ANNOUNCED, Phase.MAKING):
        return
    for site in LocalSite.objects.filter(jam=jam).waiting_for_approval():
        moment = site.proposed_at + timedelta(hours=2)
        services.write(site=site, by=organizer, text=QUESTION, moment=moment)
        proposer = site.organizers.first()
        services.write(site=site, by=proposer, text=ANSWER, moment=moment + timedelta(hours=1))
    site = LocalSite.objects.as_of(now).filter(jam=jam, is_open=True).order_by("pk").first()
    if site is None:
        return
    by = site.organizers.first()
    others = Participation.objects.active().filter(jam=jam).select_related("user")
    others = list(others.exclude(places__in=Place.objects.taken(now)).order_by("pk")[:9])
    moment = min(now, jam.starts_at) - timedelta(hours=2)
    for participation in others[:6]:
        services.join(site=site, user=participation.user, shown=True, moment=moment)
    full = {"capacity": site.taken + len(others[:6])}
    services.change(site=site, by=by, fields=full, moment=moment)
    for n, participation in enumerate(others[6:]):
        services.wait(site=site, user=participation.user, moment=moment + timedelta(minutes=n))
    if now in site.arriving_window:
        for place in list(site.places.taken(now))[::2]:
            services.check_in(site=site, place_id=place.pk, by=by, moment=now)
