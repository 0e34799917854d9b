"""Who should not rate what: declared conflicts, own local sites, the queue before free choice."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from jam.errors import Refused
from jam.models import Act
from ratings import freezing, services
from ratings.models import Conflict, Need, Rating
from ratings.permissions import RatingRefusal
from ratings.queue import next_submission
from ratings.raters import progress_of, rater_in
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, ParticipationFactory, UserFactory
from tests.ratings.factories import JudgeFactory, frozen_submission, given, rate, small_jam
from tests.sites.factories import LocalSiteFactory, PlaceFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]


def declare(submission, rater, kind="colleague", moment=NOW) -> Conflict:
    return services.declare_conflict(submission=submission, rater=rater, kind=kind, moment=moment)


def refusal_of(act, *args, **kwargs) -> RatingRefusal | None:
    try:
        act(*args, **kwargs)
    except Refused as refused:
        return refused.refusal
    return None


def places(submission) -> int:
    return Need.objects.get(pk=submission.pk).places


def test_a_conflict_keeps_the_queue_and_the_form_away():
    jam, rater = small_jam(), UserFactory()
    submission, other = frozen_submission(jam), frozen_submission(jam)
    declare(submission, rater)
    assert next_submission(jam, rater, NOW) == other
    assert refusal_of(rate, submission, 3, 3, by=rater) == RatingRefusal.CONFLICT
    progress = progress_of(rater_in(jam, rater))
    assert (progress.wanted, progress.left) == (1, 1)
    services.take_back_conflict(submission=submission, rater=rater, moment=NOW)
    rate(other, 3, 3, by=rater)
    assert next_submission(jam, rater, NOW) == submission
    verbs = set(Act.objects.values_list("verb", flat=True))
    assert {"declared a conflict", "took back a conflict"} <= verbs


def test_a_rating_does_not_count_while_a_conflict_stands():
    jam, rater = small_jam(), UserFactory()
    submission = frozen_submission(jam)
    rating = rate(submission, 5, 5, by=rater)
    assert places(submission) == 1
    declare(submission, rater)
    rating.refresh_from_db()
    assert rating.voided_by == rater
    assert places(submission) == 0
    services.take_back_conflict(submission=submission, rater=rater, moment=NOW)
    rating.refresh_from_db()
    assert (rating.voided_at, rating.void_reason, places(submission)) == (None, "", 1)
    declare(submission, rater)
    assert freezing.results_of(jam, RESULTS).ratings == 0


def test_a_place_without_words_goes_and_words_stay():
    jam, rater = small_jam(), UserFactory()
    first, second = frozen_submission(jam), frozen_submission(jam)
    drawn = next_submission(jam, rater, NOW)
    declare(drawn, rater)
    assert not Rating.objects.exists()
    other = second if drawn == first else first
    rate(other, 3, None, by=rater, strong="Words.")
    declare(other, rater)
    assert Rating.objects.get().strong == "Words."
    assert {places(first), places(second)} == {0}


def test_declaring_is_refused_by_name():
    jam, rater = small_jam(), UserFactory()
    submission, own = frozen_submission(jam), frozen_submission(jam, by=rater)
    assert refusal_of(declare, own, rater) == RatingRefusal.OWN
    assert refusal_of(declare, submission, rater, moment=MOMENTS["closing"]) == "not_open"
    assert refusal_of(declare, submission, rater, moment=RATINGS_CLOSE) == RatingRefusal.CLOSED
    take_back = services.take_back_conflict
    assert (
        refusal_of(take_back, submission=submission, rater=rater, moment=NOW)
        == RatingRefusal.NO_CONFLICT
    )
    declare(submission, rater)
    assert refusal_of(declare, submission, rater) == RatingRefusal.CONFLICT
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.create(submission=submission, rater=rater, kind="other", declared_at=NOW)


def test_by_the_buttons(at, client):
    jam, rater = small_jam(), UserFactory()
    submission = frozen_submission(jam, title="Near to me")
    at(NOW)
    client.force_login(rater)
    page = f"/jams/{jam.slug}/rate/{submission.pk}/"
    assert "Declare a conflict of interest" in client.get(page).content.decode()
    said = client.post(f"{page}conflict/", {}, follow=True).content.decode()
    assert "Choose why" in said
    said = client.post(f"{page}conflict/", {"kind": "close"}, follow=True).content.decode()
    assert "Noted: others rate it." in said
    assert "conflict of interest" in said
    assert client.get(page).status_code == 403
    said = client.post(f"{page}no-conflict/", follow=True).content.decode()
    assert "Taken back." in said
    assert client.get(page).status_code == 200


def test_what_was_made_at_ones_own_site():
    jam = small_jam(not_own_site=True)
    rater, site = UserFactory(), LocalSiteFactory(jam=jam)
    PlaceFactory(site=site, participation=ParticipationFactory(jam=jam, user=rater))
    near = frozen_submission(jam, site=site)
    assert next_submission(jam, rater, NOW) is None
    assert refusal_of(rate, near, 3, 3, by=rater) == RatingRefusal.OWN_SITE
    far = frozen_submission(jam)
    assert progress_of(rater_in(jam, rater)).wanted == 1
    assert next_submission(jam, rater, NOW) == far
    assert next_submission(jam, UserFactory(), NOW) == near
    jam.rating_rules.not_own_site = False
    jam.rating_rules.save()
    rate(near, 3, 3, by=rater)


def test_the_first_come_from_the_queue_then_free_choice():
    jam, rater = small_jam(queue_first=2), UserFactory()
    submissions = [frozen_submission(jam) for _ in range(4)]
    for _ in range(2):
        chosen = next(s for s in submissions if not s.ratings.filter(rater=rater))
        assert refusal_of(rate, chosen, 3, 3, by=rater) == RatingRefusal.QUEUE_FIRST
        drawn = next_submission(jam, rater, NOW)
        assert refusal_of(rate, drawn, 3, None, by=rater) is None
        # Begun is not done.
        others = [s for s in submissions if not s.ratings.filter(rater=rater)]
        assert refusal_of(rate, others[0], 3, 3, by=rater) == RatingRefusal.QUEUE_FIRST
        rate(drawn, 3, 3, by=rater)
    for submission in submissions:
        rate(submission, 4, 4, by=rater)
    assert Rating.objects.filter(rater=rater, from_queue=True).count() == 2


def test_judges_and_organizers_choose_from_the_start():
    jam = small_jam(queue_first=5)
    submission, organizer = frozen_submission(jam), UserFactory()
    jam.organizers.add(organizer)
    for user in (organizer, JudgeFactory(jam=jam).user):
        services.save(submission=submission, rater=user, scores=given(jam, 3, 3), moment=NOW)


def test_the_desk_tells_how_many_are_still_to_come_from_the_queue(at, client):
    jam, rater = small_jam(queue_first=2), UserFactory()
    for _ in range(3):
        frozen_submission(jam)
    at(NOW)
    client.force_login(rater)
    said = client.get(f"/jams/{jam.slug}/rate/").content.decode()
    assert "After 2 more from the queue" in said
    assert "Choose from the gallery" not in said
