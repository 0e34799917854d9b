"""Issuing certificates."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import log, parts
from jam.errors import Refused
from jam.models import Jam, User
from submissions.certificates import facts_of, hosts_of
from submissions.models import Certificate


class CertificateRefusal(TextChoices):
    """Why nothing is certified."""

    NOT_DONE = "not_done", _("There is nothing of the kind to certify.")


@transaction.atomic
def issue(*, jam: Jam, user: User, key: str, moment: datetime) -> Certificate:
    """Issue the certificate of what `user` did in `jam`, once; if it is there, bring what it says
    up to date, under the same code. Raises Refused."""
    merits = {merit.key: merit for merit in parts.merits_of(jam, user, moment)}
    if key not in merits:
        raise Refused(CertificateRefusal.NOT_DONE)
    merit = merits[key]
    facts = facts_of(jam, user, merit, hosts_of(jam))
    certificate, is_new = Certificate.objects.get_or_create(
        user=user,
        jam=jam,
        kind=merit.kind,
        submission_id=merit.submission,
        thing=merit.thing,
        defaults={"facts": facts, "issued_at": moment},
    )
    if not is_new and certificate.facts != facts:
        before = certificate.facts["values"]
        certificate.facts, certificate.issued_at = facts, moment
        certificate.save(update_fields=["facts", "issued_at"])
        log.record("issued a certificate anew", certificate, by=user, jam=jam, before=before,
                   after=merit.values, moment=moment)  # fmt: skip
    elif is_new:
        log.record("issued a certificate", certificate, by=user, jam=jam,
                   after={"kind": merit.kind}, moment=moment)  # fmt: skip
    return certificate
