"""What happens in a dry run with ratings: they are given by way of the queue, and counted."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.dry_run import Play, Scene, invent, refused
from jam.errors import Refused
from jam.models import User
from jam.parts import Part
from ratings import feedback, freezing, queue, reminding, services, telling
from ratings.explaining import rule_in_words
from ratings.models import Award, Judge, Rating, RatingRules
from ratings.raters import rater_in
from ratings.services import Given
from submissions.models import Submission

JUDGES = 2
# How many each rates at most, and what submissions are worth to all: some tell themselves apart.
EACH = 3
WORTH = (4, 3, 5)


class DryRunPart(Part):
    """A dry run, as far as it is about ratings."""

    def perform(self, play: Play, scene: Scene) -> None:
        match scene:
            case Scene.SIGN_UP:
                self._have_no_more_criteria(play)
                self._name_judges(play)
            case Scene.RATING:
                telling.tell_opened(play.jam, play.moment)
                self._rate(play)
            case Scene.LAST_CALL:
                reminding.remind(play.jam, play.moment)
                telling.tell_last_call(play.jam, play.moment)
            case Scene.RATED:
                self._come_late(play)
            case Scene.RESULTS:
                self._publish(play)

    def _have_no_more_criteria(self, play: Play) -> None:
        """Every new jam has some; where all were removed, the copy has none."""
        if not play.source.criteria.exists():
            play.jam.criteria.all().delete()

    def _name_judges(self, play: Play) -> None:
        """Where there is something for judges alone to do."""
        rules = RatingRules.of(play.jam)
        alone = rules.eligibility == RatingRules.Eligibility.JUDGES
        if not alone and not play.jam.criteria.filter(judges_only=True).exists():
            return
        for number in range(1, JUDGES + 1):
            judge = invent(_("Judge %(number)s") % {"number": number})
            Judge.objects.create(jam=play.jam, user=judge)
        text = ngettext("%(n)s judge is named.", "%(n)s judges are named.", JUDGES)
        play.tell(text % {"n": JUDGES})

    def _rate(self, play: Play) -> None:
        judges = User.objects.filter(judgings__jam=play.jam).order_by("pk")
        kept_out: Counter[str] = Counter()
        for place, user in enumerate([*play.people[:-1], *judges]):
            try:
                _rate_some(play, user, place)
            except Refused as error:
                kept_out[error.label] += 1
        given = Rating.objects.complete().filter(submission__jam=play.jam)
        n, raters = given.count(), given.values("rater").distinct().count()
        if n:
            text = ngettext(
                "The queue hands out work, and %(n)s rating comes back, from %(raters)s people.",
                "The queue hands out work, and %(n)s ratings come back, from %(raters)s people.",
                n,
            )
            play.tell(text % {"n": n, "raters": raters})
        else:
            play.warn(_("Nobody gives a rating that counts."))
        for words, people in kept_out.items():
            text = ngettext(
                "%(n)s person may not rate, and reads: %(words)s",
                "%(n)s people may not rate, and read: %(words)s",
                people,
            )
            play.tell(text % {"n": people, "words": words})

    def _come_late(self, play: Play) -> None:
        """Whoever comes with the closing instant comes too late."""
        words = refused(lambda: queue.next_submission(play.jam, play.people[0], play.moment))
        play.tell(_("Who wants to rate now reads: %(words)s") % {"words": words})

    def _publish(self, play: Play) -> None:
        jam, moment = play.jam, play.moment
        results = freezing.results_of(jam, moment)
        telling.tell_results(jam, moment)
        feedback.tell(jam, moment)
        play.tell(rule_in_words(results.rule, results.least))
        standings = results.standings.filter(criterion=None).select_related("submission__frozen")
        for standing in standings.in_order():
            told = {"title": standing.submission, "place": standing.rank, "n": standing.n}
            if standing.rank is None:
                text = ngettext(
                    "Without a place: “%(title)s”, with %(n)s rating",
                    "Without a place: “%(title)s”, with %(n)s ratings",
                    standing.n,
                )
            else:
                text = ngettext(
                    "Place %(place)s: “%(title)s”, with %(n)s rating",
                    "Place %(place)s: “%(title)s”, with %(n)s ratings",
                    standing.n,
                )
            play.tell(text % told)
        if awards := Award.objects.filter(results=results).count():
            text = ngettext("%(n)s prize goes by place.", "%(n)s prizes go by place.", awards)
            play.tell(text % {"n": awards})


def _rate_some(play: Play, user: User, place: int) -> None:
    """Have `user` rate what the queue gives. Raises Refused."""
    jam, moment = play.jam, play.moment
    if rater_in(jam, user).is_to_practise:
        services.practise(jam=jam, user=user, moment=moment)
    order = list(Submission.objects.filter(jam=jam).order_by("pk").values_list("pk", flat=True))
    criteria = list(jam.criteria.all())
    for _time in range(EACH):
        submission = queue.next_submission(jam, user, moment)
        if submission is None:
            return
        worth = WORTH[order.index(submission.pk) % len(WORTH)]
        saved = services.save(
            submission=submission,
            rater=user,
            scores={
                criterion.pk: Given(min(5, max(1, worth + (place + number) % 3 - 1)))
                for number, criterion in enumerate(criteria)
            },
            strong=_("An invented word of praise."),
            moment=moment,
        )
        if saved.rating.completed_at is None:
            # There is nothing to give stars on, so the queue would give it again.
            return
