"""Why a person may not rate: a named refusal, or None."""

from __future__ import annotations

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam, User
from jam.roles import Right, may
from ratings.models import Appeal, Attestation, Award, Prize, Rating, RatingRules, Results
from ratings.raters import Rater
from submissions.models import Submission, SubmissionRules

Eligibility = RatingRules.Eligibility


class RatingRefusal(TextChoices):
    """Why someone may not rate a submission."""

    SIGNED_OUT = "signed_out", _("Sign in to rate.")
    BANNED = "banned", _("The organizers keep you out of this jam.")
    UNVERIFIED = "unverified", _("Confirm your e-mail address first.")
    NOT_PARTICIPANT = "not_participant", _("In this jam only participants rate.")
    NOT_CONTRIBUTOR = (
        "not_contributor",
        _("In this jam only contributors of a submission that was handed in rate."),
    )
    NOT_JUDGE = "not_judge", _("In this jam only its judges rate.")
    NOT_OPEN = "not_open", _("Rating has not opened yet.")
    CLOSED = "closed", _("Rating has closed.")
    OUT_OF_RUNNING = "out_of_running", _("This submission is not in the running any more.")
    OWN = "own", _("This is your own submission. Others rate it.")
    CONFLICT = "conflict", _("You declared a conflict of interest, so others rate it.")
    FOR_OTHERS = "for_others", _("This one is for others to rate.")
    OWN_SITE = "own_site", _("It was made at your own local site. Others rate it.")
    QUEUE_FIRST = (
        "queue_first",
        _("In this jam your first ratings are of what the queue gives you. Then you may choose."),
    )
    PRACTISE = "practise", _("Practise on the example first.")
    NO_CONFLICT = "no_conflict", _("You have not declared a conflict with this one.")
    ALREADY_RATED = "already_rated", _("You have rated this one already.")
    SAY_WHAT = "say_what", _("Say what you had to change, or where it stopped.")
    NOT_ATTESTED = "not_attested", _("You have said nothing of running this one.")
    NOT_SKIPPED = "not_skipped", _("You have not skipped this one.")


class OrganizerRefusal(TextChoices):
    """Why someone may not see or do what is the organizers'."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may see that.")


class IntegrityRefusal(TextChoices):
    """Why someone may not look into suspicions, void ratings or correct results."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may see that.")
    NOT_CLOSED = "not_closed", _("Rating has not closed. Until then nobody sees what was given.")
    CONTRIBUTOR = (
        "contributor",
        _("You contributed to a submission of this jam, so that other organizers look into it."),
    )
    NO_REASON = "no_reason", _("Say why: it is kept, and read with the results.")
    NOTHING = "nothing", _("There is no such rating any more, or it is so already.")
    NO_RESULTS = "no_results", _("The results are not out. What is voided now does not count.")
    NOTHING_CHANGED = "nothing_changed", _("What counts is what the newest results count.")


