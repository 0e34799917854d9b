"""All submissions for organizers: which are found, and acting on several at once."""

from __future__ import annotations

import pytest

from jam.errors import Refused
from jam.models import Act, Message
from ratings import overview
from submissions import services
from submissions.models import Contributor, Revision, Track
from submissions.permissions import OrganizerRefusal
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.sites.factories import LocalSiteFactory
from tests.submissions.factories import SubmissionFactory, hand_in

pytestmark = pytest.mark.django_db
NOW = MOMENTS["rating"]


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer")


@pytest.fixture
def jam(organizer):
    jam = small_jam(target=2)
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def ask(client, at, organizer, jam):
    def ask(query="", data=None, user=organizer):
        at(NOW)
        client.force_login(user)
        here = f"/jams/{jam.slug}/submissions/organize/{query}"
        return client.get(here) if data is None else client.post(here, data)

    return ask


def titles(response) -> list[str]:
    return [submission.title for submission in response.context["page"]]


def test_what_is_found(jam, ask):
    track = Track.objects.create(jam=jam, name="Circuits")
    site = LocalSiteFactory(jam=jam, name="The Loft")
    SubmissionFactory(jam=jam, title="Draft", site=site)
    frozen_submission(jam, title="Rated", track=track)
    rated = jam.submissions.get(title="Rated")
    for _ in range(2):
        rate(rated, 3, 3)
    late = frozen_submission(jam, title="Late", by=UserFactory(display_name="Zoe Zimmer"))
    Revision.objects.filter(pk=late.frozen_id).update(origin="late")
    frozen_submission(jam, title="Gone", withdrawn_at=NOW)
    frozen_submission(jam, title="Out", disqualified_at=NOW, disqualification_reason="x")
    frozen_submission(JamFactory(), title="Elsewhere")
    everything = ["Draft", "Rated", "Late", "Gone", "Out"]
    for query, found in {
        "": everything,
        "?state=draft": ["Draft"],
        "?state=in": ["Rated", "Late"],
        "?state=late": ["Late"],
        "?state=withdrawn": ["Gone"],
        "?state=disqualified": ["Out"],
        "?state=nonsense": everything,
        "?coverage=lacks": ["Late"],
        "?coverage=enough": ["Rated"],
        f"?track={track.pk}": ["Rated"],
        "?track=x": everything,
        f"?site={site.pk}": ["Draft"],
        "?site=online": ["Rated", "Late", "Gone", "Out"],
        "?q=ZIMMER": ["Late"],
        "?q=rat": ["Rated"],
        "?q=rat&state=late": [],
        "?q=%00": everything,
    }.items():
        assert titles(ask(query)) == found, query


def test_what_was_frozen_stays_where_it_was_made(jam):
    loft, cellar = LocalSiteFactory(jam=jam), LocalSiteFactory(jam=jam)
    submission = SubmissionFactory(jam=jam, site=loft)
    submission.frozen = hand_in(submission)
    submission.site = cellar
    submission.save()

    def at_site(site):
        found = overview.submissions_of(jam)
        return list(overview.sifted(found, {"site": str(site.pk)}, 2))

    assert (at_site(loft), at_site(cellar)) == ([submission], [])


def test_neither_order_nor_coverage_depends_on_what_was_given(jam, ask):
    low, high = frozen_submission(jam, title="Low"), frozen_submission(jam, title="High")
    ratings = [rate(low, 1, 1), rate(high, 5, 5)]
    before = titles(ask()), titles(ask("?coverage=lacks"))
    for rating, stars in zip(ratings, (5, 1), strict=True):
        rating.scores.update(stars=stars)
    assert (titles(ask()), titles(ask("?coverage=lacks"))) == before


def test_only_organizers(jam, ask):
    SubmissionFactory(jam=jam)
    assert ask(user=UserFactory()).status_code == 403
    assert ask(data={"act": "disqualify"}, user=UserFactory()).status_code == 403


