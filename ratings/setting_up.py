"""What ratings have to say of setting a jam up: rules, criteria, prizes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.desk import counted
from jam.loading import Kind
from jam.models import Jam, User
from jam.parts import Part
from jam.set_up import Check, Copying, Portion, Role, State
from ratings.defaults import CRITERIA
from ratings.explaining import rule_in_words
from ratings.models import Anchor, Criterion, Example, Judge, Prize, Rating, RatingRules
from ratings.permissions import prizes_refusal, settings_refusal
from ratings.setting_up_forms import PrizeForm
from sites.models import LocalSite
from submissions.models import Track
from submissions.setting_up import stand_in_submission

# What suits a template, where it is not the default: whoever is in the room rates.
TEMPLATES = {
    "evening": {
        "eligibility": RatingRules.Eligibility.PARTICIPANTS,
        "rule": RatingRules.Rule.MEAN,
        "target": 3,
    },
}
# What has happened with the ratings of one jam, and what pseudonyms are made with.
_OF_THAT_TIME = ("salt", "feedback_released_at", "pieces_are_stale")


CRITERIA_OF_A_JAM = Kind(
    Criterion,
    ("name", "question", "weight", *(f"guidance_{n}" for n in range(1, 6)), "may_be_skipped",
     "judges_only", "shows_ladder"),
    12,
    why_not=settings_refusal,
)  # fmt: skip
PRIZES = Kind(
    Prize, tuple(PrizeForm.Meta.fields), form=PrizeForm, form_kwargs=lambda jam: {"jam": jam},
    why_not=prizes_refusal,
)  # fmt: skip


class SettingUpPart(Part):
    """Setting up, as far as it is about ratings."""

    def kinds(self) -> list[Kind]:
        return [CRITERIA_OF_A_JAM, PRIZES]

    def suit(self, jam: Jam, template: str) -> None:
        rules = RatingRules.of(jam)
        for name, value in TEMPLATES.get(template, {}).items():
            setattr(rules, name, value)
        rules.save()

    def portions(self, source: Jam) -> list[Portion]:
        found = [Portion("rating rules", _("rules for rating"))]
        if source.criteria.exists():
            found.append(Portion("criteria", _("criteria, with the example to practise on")))
        if source.prizes.exists():
            label = _("prizes; those of tracks and local sites where these come along")
            found.append(Portion("prizes", label))
        return found

    def copy(self, copying: Copying) -> None:
        source, jam = copying.source, copying.jam
        if "rating rules" in copying.chosen:
            copying.over(RatingRules.of(jam), RatingRules.of(source), without=_OF_THAT_TIME)
        if "criteria" in copying.chosen:
            jam.criteria.all().delete()
            copying.rows(source.criteria.all())
            copying.rows(Example.objects.filter(jam=source))

            def anchored(anchor: Anchor) -> dict[str, Any]:
                return {
                    "example_id": copying.copy_of(Example, anchor.example_id).pk,
                    "criterion_id": copying.copy_of(Criterion, anchor.criterion_id).pk,
                }

            copying.rows(Anchor.objects.filter(example__jam=source), change=anchored)
        if "prizes" in copying.chosen:
            self._copy_prizes(copying)

    def _copy_prizes(self, copying: Copying) -> None:
        def there(prize: Prize) -> dict[str, Any]:
            track = copying.copy_of(Track, prize.track_id)
            site = copying.copy_of(LocalSite, prize.site_id)
            return {"track_id": track and track.pk, "site_id": site and site.pk}

        needs = {Prize.Kind.TRACK: "track_id", Prize.Kind.SITE: "site_id"}
        prizes = [
            prize
            for prize in copying.source.prizes.all()
            if prize.kind not in needs or there(prize)[needs[prize.kind]]
        ]
        copying.rows(prizes, change=there)

    def check_facts(self) -> dict[str, Any]:
        return {"n_judges": counted(Judge.objects.all()), "n_prizes": counted(Prize.objects.all())}

    def checks(self, jam: Jam, moment: datetime) -> list[Check]:
        return [self._rules(jam), self._criteria(jam), self._prizes(jam)]

    def _rules(self, jam: Jam) -> Check:
        rules = RatingRules.of(jam)
        state = State.DONE
        text = _("Who rates: %(who)s. %(rule)s") % {
            "who": rules.get_eligibility_display(), "rule": rule_in_words(rules.rule, rules.least)
        }  # fmt: skip
        if rules.eligibility == RatingRules.Eligibility.JUDGES and not jam.n_judges:
            state = State.MISSING
            text = _("Only judges rate, and nobody is named as one.")
        return Check(_("Rules for rating"), state, text, reverse("ratings:rules", args=[jam.slug]))

    def _criteria(self, jam: Jam) -> Check:
        criteria = list(jam.criteria.all())
        bare = [criterion.name for criterion in criteria if not all(criterion.guidance)]
        state = State.LOOK
        if not criteria:
            state, text = State.MISSING, _("There is none, so nobody can rate.")
        elif bare:
            text = _("Not every number of stars is explained: %(names)s.") % {
                "names": ", ".join(bare)
            }
        elif [each.name for each in criteria] == [name for name, _question, _lines in CRITERIA]:
            text = _("They are the five that every jam begins with. Do they fit yours?")
        else:
            state, text = State.DONE, ", ".join(each.name for each in criteria)
        return Check(_("Criteria"), state, text, reverse("ratings:criteria", args=[jam.slug]))

    def _prizes(self, jam: Jam) -> Check:
        prizes = jam.n_prizes
        text = ngettext("%(n)s prize.", "%(n)s prizes.", prizes) % {"n": prizes}
        if not prizes:
            text = _("None. Most people do not come for one.")
        url = reverse("ratings:prizes", args=[jam.slug])
        return Check(_("Prizes"), State.DONE, text, url)

    def moving(self, jam: Jam, moves: dict[str, datetime], moment: datetime) -> list[str]:
        if not moves.keys() & {"ratings_open_at", "ratings_close_at", "results_at"}:
            return []
        told = []
        if n := Rating.objects.complete().filter(submission__jam=jam).count():
            text = ngettext(
                "%(n)s rating that was given counts as it is, and can be changed until rating "
                "closes.",
                "%(n)s ratings that were given count as they are, and can be changed until rating "
                "closes.",
                n,
            )
            told.append(text % {"n": n})
        if "ratings_open_at" in moves:
            told.append(_("Criteria and rules for rating are fixed from the new opening on."))
        return told

    def pages_to_see(self) -> list[str]:
        """Not what judges write to each other, which is theirs."""
        names = ("rate", "submission", "practice", "results", "submission_results")
        return [f"ratings:{name}" for name in names]

    def stand_in(self, jam: Jam, user: User, role: Role, moment: datetime) -> None:
        rules = RatingRules.of(jam)
        own_work = rules.eligibility == RatingRules.Eligibility.CONTRIBUTORS
        if role == Role.RATER and own_work and not jam.making_window.is_before(moment):
            stand_in_submission(jam, user)
        if role == Role.JUDGE:
            Judge.objects.create(jam=jam, user=user)
