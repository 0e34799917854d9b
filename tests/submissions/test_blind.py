"""Blind jams: who made what, and where, is hidden until the results."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from jam.models import Act
from ratings.hints import hints_for
from ratings.models import Prize
from ratings.permissions import RatingRefusal
from ratings.queue import next_submission
from submissions import freezing, services
from submissions.models import Revision, Submission, SubmissionRules
from tests.factories import (
    MOMENTS,
    RATINGS_OPEN,
    RESULTS,
    SUBMISSIONS_CLOSE,
    TICK,
    ParticipationFactory,
    UserFactory,
)
from tests.ratings.factories import JudgeFactory, frozen_submission, small_jam
from tests.ratings.test_admin import change_page, filled
from tests.ratings.test_conflicts import rate, refusal_of
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db

NOW = RATINGS_OPEN + timedelta(days=1)
SECRETS = ("Ada Secret", "Hidden Institute", "Quiet Hall")


@pytest.fixture
def jam():
    jam = small_jam()
    SubmissionRules.objects.filter(jam=jam).update(blind=True)
    return jam


@pytest.fixture
def author():
    return UserFactory(display_name="Ada Secret", affiliation="Hidden Institute")


@pytest.fixture
def submission(jam, author):
    """Frozen, and with a later revision."""
    site = LocalSiteFactory(jam=jam, name="Quiet Hall")
    submission = SubmissionFactory(jam=jam, by=author, site=site, title="Our work", tags="a tag")
    hand_in(submission)
    freezing.close(jam, RATINGS_OPEN - timedelta(minutes=30))
    Submission.objects.update(body="Again.")
    services.add_later(submission=submission, by=author, note="Looked again.", moment=NOW)
    submission.refresh_from_db()
    return submission


def pages_of(submission) -> list[str]:
    jam = f"/jams/{submission.jam.slug}"
    here = f"{jam}/submissions/{submission.pk}/"
    return [
        f"{jam}/submissions/", here, f"{here}revisions/1/", f"{here}revisions/2/",
        f"{here}revisions/1/content.json", f"{here}changes/", f"{jam}/rate/{submission.pk}/",
    ]  # fmt: skip


def told(user, submission) -> dict[str, set[str]]:
    """Which secrets the pages tell."""
    client, found = Client(), {}
    if user:
        client.force_login(user)
    for page in pages_of(submission):
        text = client.get(page).content.decode()
        found[page] = {secret for secret in SECRETS if secret in text}
    return found


def organizer_of(submission):
    user = UserFactory()
    submission.jam.organizers.add(user)
    return user


def judge_of(submission):
    return JudgeFactory(jam=submission.jam).user


@pytest.mark.parametrize(
    ("who", "knows"),
    [
        (lambda s: None, False),
        (lambda s: UserFactory(affiliation="Hidden Institute"), False),
        (lambda s: UserFactory(is_staff=True), False),
        (lambda s: SubmissionFactory(jam=s.jam).contributors.get().user, False),
        (judge_of, False),
        (organizer_of, True),
        (lambda s: UserFactory(is_superuser=True), True),
        (lambda s: s.contributors.get().user, True),
    ],
)
def test_only_its_team_and_the_organizers_know(at, submission, who, knows):
    at(NOW)
    found = told(who(submission), submission)
    if knows:
        assert {"Ada Secret"} <= set.union(*found.values())
        assert "Ada Secret" in found[pages_of(submission)[1]]
    else:
        assert set.union(*found.values()) == set()


@pytest.mark.parametrize(("moment", "is_told"), [(RESULTS - TICK, False), (RESULTS, True)])
def test_with_the_results_all_is_told(at, submission, moment, is_told):
    at(moment)
    found = told(None, submission)
    assert ("Ada Secret" in found[pages_of(submission)[1]]) is is_told
    assert ("Quiet Hall" in found[pages_of(submission)[4]]) is is_told


def test_rows_come_without_names_whatever_is_done_with_them(submission, author):
    jam = submission.jam
    (row,) = (
        Submission.objects.visible_to(AnonymousUser(), jam, NOW)
        .with_checklist()
        .with_contributors()
    )
    assert list(row.contributors.all()) == []
    assert (row.site, row.saved_by, row.hides_names) == (None, None, True)
    assert (row.frozen.names, row.frozen.site, row.frozen.digest) == ("", None, "")
    assert row.frozen.content.keys() & {"contributors", "site"} == set()
    (row,) = Submission.objects.visible_to(author, jam, NOW).with_contributors()
    assert row.contributors.count() == 1
    assert row.frozen.names == "Ada Secret"
    deferred = Revision.objects.visible_to(AnonymousUser(), jam, NOW).defer("content", "names")
    assert {(each.names, str(each.content)) for each in deferred} == {("", "{}")}
    # What a later version of ours keeps is hidden until somebody has thought about it.
    new = Revision(content={"title": "T", "mentor": "Ada Secret"}, names="Ada Secret")
    new.hide_names()
    assert new.content == {"title": "T"}


@pytest.mark.parametrize("query", ["q=secret", "q=ADA", "q=our+secret", "site=online", "site=1"])
def test_a_search_for_names_and_places_finds_nothing(client, at, submission, query):
    at(NOW)
    gallery = f"/jams/{submission.jam.slug}/submissions/"
    site = submission.frozen.site_id
    assert "Nothing matches" in client.get(f"{gallery}?{query}").content.decode()
    assert "Nothing matches" in client.get(f"{gallery}?site={site}").content.decode()
    for words in ("our work", "TAG", "question"):
        assert "Our work" not in client.get(gallery, {"q": "nowhere"}).content.decode()
        found = client.get(gallery, {"q": words}).content.decode()
        assert ("Our work" in found) is (words != "question"), words
    at(RESULTS)
    assert "Our work" in client.get(gallery, {"q": "ada secret"}).content.decode()
    assert "Our work" in client.get(gallery, {"site": site}).content.decode()


def test_what_was_made_at_a_local_site_is_told_with_the_results(client, at, submission):
    page = f"/jams/{submission.jam.slug}/sites/{submission.frozen.site_id}/"
    at(NOW)
    assert "Our work" not in client.get(page).content.decode()
    at(RESULTS)
    assert "Our work" in client.get(page).content.decode()


def test_no_hint_tells_that_a_rater_is_near(client, at, submission):
    at(NOW)
    near = UserFactory(affiliation="Hidden Institute")
    assert hints_for(near, submission) != []
    client.force_login(near)
    text = client.get(pages_of(submission)[-1]).content.decode()
    assert "you are both at" not in text.casefold()
    assert "Names are hidden until the results." in text


def test_what_is_not_for_somebody_does_not_say_why(submission):
    submission.jam.rating_rules.not_own_site = True
    submission.jam.rating_rules.save()
    near = ParticipationFactory(jam=submission.jam)
    PlaceFactory(site=submission.site, participation=near)
    refusal = refusal_of(rate, submission, 3, 3, by=near.user)
    assert refusal == RatingRefusal.FOR_OTHERS
    assert "site" not in refusal.label
    # What was made elsewhere is answered alike, until the queue gives it.
    elsewhere = frozen_submission(submission.jam)
    assert refusal_of(rate, elsewhere, 3, 3, by=near.user) == refusal
    assert next_submission(submission.jam, near.user, NOW) == elsewhere
    rate(elsewhere, 3, 3, by=near.user)
    assert refusal_of(rate, submission, 3, 3, by=near.user) == refusal


def test_judges_choose_without_names(client, at, submission):
    Prize.objects.create(jam=submission.jam, title="Our choice", kind="choice")
    judge = judge_of(submission)
    at(RESULTS - TICK)
    client.force_login(judge)
    page = reverse("ratings:awards", args=[submission.jam.slug])
    for query, is_found in (("", True), ("?q=our", True), ("?q=ada", False)):
        text = client.get(page + query).content.decode()
        assert ("Our work" in text) is is_found, query
        assert "Ada Secret" not in text
    client.force_login(organizer_of(submission))
    assert "Our work (Ada Secret)" in client.get(f"{page}?q=ada").content.decode()


def test_the_whole_content_is_checked_once_it_is_told(client, at, submission):
    page, content = pages_of(submission)[2], pages_of(submission)[4]
    digest = submission.frozen.digest
    at(NOW)
    redacted = client.get(content).content
    text = client.get(page).content.decode()
    assert digest not in text
    assert hashlib.sha256(redacted).hexdigest() in text
    assert "contributors" not in json.loads(redacted)
    at(RESULTS)
    assert digest in client.get(page).content.decode()
    assert hashlib.sha256(client.get(content).content).hexdigest() == digest


def test_the_invitation_names_nobody_any_more(client, at, submission):
    at(NOW)
    client.force_login(UserFactory())
    link = f"/jams/{submission.jam.slug}/submissions/{submission.pk}/join/{submission.invitation}/"
    assert "Ada Secret" not in client.get(link).content.decode()


@pytest.mark.parametrize("phase", ["announced", "rating"])
def test_the_jam_says_that_it_is_blind(client, at, jam, phase):
    at(MOMENTS[phase])
    assert "Rated blind" in client.get(f"/jams/{jam.slug}/").content.decode()
    SubmissionRules.objects.update(blind=False)
    assert "Rated blind" not in client.get(f"/jams/{jam.slug}/").content.decode()


def test_teams_are_told_to_keep_their_names_out(client, at, jam, author):
    draft = SubmissionFactory(jam=jam, by=author)
    at(MOMENTS["making"])
    client.force_login(author)
    page = reverse("submissions:edit", args=[jam.slug, draft.pk])
    assert "Keep yours out of the text" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("moment", "is_changed"), [(SUBMISSIONS_CLOSE - TICK, True), (SUBMISSIONS_CLOSE, False)]
)
def test_organizers_choose_until_submissions_close_and_the_log_tells(
    at, client, jam, moment, is_changed
):
    organizer = UserFactory(is_staff=True)
    jam.organizers.add(organizer)
    at(SUBMISSIONS_CLOSE - TICK)
    client.force_login(organizer)
    posted = filled(client.get(change_page(jam)))
    assert posted.pop("submission_rules-0-blind") is True
    at(moment)
    client.force_login(organizer)
    assert client.post(change_page(jam), posted).status_code == 302
    assert SubmissionRules.objects.get(jam=jam).blind is not is_changed
    acts = Act.objects.filter(verb="changed", before__blind="True", after__blind="False")
    assert acts.count() == is_changed


@pytest.mark.parametrize("rows", [1, 3])
def test_blind_pages_ask_the_same(client, at, jam, rows, django_assert_num_queries):
    for _ in range(rows):
        hand_in(SubmissionFactory(jam=jam))
    freezing.close(jam, RATINGS_OPEN - timedelta(minutes=30))
    at(NOW)
    client.force_login(UserFactory())
    gallery = f"/jams/{jam.slug}/submissions/"
    client.get(gallery)
    with django_assert_num_queries(7):
        assert client.get(gallery).content.decode().count("card-work") == rows