def test_several_are_disqualified_and_reinstated(jam, ask, organizer):
    one, other, third = (frozen_submission(jam) for _ in range(3))
    ticked = {"chosen": [one.pk, other.pk, "x", "9" * 30], "disqualify-reason": "Copied"}
    assert ask(data={"act": "disqualify", **ticked}).status_code == 302
    assert set(jam.submissions.filter(disqualified_at=NOW)) == {one, other}
    assert Message.objects.filter(subject__contains="was disqualified").count() == 2
    # What is so already does not keep the others from it.
    services.disqualify_many(
        submissions=[one, third], by=organizer, reason="Copied", moment=NOW
    )  # fmt: skip
    assert jam.submissions.filter(disqualified_at=None).count() == 0
    answer = ask("?state=disqualified", {"act": "reinstate", "which": "all",
                                         "reinstate-reason": "Not copied"})  # fmt: skip
    assert answer.url.endswith("?state=disqualified")
    assert jam.submissions.filter(disqualified_at=None).count() == 3
    done = Act.objects.filter(jam=jam, actor=organizer).order_by("pk")
    assert [act.verb for act in done] == ["disqualified"] * 3 + ["reinstated"] * 3


def test_all_or_nothing(jam):
    own, foreign = frozen_submission(jam), frozen_submission(JamFactory())
    with pytest.raises(Refused) as refused:
        services.disqualify_many(
            submissions=[own, foreign], by=jam.organizers.get(), reason="x", moment=NOW
        )
    assert refused.value.refusal == OrganizerRefusal.NOT_ORGANIZER
    assert not jam.submissions.filter(disqualified_at__isnull=False).exists()


def test_teams_are_written_to_each_person_once(jam, ask):
    both = UserFactory()
    first, second = (frozen_submission(jam, by=both) for _ in range(2))
    mate = UserFactory()
    Contributor.objects.create(submission=first, user=mate, order=1, confirmed_at=NOW)
    frozen_submission(jam)
    words = {"write-subject": "Your video", "write-text": "It does *not* play."}
    chosen = {"chosen": [first.pk, second.pk]}
    for _twice in range(2):
        assert ask(data={"act": "write", **chosen, **words}).status_code == 302
    mails = Message.objects.filter(subject="Your video")
    assert {mail.user for mail in mails} == {both, mate}
    assert "It does *not* play." in mails.first().text
    assert "Olga Organizer" in mails.first().text
    act = Act.objects.filter(verb="wrote to teams").order_by("pk").first()
    assert act.after == {
        "subject": "Your video", "submissions": [first.pk, second.pk], "people": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"act": "disqualify", "disqualify-reason": "x"}, "Choose a submission first."),
        ({"act": "disqualify", "which": "all"}, "This field is required."),
        ({"act": "write", "which": "all", "write-subject": "x"}, "This field is required."),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(jam, ask, data, said):
    submission = frozen_submission(jam)
    answer = ask(data={**data, "chosen": [submission.pk] if "which" in data else []})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert (f'id="chosen-{submission.pk}" checked' in page) == ("which" in data)
    assert not jam.submissions.filter(disqualified_at__isnull=False).exists()
    if "write-subject" in data:
        assert 'value="x"' in page


def test_nobody_acts_on_more_than_is_done_in_a_while(jam, ask, monkeypatch):
    monkeypatch.setattr("ratings.views.overview.MOST_AT_ONCE", 1)
    frozen_submission(jam), frozen_submission(jam)
    answer = ask(data={"act": "disqualify", "which": "all", "disqualify-reason": "x"})
    assert "Those are more than" in answer.content.decode()
    assert not jam.submissions.filter(disqualified_at__isnull=False).exists()


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_much_however_many_there_are(
    jam, organizer, client, at, n, django_assert_num_queries
):
    for _ in range(n):
        submission = frozen_submission(jam)
        Contributor.objects.create(
            submission=submission, user=UserFactory(), order=1, confirmed_at=NOW
        )
    at(NOW)
    client.force_login(organizer)
    client.get(f"/jams/{jam.slug}/submissions/organize/")
    with django_assert_num_queries(9):
        response = client.get(f"/jams/{jam.slug}/submissions/organize/")
    assert len(titles(response)) == n
