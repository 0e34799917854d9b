"""A jam that is begun from an earlier one equals it but for what must differ, whatever app it is
of; and nothing of people's comes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from jam import beginning
from jam.models import Host, Jam, Resource, Retention, ScheduleItem, SignUpQuestion, User
from jam.set_up import values_of
from ratings.models import Anchor, Criterion, Example, Prize, RatingRules
from sites.models import LocalSite, SiteItem
from submissions.models import Question, SubmissionRules, Track
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, ResourceFactory, ScheduleItemFactory
from tests.sites.factories import LocalSiteFactory, SiteItemFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["finished"]
LATER = timedelta(days=364)
TIMES = ("starts_at", "submissions_close_at", "ratings_open_at", "ratings_close_at", "results_at")

# By model: where its jam is found, what may differ, and which instants move along.
COPIED = {
    Host: ("jam", (), ()),
    Resource: ("jam", (), ()),
    Retention: ("jam", (), ()),
    ScheduleItem: ("jam", ("speaker", "recording_url", "stream_url", "sequence", "changed_at"),
                   ("starts_at", "ends_at")),
    SignUpQuestion: ("jam", (), ()),
    LocalSite: ("jam", ("contact", "is_open", "proposed_at", "approved_at", "agreed_at"),
                ("ends_at", "no_shows_at")),
    SiteItem: ("site__jam", ("site_id", "speaker", "recording_url", "stream_url", "sequence",
                             "changed_at"), ("starts_at", "ends_at")),
    SubmissionRules: ("jam", (), ()),
    Track: ("jam", (), ()),
    Question: ("jam", (), ()),
    RatingRules: ("jam", ("salt",), ()),
    Criterion: ("jam", (), ()),
    Example: ("jam", (), ()),
    Anchor: ("example__jam", ("example_id", "criterion_id"), ()),
    Prize: ("jam", ("track_id", "site_id"), ()),
}  # fmt: skip
# What has come of a jam, not what was set up.
CAME_OF_IT = {
    "jam.ScheduleChange",
    "local_sites.SiteChange",
    "local_sites.Picture",
    "submissions.Closing",
}


@pytest.fixture
def source():
    """A jam with something of everything that is set up, and some who took part."""
    jam = JamFactory(
        slug="first", tagline="Two days.", description="## What", hashtag="#first", hue=12,
        code_of_conduct="Be kind.", banner="banners/first.png",
    )  # fmt: skip
    Retention.objects.create(jam=jam, answers=30, attendance=7)
    HostFactory(jam=jam, url="https://example.org/", order=3)
    ResourceFactory(jam=jam, section="Begin", minutes=5, starts_here=True, order=2)
    ScheduleItemFactory(jam=jam, speaker="Ada", recording_url="https://example.org/r", sequence=4)
    ScheduleItemFactory(jam=jam, cancelled_at=START, cancel_reason="Ill")
    SignUpQuestion.objects.create(
        jam=jam, text="How?", kind="choice", options="a\nb", is_required=True, order=1
    )
    site = LocalSiteFactory(
        jam=jam, organizer=UserFactory(), contact="Ada, 123", ends_at=START + timedelta(hours=30),
        no_shows_at=START + timedelta(hours=2), agreed_at=START,
    )  # fmt: skip
    SiteItemFactory(site=site)
    SubmissionRules.objects.filter(jam=jam).update(
        team_size=3, report_required=True, blind=True, ai_tools="off", discussion="open"
    )
    track = Track.objects.create(jam=jam, name="Circuits", description="What", order=1)
    Question.objects.create(jam=jam, text="Is it new?", kind="yes_no", is_required=True)
    RatingRules.objects.filter(jam=jam).update(
        eligibility="contributors", rule="mean", target=7, least=2, queue_first=3,
        not_own_site=True, ratings_file="never", feedback="by_hand", appeals=True,
        feedback_released_at=NOW, pieces_are_stale=True,
    )  # fmt: skip
    jam.criteria.exclude(order__lt=2).delete()
    jam.criteria.update(weight="2.50", may_be_skipped=True, judges_only=True)
    example = Example.objects.create(jam=jam, title="An example", body="How")
    Anchor.objects.create(example=example, criterion=jam.criteria.last(), stars=3, why="Fair.")
    Prize.objects.create(jam=jam, title="First", place=1, what="A lamp", giver="Us")
    Prize.objects.create(jam=jam, title="Of the track", kind="track", track=track, order=1)
    Prize.objects.create(jam=jam, title="Of the site", kind="site", site=site, order=2)
    ParticipationFactory(jam=jam)
    jam.judges.create(user=UserFactory())
    jam.organizers.add(UserFactory(is_staff=True), UserFactory())
    return Jam.objects.get(pk=jam.pk)


def begin_from(source: Jam, *chosen: str) -> Jam:
    return beginning.begin_from(
        source=source,
        chosen=frozenset(chosen),
        by=source.organizers.get(is_staff=True),
        title="Second",
        times={name: getattr(source, name) + LATER for name in TIMES},
        time_zone="UTC",
        moment=NOW,
    )


def everything(source: Jam) -> list[str]:
    return [portion.name for portion in beginning.portions_of(source)]


def told(model, jam: Jam) -> list[dict]:
    path, differs, moving = COPIED[model]
    rows = []
    found = model.objects.filter(**{path: jam}).order_by("pk")
    if issubclass(model, (ScheduleItem, SiteItem)):
        found = found.taking_place()
    for row in found:
        values = values_of(row, without={"jam_id", *differs})
        for name in moving:
            values[name] = values[name] and values[name] - jam.starts_at
        rows.append(values)
    return rows


@pytest.mark.parametrize("model", COPIED, ids=lambda model: model.__name__)
def test_a_copied_jam_equals_its_source_but_for_what_must_differ(source, model):
    # What came of the source is not the copy's.
    before = told(model, source)
    assert before
    jam = begin_from(source, *everything(source))
    if model is RatingRules:
        fresh = {"feedback_released_at": None, "pieces_are_stale": False}
        before = [row | fresh for row in before]
        assert jam.rating_rules.salt != source.rating_rules.salt
    assert told(model, jam) == before


def test_texts_and_look_come_along(source):
    jam = begin_from(source, "texts")
    names = ("tagline", "description", "hashtag", "hue", "code_of_conduct", "banner")
    assert {n: getattr(jam, n) for n in names} == {n: getattr(source, n) for n in names}
    jam.refresh_from_db()
    assert jam.banner.name == "banners/first.png"
    assert (jam.title, jam.slug, jam.published_at) == ("Second", "second", None)


def test_what_was_not_chosen_stays_behind(source):
    jam = begin_from(source)
    for model, (path, _differs, _moving) in COPIED.items():
        if model not in (SubmissionRules, RatingRules, Criterion, Retention):
            assert not model.objects.filter(**{path: jam}).exists(), model
    # Every part's defaults are there instead.
    assert jam.criteria.count() == 5
    assert jam.rating_rules.rule == "adjusted"
    assert jam.submission_rules.team_size == 6
    assert jam.tagline == ""


def test_nobody_comes_along(source):
    by = source.organizers.get(is_staff=True)
    jam = begin_from(source, *everything(source))
    assert list(jam.organizers.all()) == [by]
    assert not jam.participations.exists()
    assert not jam.judges.exists()
    site = jam.local_sites.get()
    assert not site.organizers.exists()
    assert (site.contact, site.is_open, site.is_approved) == ("", False, True)
    assert jam.schedule.get().speaker == ""


def test_what_hangs_together_hangs_together_again(source):
    jam = begin_from(source, *everything(source))
    prizes = {prize.title: prize for prize in jam.prizes.all()}
    assert prizes["Of the track"].track == jam.tracks.get()
    assert prizes["Of the site"].site == jam.local_sites.get()
    anchor = Anchor.objects.get(example=jam.rating_example)
    assert anchor.criterion == jam.criteria.last()
    assert SiteItem.objects.get(site__jam=jam).site == jam.local_sites.get()


def test_a_prize_of_what_does_not_come_along_stays_behind(source):
    jam = begin_from(source, "prizes", "tracks")
    assert {prize.title for prize in jam.prizes.all()} == {"First", "Of the track"}


def test_a_jam_without_rows_of_rules_can_be_begun_from(source):
    SubmissionRules.objects.filter(jam=source).delete()
    source = Jam.objects.get(pk=source.pk)
    assert begin_from(source, *everything(source)).submission_rules.team_size == 6


def test_nothing_of_it_happens_if_a_part_fails(source, monkeypatch):
    def fails(self, copying):
        raise RuntimeError

    monkeypatch.setattr("ratings.part.RatingsPart.copy", fails)
    with pytest.raises(RuntimeError):
        begin_from(source, *everything(source))
    assert Jam.objects.get() == source


def test_a_new_kind_of_row_is_thought_of():
    """Whatever belongs to a jam and to no person is copied, or named as what came of a jam."""
    ours = [m for m in apps.get_models() if m._meta.app_label in
            {"jam", "local_sites", "submissions", "ratings"}]  # fmt: skip

    def leads_to(model, target, seen=()):
        return any(
            f.related_model is target
            or (f.related_model not in (*seen, model)
                and f.related_model._meta.app_label in {m._meta.app_label for m in ours}
                and leads_to(f.related_model, target, (*seen, model)))
            for f in model._meta.concrete_fields
            if isinstance(f, models.ForeignKey)
        )  # fmt: skip

    set_up = {m for m in ours if m is not Jam and leads_to(m, Jam) and not leads_to(m, User)}
    unknown = {m._meta.label for m in set_up - COPIED.keys()} - CAME_OF_IT
    assert unknown == set()