class FeedbackRefusal(TextChoices):
    """Why someone may not release feedback, answer a rating, appeal or answer an appeal."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NOT_YET = "not_yet", _("Rating has not closed, or the last ratings are still being taken in.")
    WITH_RESULTS = "with_results", _("In this jam feedback comes with the results.")
    ALREADY = "already", _("It is released already.")
    NOT_TEAM = "not_team", _("Only this submission’s team may do that.")
    NOT_RELEASED = "not_released", _("The organizers have not released the feedback yet.")
    ANSWERED = "answered", _("It was answered already.")
    APPEALED = "appealed", _("Your team has appealed already.")
    NO_APPEALS = "no_appeals", _("There are no appeals now.")
    CONTRIBUTOR = (
        "contributor",
        _("You contributed to a submission of this jam, so that other organizers answer."),
    )
    NO_WORDS = "no_words", _("Write something first, 5,000 characters at most.")


class AwardRefusal(TextChoices):
    """Why someone may not place an award by hand, or take one back."""

    NOT_JUDGE = "not_judge", _("Only judges and organizers place awards.")
    NOT_CLOSED = "not_closed", _("Awards are placed once rating has closed.")
    NOT_BY_CHOICE = "not_by_choice", _("This prize goes by places: it is given with the results.")
    OUT_OF_RUNNING = "out_of_running", _("This submission is not in the running.")
    OWN = "own", _("This is your own submission. Others decide on it.")
    CONFLICT = "conflict", _("You have declared a conflict of interest. Others decide on it.")
    ALREADY = "already", _("It has this prize already.")
    NO_REASON = "no_reason", _("Say why: everybody reads it with the award.")
    GONE = "gone", _("This award is not there any more.")


class SettingsRefusal(TextChoices):
    """Why how a jam rates may not be changed."""

    FIXED = "fixed", _("Criteria and rules are fixed once rating has opened.")
    PRIZES_FIXED = "prizes_fixed", _("Prizes are fixed once the results are out.")


def rater_refusal(rater: Rater) -> RatingRefusal | None:
    """Why this person may not rate in the jam, at whatever time."""
    if not rater.user.is_authenticated:
        return RatingRefusal.SIGNED_OUT
    if rater.is_banned:
        return RatingRefusal.BANNED
    if rater.is_organizer or rater.is_judge:
        return None
    match rater.rules.eligibility:
        case Eligibility.VERIFIED if not rater.is_verified:
            return RatingRefusal.UNVERIFIED
        case Eligibility.PARTICIPANTS if not rater.is_participant:
            return RatingRefusal.NOT_PARTICIPANT
        case Eligibility.CONTRIBUTORS if not rater.is_contributor:
            return RatingRefusal.NOT_CONTRIBUTOR
        case Eligibility.JUDGES:
            return RatingRefusal.NOT_JUDGE
    return None


def window_refusal(jam: Jam, moment: datetime) -> RatingRefusal | None:
    """Why nobody may rate at `moment`."""
    if jam.rating_window.is_before(moment):
        return RatingRefusal.NOT_OPEN
    return RatingRefusal.CLOSED if jam.rating_window.is_over(moment) else None


def queue_refusal(rater: Rater, moment: datetime) -> RatingRefusal | None:
    """Why this person may not rate now."""
    return rater_refusal(rater) or window_refusal(rater.jam, moment)


def draw_refusal(rater: Rater, moment: datetime) -> RatingRefusal | None:
    """Why this person may not draw a submission to rate yet."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    return RatingRefusal.PRACTISE if rater.is_to_practise else None


def rating_refusal(rater: Rater, submission: Submission, moment: datetime) -> RatingRefusal | None:
    """Why this person may not rate `submission`, which comes from `submissions_for`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    # What arrived in time is taken, however late it is carried out, until all is counted.
    if submission.is_counted:
        return RatingRefusal.CLOSED
    if submission.withdrawn_at is not None or submission.disqualified_at is not None:
        return RatingRefusal.OUT_OF_RUNNING
    if refusal := conflict_of(rater, submission):
        return refusal
    if not submission.is_drawn and hides_own_site(rater):
        return RatingRefusal.FOR_OTHERS
    if not (rater.may_choose or submission.is_drawn):
        return RatingRefusal.QUEUE_FIRST
    return None


def conflict_of(rater: Rater, submission: Submission) -> RatingRefusal | None:
    """What stands between this person and `submission`, however the jam goes."""
    if submission.is_own:
        return RatingRefusal.OWN
    if submission.is_conflicted:
        return RatingRefusal.CONFLICT
    if rater.rules.not_own_site and submission.is_of_own_site:
        return RatingRefusal.FOR_OTHERS if hides_own_site(rater) else RatingRefusal.OWN_SITE
    return None


def hides_own_site(rater: Rater) -> bool:
    """Whether this person may not learn what was made at their own local site, which others are to
    rate. Refusing that alone would tell; so all is refused alike but what the queue has given
    them, which leaves it out."""
    return rater.rules.not_own_site and SubmissionRules.of(rater.jam).blind


def declare_refusal(rater: Rater, submission: Submission, moment: datetime) -> RatingRefusal | None:
    """Why this person may not declare a conflict with `submission`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    if submission.is_counted:
        return RatingRefusal.CLOSED
    if submission.is_own:
        return RatingRefusal.OWN
    return RatingRefusal.CONFLICT if submission.is_conflicted else None


