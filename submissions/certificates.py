"""Who may have which certificates, and whether those that were issued still hold.

What there is to certify is asked of the parts of the jam (`Part.merits`), each time anew: nothing
is kept of it but what was issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery, TextChoices
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jam import parts, timeline
from jam.languages import is_spoken
from jam.models import Jam, Participation, User
from jam.parts import Merit
from sites.models import Place
from submissions.citing.work import address_of, one_line
from submissions.models import Certificate, Revision, Submission
from submissions.models.credit import named

Kind = Certificate.Kind


class Standing(TextChoices):
    """What has become of an issued certificate."""

    HOLDS = "holds", gettext_lazy("It holds")
    CHANGED = "changed", gettext_lazy("The records have changed since")
    GONE = "gone", gettext_lazy("It does not hold any more")


@dataclass(frozen=True)
class Offer:
    """Something that somebody may have certified, and the certificate, if they have it."""

    merit: Merit
    certificate: Certificate | None
    # Whether the certificate says other things than it would if it were issued now.
    is_stale: bool

    @property
    def title(self) -> str:
        return str(Kind(self.merit.kind).label)


def offers_of(jam: Jam, user: User, moment: datetime) -> list[Offer]:
    """All that `user` may have certified of `jam`."""
    issued = {
        key_of(certificate): certificate
        for certificate in Certificate.objects.filter(jam=jam, user=user)
    }
    hosts = hosts_of(jam) if issued else []
    merits = parts.merits_of(jam, user, moment)
    told = {get_language(): {merit.key: facts_of(jam, user, merit, hosts) for merit in merits}}
    # What one says is compared in the language that it was issued in, not in the reader's.
    for language in {language_of(certificate) for certificate in issued.values()} - set(told):
        with translation.override(language):
            told[language] = {
                merit.key: facts_of(jam, user, merit, hosts)
                for merit in parts.merits_of(jam, user, moment)
            }
    offers = []
    for merit in merits:
        certificate = issued.get(merit.key)
        now = told[language_of(certificate)].get(merit.key) if certificate else None
        offers.append(
            Offer(merit, certificate, certificate is not None and certificate.facts != now)
        )
    return offers


def language_of(certificate: Certificate) -> str:
    """The language that a certificate is in."""
    language = certificate.facts.get("language", "")
    return language if is_spoken(language) else settings.LANGUAGE_CODE


def key_of(certificate: Certificate) -> str:
    """The key that the merit behind a certificate has."""
    return Merit(
        certificate.kind, "", {}, submission=certificate.submission_id, thing=certificate.thing
    ).key


def hosts_of(jam: Jam) -> list[str]:
    return [one_line(name) for name in jam.hosts.values_list("name", flat=True)]


def facts_of(jam: Jam, user: User, merit: Merit, hosts: list[str]) -> dict[str, Any]:
    """What a certificate of this merit says."""
    return {
        "language": get_language(),
        "name": one_line(user.display_name),
        "jam": one_line(jam.title),
        "hosts": hosts,
        "sentence": merit.sentence,
        "details": [list(pair) for pair in merit.details],
        "values": merit.values,
    }


def standing_of(certificate: Certificate, moment: datetime) -> tuple[Standing, Merit | None]:
    """Whether a certificate still holds, and what the records say now."""
    merits = parts.merits_of(certificate.jam, certificate.user, moment)
    merit = next((merit for merit in merits if merit.key == key_of(certificate)), None)
    if merit is None:
        return Standing.GONE, None
    same = merit.values == certificate.facts["values"]
    return (Standing.HOLDS if same else Standing.CHANGED), merit


# -- what there is to certify of taking part and of submissions --------------------------------


def taking_part(jam: Jam, user: User, moment: datetime) -> list[Merit]:
    """Having joined and not cancelled, once submissions have closed: nobody cancels after that."""
    if not timeline.closing_due(jam, moment):
        return []
    places = Place.objects.taken(moment).filter(participation=OuterRef("pk"))
    site = Subquery(places.values("site__name")[:1])
    joined = Participation.objects.active().filter(jam=jam, user=user).annotate(site_name=site)
    participation = joined.first()
    if participation is None:
        return []
    site_name = one_line(participation.site_name or "")
    period = {"from": day(jam.starts_at, jam), "until": day(jam.submissions_close_at, jam)}
    return [
        Merit(
            Kind.TAKING_PART,
            _("took part in %(jam)s, from %(from)s to %(until)s.")
            % {"jam": one_line(jam.title), **period},
            {},
            details=((_("Local site"), site_name),) if site_name else (),
        )
    ]


def contributing(jam: Jam, user: User, moment: datetime) -> list[Merit]:
    """Being named in what was handed in, once the results are out: until then it may be
    withdrawn, and its names may be hidden."""
    if not timeline.results_due(jam, moment):
        return []
    own = Submission.objects.filter(jam=jam).public().of_team_member(user)
    merits = []
    for submission in own.select_related("frozen", "correction").defer("body").order_by("pk"):
        submission.jam = jam
        revision, people = submission.frozen, submission.credited
        me = submission.credit_of(user)
        if me is None:
            continue
        details = [(_("Submission"), address_of(submission))]
        if roles := me.get("roles"):
            details.append((_("Roles"), ", ".join(named(roles))))
        if revision.origin == Revision.Origin.LATE:
            details.append((_("Handed in"), _("late, in time that the organizers gave")))
        merits.append(
            Merit(
                Kind.CONTRIBUTING,
                contributed(one_line(revision.title), len(people), jam, revision.arrived_at),
                {"digest": revision.digest},
                submission=submission.pk,
                details=tuple(details),
            )
        )
    return merits


def contributed(title: str, people: int, jam: Jam, at: datetime) -> str:
    told = {"title": title, "n": people, "jam": one_line(jam.title), "day": day(at, jam)}
    if people == 1:
        return _("made “%(title)s”, which was handed in to %(jam)s on %(day)s.") % told
    return _("is one of the %(n)s contributors of “%(title)s”, which was handed in to %(jam)s "
             "on %(day)s.") % told  # fmt: skip


def day(at: datetime, jam: Jam) -> str:
    """A day as the jam had it."""
    return date_format(at.astimezone(jam.zone), _("j F Y"))


def address(certificate: Certificate) -> str:
    """Where anybody can check it."""
    return settings.SITE_URL + certificate.get_absolute_url()
