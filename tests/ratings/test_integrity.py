"""What organizers see once rating has closed, voiding, corrections, and verifying results."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from jam.errors import Refused
from jam.models import Act, User
from ratings import freezing, integrity
from ratings.models import Rating, RatingRules, Results, Standing, pseudonym
from ratings.permissions import IntegrityRefusal
from submissions import services as submission_services
from submissions.models import Submission
from tests.factories import MOMENTS, RATINGS_CLOSE, RESULTS, START, TICK, UserFactory
from tests.ratings.factories import frozen_submission, rate, small_jam

pytestmark = pytest.mark.django_db
COUNTING, FINISHED = MOMENTS["counting"], MOMENTS["finished"]


def signed_up(when) -> User:
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(date_joined=when)
    return user


@pytest.fixture
def jam(at):
    """A jam in which three who signed up together lift one submission to the first place."""
    jam = small_jam(criteria=1, rule="mean", ratings_file="always")
    jam.made = [frozen_submission(jam, title=title) for title in ("Good", "Fair", "Lifted")]
    for number in range(6):
        rater = signed_up(START - timedelta(days=30 - number))
        for submission, stars in zip(jam.made, (4, 3, 2), strict=True):
            rate(submission, stars + number % 2, by=rater)
    ring = [signed_up(START + timedelta(minutes=minute)) for minute in range(3)]
    jam.ring = [rate(jam.made[2], 5, by=user) for user in ring]
    for rating in jam.ring:
        rate(jam.made[1], 1, by=rating.rater)
    jam.organizer = UserFactory(display_name="Olga")
    jam.organizers.add(jam.organizer)
    return jam


def page_of(jam) -> str:
    return f"/jams/{jam.slug}/rate/integrity/"


def pair_of(rating: Rating) -> tuple[int, str]:
    salt = RatingRules.of(rating.submission.jam).salt
    return rating.submission_id, pseudonym(rating.rater_id, salt)


def void(jam, ratings, moment=COUNTING, reason="One person's accounts.", by=None) -> int:
    return integrity.void(jam=jam, pairs=map(pair_of, ratings), by=by or jam.organizer,
                          reason=reason, moment=moment)  # fmt: skip


def refusal_of(act, *args, **kwargs) -> IntegrityRefusal | None:
    try:
        act(*args, **kwargs)
    except Refused as refused:
        return refused.refusal
    return None


def order(results: Results) -> list[str]:
    return [s.submission.frozen.title for s in results.standings.filter(criterion=None).in_order()]


def test_the_ring_is_found_with_what_it_changes(at, client, jam):
    at(COUNTING)
    client.force_login(jam.organizer)
    response = client.get(page_of(jam))
    said = response.content.decode()
    assert "Signed up within one hour" in said
    finding = next(f for f in response.context["findings"] if "hour" in str(f["kind"]))
    assert len(finding["pairs"]) == 3
    moves = {m["title"]: (m["before"], m["after"]) for m in finding["moves"]}
    assert moves == {"Lifted": (2, 3), "Fair": (3, 2)}
    assert "Voiding would change 2 places<" in said
    names = User.objects.filter(ratings__submission__jam=jam).values_list("display_name", flat=True)
    assert not any(name in said for name in names if name != "Olga")


@pytest.mark.parametrize("moment", [MOMENTS["rating"], RATINGS_CLOSE - TICK])
def test_before_rating_has_closed_nobody_sees_it(at, client, jam, moment):
    at(moment)
    client.force_login(jam.organizer)
    assert client.get(page_of(jam)).status_code == 403
    assert refusal_of(void, jam, jam.ring, moment) == IntegrityRefusal.NOT_CLOSED


def test_organizers_who_contributed_and_all_others_see_nothing(at, client, jam):
    at(RATINGS_CLOSE)
    assert client.get(page_of(jam)).status_code == 302
    author = jam.made[0].contributors.get().user
    for user in (UserFactory(), author):
        client.force_login(user)
        assert client.get(page_of(jam)).status_code == 403
    jam.organizers.add(author)
    response = client.get(page_of(jam))
    assert response.status_code == 403
    assert "other organizers look into it" in response.content.decode()
    assert refusal_of(void, jam, jam.ring, by=author) == IntegrityRefusal.CONTRIBUTOR
    client.force_login(jam.organizer)
    assert client.get(page_of(jam)).status_code == 200


def test_voiding_before_the_results_and_restoring(jam):
    assert void(jam, jam.ring[:2]) == 2
    assert set(Rating.objects.filter(voided_at__isnull=False)) == set(jam.ring[:2])
    assert refusal_of(void, jam, jam.ring[:2]) == IntegrityRefusal.NOTHING
    assert refusal_of(void, jam, jam.ring[2:], reason="  ") == IntegrityRefusal.NO_REASON
    assert integrity.restore(jam=jam, pairs=[pair_of(jam.ring[0])], by=jam.organizer,
                             reason="It was another.", moment=COUNTING) == 1  # fmt: skip
    results = freezing.results_of(jam, RESULTS)
    assert results.ratings == 6 * 3 + 3 * 2 - 1
    told = list(Act.objects.filter(verb__contains="rating").values("verb", "after", "reason"))
    assert [act["verb"] for act in told].count("voided a rating") == 2
    assert all(set(act["after"]) == {"rating"} for act in told)


def test_a_correction_is_a_new_version_and_the_old_one_stays(at, client, jam):
    first = freezing.results_of(jam, RESULTS)
    assert order(first) == ["Good", "Lifted", "Fair"]
    kept = list(first.standings.order_by("pk").values())
    correct = {"jam": jam, "by": jam.organizer, "reason": "A ring.", "moment": FINISHED}
    assert refusal_of(integrity.correct, **correct) == IntegrityRefusal.NOTHING_CHANGED
    void(jam, jam.ring, FINISHED)
    assert freezing.frozen_results(jam, FINISHED) == first
    for change, refusal in [
        ({"reason": " "}, "no_reason"),
        ({"by": UserFactory()}, "not_organizer"),
        ({"moment": COUNTING}, "no_results"),
    ]:
        assert refusal_of(integrity.correct, **{**correct, **change}) == refusal
    second = integrity.correct(**correct)
    assert (second.version, second.reason, second.made_by) == (2, "A ring.", jam.organizer)
    assert order(second) == ["Good", "Fair", "Lifted"]
    assert list(first.standings.order_by("pk").values()) == kept

    at(FINISHED)
    page = f"/jams/{jam.slug}/results/"
    said = client.get(page).content.decode()
    assert "A ring." in said
    assert second.digest in said
    old = client.get(f"{page}?version=1").content.decode()
    assert first.digest in old
    assert "which has been replaced" in old
    changed = client.get(f"{page}changes/").content.decode()
    assert "What version 2 changed against version 1" in changed
    assert changed.index("Lifted") > 0
    for junk in ("3", "0", "x", "1e1", "99999999999"):
        assert client.get(f"{page}?version={junk}").status_code == 404
    assert client.get(f"{page}changes/?version=1").status_code == 404
    # Whatever is restored later, both are counted again from what they were counted from.
    for is_restored in (False, True):
        if is_restored:
            integrity.restore(jam=jam, pairs=map(pair_of, jam.ring), by=jam.organizer,
                              reason="No ring.", moment=FINISHED)  # fmt: skip
        files = [client.get(f"{page}ratings.csv?version={n}").getvalue() for n in (1, 2)]
        assert [hashlib.sha256(f).hexdigest() for f in files] == [first.digest, second.digest]
        for number in (1, 2):
            call_command("verify_results", jam.slug, number=number)


def test_a_submission_that_is_reinstated_comes_in_with_a_correction(jam):
    lifted = jam.made[2]
    submission_services.disqualify(
        submission=lifted, by=jam.organizer, reason="Copied.", moment=COUNTING
    )
    first = freezing.results_of(jam, RESULTS)
    submission_services.reinstate(
        submission=Submission.objects.get(pk=lifted.pk), by=jam.organizer, reason="It was not.",
        moment=FINISHED,
    )  # fmt: skip
    second = integrity.correct(jam=jam, by=jam.organizer, reason="It was not.", moment=FINISHED)
    changes = integrity.changes_between(first, second)
    assert (changes.came, changes.left) == ([lifted.pk], [])
    assert [(m.before, m.after) for m in changes.moves] == [(2, 3)]


def test_by_the_buttons(at, client, jam):
    at(COUNTING)
    client.force_login(jam.organizer)
    pairs = ["{}:{}".format(*pair_of(rating)) for rating in jam.ring]
    post = {"act": "void", "rating": pairs}
    said = client.post(page_of(jam), post, follow=True).content.decode()
    assert "Say why" in said
    assert not Rating.objects.filter(voided_at__isnull=False).exists()
    said = client.post(page_of(jam), {**post, "reason": "A ring."}, follow=True).content.decode()
    assert "3 ratings are void." in said
    assert "A ring." in said
    post = {"act": "restore", "rating": pairs[:1], "reason": "Not this one."}
    assert "1 rating counts again." in client.post(page_of(jam), post, follow=True).content.decode()
    for junk in ({"act": "x"}, {}):
        assert client.post(page_of(jam), {**junk, "reason": "?"}).status_code in (302, 404)
    junk = {"act": "void", "reason": "?", "rating": ["x", "1", "99:zz", "1" * 40 + ":a"]}
    assert "no such rating" in client.post(page_of(jam), junk, follow=True).content.decode()
    at(FINISHED)
    freezing.results_of(jam, FINISHED)
    client.post(page_of(jam), {"act": "restore", "rating": pairs[1:], "reason": "None of them."})
    assert "Publish a correction" in client.get(page_of(jam)).content.decode()
    said = client.post(page_of(jam), {"act": "correct", "reason": "All count."}, follow=True)
    assert "Version 2 of the results is out." in said.content.decode()


# -- verifying -----------------------------------------------------------------------------------


def test_results_are_verified(jam, capsys):
    for rule in ("mean", "itch", "adjusted"):
        RatingRules.objects.filter(jam=jam).update(rule=rule)
        Standing.objects.all().delete()
        Results.objects.all().delete()
        freezing.results_of(jam, RESULTS)
        call_command("verify_results", jam.slug)
        assert "6 standings from 24 ratings, all equal." in capsys.readouterr().out


def test_whatever_was_changed_is_found(jam, capsys):
    freezing.results_of(jam, RESULTS)
    Standing.objects.filter(criterion=None, rank=1).update(raw=4.9)
    with pytest.raises(CommandError, match="1 differences"):
        call_command("verify_results", jam.slug)
    assert "raw kept 4.9, now 4.5" in capsys.readouterr().out
    jam.ring[0].scores.update(stars=1)
    with pytest.raises(CommandError):
        call_command("verify_results", jam.slug)
    assert "SHA-256 of the ratings" in capsys.readouterr().out


def test_the_old_version_is_verified_too(jam, capsys):
    freezing.results_of(jam, RESULTS)
    void(jam, jam.ring, FINISHED)
    integrity.correct(jam=jam, by=jam.organizer, reason="A ring.", moment=FINISHED)
    for number in (None, 1, 2):
        call_command("verify_results", jam.slug, number=number)
        assert "all equal" in capsys.readouterr().out


def test_verifying_says_what_it_cannot(jam):
    with pytest.raises(CommandError, match="no jam at"):
        call_command("verify_results", "nowhere")
    with pytest.raises(CommandError, match="no such results"):
        call_command("verify_results", jam.slug)
    results = freezing.results_of(jam, RESULTS)
    Results.objects.filter(pk=results.pk).update(software="")
    with pytest.raises(CommandError, match="before results could be verified"):
        call_command("verify_results", jam.slug)
