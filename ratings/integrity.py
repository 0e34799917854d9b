"""What organizers look into once rating has closed, under pseudonyms; voiding, and corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from jam import caching, log
from jam.errors import refuse
from jam.models import Jam, User
from ratings import freezing
from ratings.counting import Ballot
from ratings.models import Rating, RatingRules, Results
from ratings.permissions import correct_refusal, void_refusal
from ratings.tally import adjusted, itch, mean, suspicions
from ratings.tally.suspicions import Finding
from ratings.tally.table import Ranking, Table
from submissions.models import Contributor, Submission


@dataclass(frozen=True)
class Move:
    """A submission whose place would change."""

    submission: int
    before: int | None
    after: int | None


def findings_of(jam: Jam, ballot: Ballot) -> list[Finding]:
    """What stands out among the ratings that count as things are."""
    rules = ballot.rules
    people = {rules.pseudonym_of(pk): pk for pk in raters_of(jam)}
    raters = [pk for name in ballot.table.raters if (pk := people.get(str(name)))]
    own: dict[str, list[str]] = defaultdict(list)
    for user, submission in Contributor.objects.filter(
        submission__in=ballot.submissions, user__in=raters
    ).values_list("user", "submission"):
        own[rules.pseudonym_of(user)].append(str(submission))
    return suspicions.suspicions(ballot.table, own, together(raters, rules))


def raters_of(jam: Jam) -> set[int]:
    """Everybody who has rated in `jam`."""
    rated = Rating.objects.complete().filter(submission__jam=jam)
    return set(rated.order_by().values_list("rater", flat=True).distinct())


def together(raters: list[int], rules: RatingRules) -> dict[str, list[list[str]]]:
    """Raters who signed up in one hour, and who came from one address; groups of at least three.

    The addresses are those of the sessions that are still kept, and are not told to anybody.
    """
    hours: dict[str, set[int]] = defaultdict(set)
    for pk, joined in User.objects.filter(pk__in=raters).values_list("pk", "date_joined"):
        hours[f"{joined:%Y-%m-%d %H}"].add(pk)
    addresses: dict[str, set[int]] = defaultdict(set)
    for user, address in UserSession.objects.filter(user__in=raters).values_list("user", "ip"):
        addresses[address].add(user)
    return {
        kind: [
            sorted(rules.pseudonym_of(pk) for pk in people)
            for people in found.values()
            # An hour in which everybody came says nothing of anybody.
            if suspicions.GROUP <= len(people) <= max(suspicions.GROUP, len(raters) // 2)
        ]
        for kind, found in (("hour", hours), ("address", addresses))
    }


def overall(table: Table, rules: RatingRules) -> Ranking:
    """The overall standings by the official rule."""
    column = table.columns[-1]
    match rules.rule:
        case RatingRules.Rule.ITCH:
            return itch.ranked(column, None, rules.least)
        case RatingRules.Rule.MEAN:
            return mean.ranked(column, rules.least)
    return adjusted.adjusted(table, column, least=rules.least, draws=0).ranking


def moves_without(ballot: Ballot, before: Ranking, finding: Finding) -> list[Move]:
    """Whose places would change without the ratings of a finding, the largest changes first."""
    after = overall(suspicions.without(ballot.table, finding.ratings), ballot.rules)
    return moves(ballot.table.submissions, before.ranks, after.ranks)


def moves(submissions: Iterable, before: Iterable, after: Iterable) -> list[Move]:
    """Whose places differ, the largest changes first; who loses or gains a place before all."""
    changed = [
        Move(int(submission), one, other)
        for submission, one, other in zip(submissions, before, after, strict=True)
        if one != other
    ]
    return sorted(changed, key=lambda m: (
        bool(m.before and m.after), -abs((m.before or 0) - (m.after or 0)), m.submission
    ))  # fmt: skip


def named(jam: Jam, pairs: Iterable[tuple[int, str]]) -> QuerySet[Rating]:
    """The ratings that pairs of a submission's id and a rater's pseudonym name."""
    rules = RatingRules.of(jam)
    wanted = set(pairs)
    rows = Rating.objects.filter(
        submission__jam=jam, submission__in={submission for submission, _name in wanted}
    )
    found = [
        pk
        for pk, submission, rater in rows.values_list("pk", "submission", "rater")
        if (submission, rules.pseudonym_of(rater)) in wanted
    ]
    return Rating.objects.filter(pk__in=found)


@transaction.atomic
def void(
    *, jam: Jam, pairs: Iterable[tuple[int, str]], by: User, reason: str, moment: datetime
) -> int:
    """Have ratings not count, by submission and pseudonym; how many. Raises Refused."""
    jam = Jam.objects.select_for_update().get(pk=jam.pk)
    ratings = named(jam, pairs).complete().filter(voided_at=None).select_related("submission")
    refuse(void_refusal(by, jam, len(ratings), reason, moment))
    for rating in ratings:
        rating.voided_at, rating.voided_by, rating.void_reason = moment, by, reason.strip()
        rating.save(update_fields=["voided_at", "voided_by", "void_reason"])
        log.record("voided a rating", rating.submission, by=by, jam=jam, reason=reason.strip(),
                   after={"rating": rating.pk}, moment=moment)  # fmt: skip
    return len(ratings)


@transaction.atomic
def restore(
    *, jam: Jam, pairs: Iterable[tuple[int, str]], by: User, reason: str, moment: datetime
) -> int:
    """Have ratings that were voided count again; how many. Raises Refused."""
    jam = Jam.objects.select_for_update().get(pk=jam.pk)
    ratings = named(jam, pairs).filter(voided_at__isnull=False).select_related("submission")
    refuse(void_refusal(by, jam, len(ratings), reason, moment))
    for rating in ratings:
        rating.voided_at, rating.voided_by, rating.void_reason = None, None, ""
        rating.save(update_fields=["voided_at", "voided_by", "void_reason"])
        log.record("restored a rating", rating.submission, by=by, jam=jam, reason=reason.strip(),
                   after={"rating": rating.pk}, moment=moment)  # fmt: skip
    return len(ratings)


@transaction.atomic
def correct(*, jam: Jam, by: User, reason: str, moment: datetime) -> Results:
    """Publish results anew from what counts now, as a new version beside the old ones. Raises
    Refused."""
    jam = Jam.objects.select_for_update().get(pk=jam.pk)
    newest = freezing.frozen_results(jam, moment)
    refuse(correct_refusal(by, jam, newest, differs(jam, newest), reason, moment))
    results = freezing.keep(
        jam, version=newest.version + 1, moment=moment, reason=reason.strip(), by=by
    )
    log.record("corrected results", jam, by=by, jam=jam, reason=reason.strip(),
               before={"version": newest.version, "digest": newest.digest},
               after={"version": results.version, "digest": results.digest},
               moment=moment)  # fmt: skip
    caching.forget()
    return results


def differs(jam: Jam, newest: Results | None) -> bool:
    """Whether what counts now is not what the newest results were counted from."""
    return newest is not None and freezing.digest_of(freezing.current_ballot(jam)) != newest.digest


@dataclass(frozen=True)
class Changes:
    """What a version of results changed against the one before: whose places, who is new in it,
    who is out of it."""

    moves: list[Move]
    came: list[int]
    left: list[int]


def changes_between(old: Results, new: Results) -> Changes:
    """What changed overall from one version to another."""
    before, after = (
        dict(r.standings.filter(criterion=None).values_list("submission", "rank"))
        for r in (old, new)
    )
    both = sorted(before.keys() & after.keys())
    return Changes(
        moves(both, (before[pk] for pk in both), (after[pk] for pk in both)),
        sorted(after.keys() - before.keys()),
        sorted(before.keys() - after.keys()),
    )


def titles_of(keys: Iterable[int]) -> dict[int, str]:
    """The titles of frozen submissions."""
    frozen = Submission.objects.filter(pk__in=set(keys))
    return dict(frozen.values_list("pk", "frozen__title"))
