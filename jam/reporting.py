"""Reports to the organizers: of anything in their jam, by anybody with a confirmed address.

Each is a private conversation between who reported and the organizers. Whoever it is about learns
nothing of it; where no other organizer is left, operators look into it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, TextChoices
from django.utils.translation import gettext_lazy

from jam import log, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, Report, ReportMessage, RoleHolder, User
from jam.permissions import has_verified_email
from jam.roles import Right, having, may

KIND = "reports"
ANSWERS = "report_answers"


class ReportRefusal(TextChoices):
    """Why someone may not report something, write about a report, or close it."""

    UNVERIFIED = "unverified", gettext_lazy("Confirm your e-mail address first.")
    OWN = "own", gettext_lazy("This is your own.")
    NO_REASON = "no_reason", gettext_lazy("Say what is wrong with it.")
    ALREADY = "already", gettext_lazy("You have reported it. The organizers look at it.")
    TOO_MANY = "too_many", gettext_lazy("Those were many reports. Go on in an hour.")
    NOT_ORGANIZER = "not_organizer", gettext_lazy("Only organizers may do that.")
    NOT_THERE = "not_there", gettext_lazy("There is no such report.")
    CLOSED = "closed", gettext_lazy("It is closed. Report it again if it goes on.")
    NO_WORDS = "no_words", gettext_lazy("Write something first.")


def person_behind(target: Any) -> int | None:
    """The key of whoever wrote `target`, or is it; None where it is nobody's."""
    return target.pk if isinstance(target, User) else getattr(target, "author_id", None)


def report_refusal(user: Any, target: Any, reason: str) -> ReportRefusal | None:
    """Why `user` may not report `target` for `reason`."""
    if not has_verified_email(user):
        return ReportRefusal.UNVERIFIED
    if person_behind(target) == user.pk:
        return ReportRefusal.OWN
    if Report.objects.open().about(target).filter(by=user).exists():
        return ReportRefusal.ALREADY
    return None if reason.strip() else ReportRefusal.NO_REASON


def handle_refusal(user: User, report: Report) -> ReportRefusal | None:
    """Why `user` may not look into the report. Whoever it is about is told that there is none."""
    if report.about_person_id == user.pk:
        return ReportRefusal.NOT_THERE
    return None if may(user, report.jam, Right.MODERATE) else ReportRefusal.NOT_ORGANIZER


def write_refusal(user: User, report: Report, text: str) -> ReportRefusal | None:
    """Why `user` may not write `text` about the report."""
    if report.by_id != user.pk and (refusal := handle_refusal(user, report)):
        return refusal
    if not report.is_open:
        return ReportRefusal.CLOSED
    return None if text.strip() else ReportRefusal.NO_WORDS


def handlers_of(report: Report) -> list[User]:
    """Who looks into it: organizers and moderators, else the operators, and never whoever it is
    about."""
    people = User.objects.filter(is_active=True).exclude(pk=report.about_person_id)
    return list(people.filter(in_charge_of(report.jam)).order_by("pk")) or list(
        people.filter(is_superuser=True).order_by("pk")
    )


def in_charge_of(jam: Jam) -> Q:
    """A filter for the people who look into what is reported in `jam`."""
    moderating = RoleHolder.objects.filter(jam=jam, role__in=having(Right.MODERATE))
    return Q(pk__in=jam.organizers.values("pk")) | Q(pk__in=moderating.values("user"))


@transaction.atomic
def report(
    *,
    target: Model,
    jam: Jam,
    by: User,
    reason: str,
    moment: datetime,
    about_person: User | None = None,
) -> Report:
    """Report `target` to the organizers of `jam`, who are told; `about_person` where that is
    somebody else than its author. Raises Refused."""
    # Of two clicks, the second finds the report of the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    refuse(report_refusal(by, target, reason))
    made = Report.objects.create(
        jam=jam,
        by=by,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(target)[:200],
        target_path=target.get_absolute_url(),
        about_person_id=about_person.pk if about_person else person_behind(target),
        reason=reason.strip(),
        made_at=moment,
    )
    log.record("reported", made, by=by, jam=jam, moment=moment)
    subject = _("Somebody reports “%(what)s”") % {"what": made.target_name}
    _tell(made, f"report:{made.pk}", by, subject, [_("Their reason:"), made.reason], moment)
    return made


@transaction.atomic
def write(*, report: Report, by: User, text: str, moment: datetime) -> ReportMessage:
    """Write to the organizers about what one reported, or to who reported it as one of them. The
    others are told. Raises Refused."""
    report = Report.objects.select_for_update(of=("self",)).select_related("jam").get(pk=report.pk)
    refuse(write_refusal(by, report, text))
    made = report.messages.create(by=by, text=text.strip()[:4000], written_at=moment)
    log.record("wrote about a report", report, by=by, jam=report.jam, moment=moment)
    subject = _("About your report of “%(what)s”")
    if by.pk == report.by_id:
        subject = _("More about the report of “%(what)s”")
    said = subject % {"what": report.target_name}
    _tell(report, f"report-message:{made.pk}", by, said, [said, made.text], moment)
    return made


@transaction.atomic
def close(*, report: Report, by: User, moment: datetime) -> None:
    """Put a report aside, and tell who made it; twice is as once. Raises Refused."""
    refuse(handle_refusal(by, report))
    if Report.objects.open().filter(pk=report.pk).update(closed_at=moment, closed_by=by):
        log.record("closed a report", report, by=by, jam=report.jam, moment=moment)
        subject = _("Your report of “%(what)s” is closed") % {"what": report.target_name}
        words = _("The organizers have looked into it. Report it again if it goes on.")
        _tell(report, f"report-closed:{report.pk}", by, subject, [words], moment)


def settle(*, target: Model, by: User, moment: datetime) -> None:
    """Close what is open about `target`, of which organizers have just decided."""
    about = (
        Report.objects.open().about(target).select_related("jam").select_for_update(of=("self",))
    )
    for report in about:
        report.closed_at, report.closed_by = moment, by
        report.save(update_fields=["closed_at", "closed_by"])
        log.record("closed a report", report, by=by, jam=report.jam, moment=moment)


def _tell(
    report: Report, key: str, by: User, subject: Any, words: list[Any], moment: datetime
) -> None:
    """Mail the other side of the conversation than the one that `by` is on."""
    reporter = by.pk == report.by_id
    for user in handlers_of(report) if reporter else [report.by]:
        if user.pk == by.pk:
            continue
        outbox.post(
            user=user,
            key=key,
            kind=KIND if reporter else ANSWERS,
            jam=report.jam,
            subject=subject,
            paragraphs=words,
            action_label=_("See the report"),
            action_path=report.get_absolute_url(),
            moment=moment,
        )