def no_conflict_refusal(
    rater: Rater, submission: Submission, moment: datetime
) -> RatingRefusal | None:
    """Why this person may not take back having declared a conflict with `submission`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    if submission.is_counted:
        return RatingRefusal.CLOSED
    return None if submission.is_conflicted else RatingRefusal.NO_CONFLICT


def skip_refusal(
    rater: Rater, submission: Submission, rating: Rating | None, moment: datetime
) -> RatingRefusal | None:
    """Why this person may not skip `submission`, on which they have `rating`."""
    if refusal := rating_refusal(rater, submission, moment):
        return refusal
    return RatingRefusal.ALREADY_RATED if rating and rating.is_complete else None


def unskip_refusal(rater: Rater, submission: Submission, moment: datetime) -> RatingRefusal | None:
    """Why this person may not take back having skipped `submission`."""
    if refusal := queue_refusal(rater, moment):
        return refusal
    return None if submission.is_skipped else RatingRefusal.NOT_SKIPPED


def attest_refusal(
    rater: Rater, submission: Submission, outcome: str, word: str, moment: datetime
) -> RatingRefusal | None:
    """Why this person may not say that they ran `submission`, with this outcome."""
    if refusal := rating_refusal(rater, submission, moment):
        return refusal
    is_told = outcome == Attestation.Outcome.AS_DESCRIBED or word.strip()
    return None if is_told else RatingRefusal.SAY_WHAT


def take_back_attestation_refusal(
    rater: Rater, submission: Submission, is_there: bool, moment: datetime
) -> RatingRefusal | None:
    """Why this person may not take back what they said of running `submission`."""
    if refusal := rating_refusal(rater, submission, moment):
        return refusal
    return None if is_there else RatingRefusal.NOT_ATTESTED


def settings_refusal(jam: Jam, moment: datetime) -> SettingsRefusal | None:
    """Why nobody may change the criteria and the rules of `jam`."""
    return None if jam.rating_window.is_before(moment) else SettingsRefusal.FIXED


def judges_refusal(jam: Jam, moment: datetime) -> RatingRefusal | None:
    """Why nobody may name judges or take them off: it would change what is counted."""
    return RatingRefusal.CLOSED if jam.rating_window.is_over(moment) else None


def prizes_refusal(jam: Jam, moment: datetime) -> SettingsRefusal | None:
    """Why nobody may change the prizes of `jam`: they were given with the results."""
    return SettingsRefusal.PRIZES_FIXED if timeline.results_due(jam, moment) else None


def awarding_refusal(rater: Rater, moment: datetime) -> AwardRefusal | None:
    """Why this person may not place awards in the jam at `moment`."""
    if not (rater.is_judge or may(rater.user, rater.jam, Right.AWARDS)):
        return AwardRefusal.NOT_JUDGE
    return None if rater.jam.rating_window.is_over(moment) else AwardRefusal.NOT_CLOSED


def award_refusal(
    rater: Rater, prize: Prize, submission: Submission | None, why: str, moment: datetime
) -> AwardRefusal | None:
    """Why this person may not give `prize` to `submission`, which is None if it is not in the
    running, and else says whether it is theirs, in conflict, and has the prize already."""
    if refusal := awarding_refusal(rater, moment):
        return refusal
    if prize.kind != Prize.Kind.CHOICE:
        return AwardRefusal.NOT_BY_CHOICE
    if submission is None:
        return AwardRefusal.OUT_OF_RUNNING
    if submission.is_own:
        return AwardRefusal.OWN
    if submission.is_conflict:
        return AwardRefusal.CONFLICT
    if submission.has_prize:
        return AwardRefusal.ALREADY
    return None if why.strip() else AwardRefusal.NO_REASON


def take_back_refusal(rater: Rater, award: Award | None, moment: datetime) -> AwardRefusal | None:
    """Why this person may not take back `award`, which is None if it is gone."""
    if refusal := awarding_refusal(rater, moment):
        return refusal
    if award is None:
        return AwardRefusal.GONE
    return None if award.results_id is None else AwardRefusal.NOT_BY_CHOICE


def integrity_refusal(user: User, jam: Jam, moment: datetime) -> IntegrityRefusal | None:
    """Why `user` may not see what raters gave before the results."""
    if not jam.is_organized_by(user):
        return IntegrityRefusal.NOT_ORGANIZER
    if not jam.rating_window.is_over(moment):
        return IntegrityRefusal.NOT_CLOSED
    running = Submission.objects.filter(jam=jam).in_the_running()
    if running.filter(contributors__user=user.pk).exists():
        return IntegrityRefusal.CONTRIBUTOR
    return None


def void_refusal(
    user: User, jam: Jam, ratings: int, reason: str, moment: datetime
) -> IntegrityRefusal | None:
    """Why `user` may not void, or restore, so many `ratings`."""
    if refusal := integrity_refusal(user, jam, moment):
        return refusal
    if not reason.strip():
        return IntegrityRefusal.NO_REASON
    return None if ratings else IntegrityRefusal.NOTHING


def correct_refusal(
    user: User,
    jam: Jam,
    newest: Results | None,
    has_changed: bool,
    reason: str,
    moment: datetime,
) -> IntegrityRefusal | None:
    """Why `user` may not publish a new version of the results."""
    if refusal := integrity_refusal(user, jam, moment):
        return refusal
    if newest is None:
        return IntegrityRefusal.NO_RESULTS
    if not reason.strip():
        return IntegrityRefusal.NO_REASON
    return None if has_changed else IntegrityRefusal.NOTHING_CHANGED


def release_refusal(
    user: User, jam: Jam, rules: RatingRules, moment: datetime
) -> FeedbackRefusal | None:
    """Why `user` may not release the feedback."""
    if not jam.is_organized_by(user):
        return FeedbackRefusal.NOT_ORGANIZER
    if rules.feedback == RatingRules.Feedback.RESULTS:
        return FeedbackRefusal.WITH_RESULTS
    if not timeline.counting_due(jam, moment):
        return FeedbackRefusal.NOT_YET
    return FeedbackRefusal.ALREADY if rules.feedback_released_at else None


def answer_refusal(user: User, rating: Rating, released: bool, text: str) -> FeedbackRefusal | None:
    """Why `user` may not answer `rating`."""
    if not rating.submission.contributors.filter(user=user.pk).exists():
        return FeedbackRefusal.NOT_TEAM
    if not released or rating.voided_at is not None or not rating.is_complete:
        return FeedbackRefusal.NOT_RELEASED
    if hasattr(rating, "answer"):
        return FeedbackRefusal.ANSWERED
    return None if text.strip() else FeedbackRefusal.NO_WORDS


def helpful_refusal(user: User, rating: Rating, released: bool) -> FeedbackRefusal | None:
    """Why `user` may not mark `rating` as helpful, or take the mark back."""
    if not rating.submission.contributors.filter(user=user.pk).exists():
        return FeedbackRefusal.NOT_TEAM
    if not released or rating.voided_at is not None or not rating.is_complete:
        return FeedbackRefusal.NOT_RELEASED
    return None


def appeal_refusal(
    user: User, submission: Submission, rules: RatingRules, text: str, moment: datetime
) -> FeedbackRefusal | None:
    """Why `user` may not appeal against provisional scores."""
    if not submission.contributors.filter(user=user.pk).exists():
        return FeedbackRefusal.NOT_TEAM
    out = submission.withdrawn_at is not None or submission.disqualified_at is not None
    if out or not rules.appeals or moment not in timeline.appealing_window(submission.jam):
        return FeedbackRefusal.NO_APPEALS
    if hasattr(submission, "appeal"):
        return FeedbackRefusal.APPEALED
    return None if text.strip() else FeedbackRefusal.NO_WORDS


def appeals_refusal(user: User, jam: Jam, moment: datetime) -> FeedbackRefusal | None:
    """Why `user` may not read the appeals of a jam."""
    match integrity_refusal(user, jam, moment):
        case None:
            return None
        case IntegrityRefusal.NOT_ORGANIZER:
            return FeedbackRefusal.NOT_ORGANIZER
        case IntegrityRefusal.CONTRIBUTOR:
            return FeedbackRefusal.CONTRIBUTOR
    return FeedbackRefusal.NOT_YET


def answer_appeal_refusal(
    user: User, jam: Jam, appeal: Appeal, text: str, moment: datetime
) -> FeedbackRefusal | None:
    """Why `user` may not answer `appeal`."""
    if refusal := appeals_refusal(user, jam, moment):
        return refusal
    if appeal.answered_at is not None:
        return FeedbackRefusal.ANSWERED
    return None if text.strip() else FeedbackRefusal.NO_WORDS
