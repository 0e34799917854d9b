"""Certificates: who may have which, once each, and whether they still hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jam import parts
from jam.errors import Refused
from jam.models import Act, Jam, User
from jam.services import close_account
from ratings import freezing
from ratings.models import Award, Prize, Rating
from submissions import certificates, crediting, printing, services
from submissions.models import Certificate, Submission
from tests.factories import (
    MOMENTS,
    RESULTS,
    SUBMISSIONS_CLOSE,
    TICK,
    ParticipationFactory,
    UserFactory,
)
from tests.jam.factories import HostFactory
from tests.ratings.factories import frozen_submission, rate, small_jam
from tests.sites.factories import LocalSiteFactory, PlaceFactory
from tests.submissions.citing.works import NAMES

pytestmark = pytest.mark.django_db
AFTER = RESULTS + timedelta(hours=1)
CLOSED = SUBMISSIONS_CLOSE + timedelta(minutes=2)


class Played:
    """A jam that is over: Ada made what won, Rob rated it, Eve only joined."""

    def __init__(self) -> None:
        self.jam = small_jam(criteria=1, rule="mean")
        HostFactory(jam=self.jam, name="The hosts")
        self.prize = Prize.objects.create(jam=self.jam, title="The golden probe", giver="A shop")
        self.submission = frozen_submission(self.jam, title="Inside")
        self.ada = self.submission.contributors.get().user
        self.rob = UserFactory(display_name="Rob")
        self.eve = ParticipationFactory(jam=self.jam).user
        self.second = frozen_submission(self.jam, title="Outside")
        rate(self.submission, 5, by=self.rob)
        rate(self.second, 3, by=self.rob)
        self.results = freezing.results_of(self.jam, RESULTS)

    def kinds(self, user: User, moment=AFTER) -> list[str]:
        return [merit.kind for merit in parts.merits_of(self.jam, user, moment)]

    def issue(self, user: User, kind: str, moment=AFTER) -> Certificate:
        merits = parts.merits_of(self.jam, user, moment)
        (key,) = [merit.key for merit in merits if merit.kind == kind]
        return services.issue(jam=self.jam, user=user, key=key, moment=moment)

    def standing(self, certificate: Certificate) -> str:
        certificate.refresh_from_db()
        return certificates.standing_of(certificate, AFTER)[0].value


@pytest.fixture
def played() -> Played:
    return Played()


# -- who may have which ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "moment", "kinds"),
    [
        ("eve", CLOSED - TICK, []),
        ("eve", CLOSED, ["taking_part"]),
        ("eve", AFTER, ["taking_part"]),
        ("rob", RESULTS - TICK, []),
        ("rob", RESULTS, ["rating"]),
        ("ada", RESULTS - TICK, ["taking_part"]),
        ("ada", RESULTS, ["taking_part", "contributing", "winning"]),
    ],
)
def test_each_from_when_the_records_say_so(played, who, moment, kinds):
    assert played.kinds(getattr(played, who), moment) == kinds


def test_whoever_cancelled_took_no_part(played):
    played.eve.participations.update(cancelled_at=MOMENTS["making"])
    assert played.kinds(played.eve) == []


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"disqualified_at": RESULTS, "disqualification_reason": "copied"}, ["taking_part"]),
        ({"withdrawn_at": RESULTS - TICK}, ["taking_part"]),
        ({"withdrawn_at": RESULTS}, ["taking_part", "contributing", "winning"]),
        ({}, ["taking_part", "contributing", "winning"]),
    ],
)
def test_what_is_out_is_not_certified(played, change, left):
    Submission.objects.filter(pk=played.submission.pk).update(**(change or {"title": "Draft"}))
    assert played.kinds(played.ada) == left


def test_only_whom_the_record_names_contributed(played):
    played.submission.contributors.create(user=played.eve, confirmed_at=AFTER)
    assert played.kinds(played.eve) == ["taking_part"]
    played.submission.contributors.filter(user=played.ada).delete()
    assert played.kinds(played.ada) == ["taking_part"]


def test_whom_organizers_put_right_contributed_and_won(played):
    crediting.correct_contributors(
        submission=played.submission, by=UserFactory(is_staff=True, is_superuser=True),
        order=[played.eve], reason="They changed places.", moment=AFTER,
    )  # fmt: skip
    assert played.kinds(played.eve) == ["taking_part", "contributing", "winning"]
    assert played.kinds(played.ada) == ["taking_part"]


@pytest.mark.parametrize("change", [{"voided_at": RESULTS, "void_reason": "x"},
                                    {"completed_at": None}])  # fmt: skip
def test_only_ratings_that_count_are_certified(played, change):
    Rating.objects.update(**change)
    assert played.kinds(played.rob) == []


def test_a_prize_by_choice_is_certified_as_well(played):
    choice = Prize.objects.create(jam=played.jam, title="Our choice", kind="choice")
    Award.objects.create(prize=choice, submission=played.submission, given_by=played.eve,
                         given_at=RESULTS, why="It dares.")  # fmt: skip
    won = [m for m in parts.merits_of(played.jam, played.ada, AFTER) if m.kind == "winning"]
    assert [merit.thing for merit in won] == [str(played.prize.pk), str(choice.pk)]


# -- issuing ---------------------------------------------------------------------------------


def test_what_it_says_is_kept_as_it_was(played):
    certificate = played.issue(played.ada, "winning")
    Submission.objects.update(title="Another")
    Jam.objects.update(title="Renamed")
    certificate.refresh_from_db()
    facts = certificate.facts
    assert facts["name"] == played.ada.display_name
    assert facts["hosts"] == ["The hosts"]
    assert facts["sentence"] == f"won “The golden probe” of {played.jam.title} with “Inside”."
    assert ["Given by", "A shop"] in facts["details"]
    assert certificate.submission_id == played.submission.pk
    assert len(certificate.code) == 23


def test_each_is_issued_once_and_leaves_a_line_in_the_log(played):
    first = played.issue(played.ada, "contributing")
    assert played.issue(played.ada, "contributing") == first
    assert Act.objects.filter(verb="issued a certificate").count() == 1


def test_nothing_else_is_issued(played):
    for key in ("rating-0-", "", "contributing-0-", f"winning-{played.submission.pk}-99"):
        with pytest.raises(Refused):
            services.issue(jam=played.jam, user=played.ada, key=key, moment=AFTER)
    assert not Certificate.objects.exists()


def test_the_database_keeps_one_of_each_and_wants_its_submission(played):
    given = {"user": played.ada, "jam": played.jam, "facts": {}, "issued_at": AFTER}
    own = {**given, "submission": played.submission}
    Certificate.objects.create(kind="rating", **given)
    Certificate.objects.create(kind="winning", thing="1", **own)
    Certificate.objects.create(kind="winning", thing="2", **own)
    for wrong in (
        {"kind": "rating", **given},
        {"kind": "winning", "thing": "1", **own},
        {"kind": "contributing", **given},
        {"kind": "taking_part", **own},
        {"kind": "other", **given},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.create(**wrong)


# -- whether it still holds ------------------------------------------------------------------


def test_a_certificate_stops_to_hold_with_what_it_stands_on(played):
    contributing = played.issue(played.ada, "contributing")
    rating = played.issue(played.rob, "rating")
    assert [played.standing(c) for c in (contributing, rating)] == ["holds", "holds"]
    Submission.objects.update(disqualified_at=AFTER, disqualification_reason="copied")
    Rating.objects.update(voided_at=AFTER, void_reason="bought")
    assert [played.standing(c) for c in (contributing, rating)] == ["gone", "gone"]


def test_another_name_changes_nothing_and_a_number_that_was_corrected_is_told(played, at, client):
    certificate = played.issue(played.rob, "rating")
    User.objects.filter(pk=played.rob.pk).update(display_name="Robert")
    assert played.standing(certificate) == "holds"
    Rating.objects.filter(submission=played.second).update(voided_at=AFTER, void_reason="bought")
    assert played.standing(certificate) == "changed"
    at(AFTER)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "rated 2 submissions" in page
    assert "Today they say: rated 1 submission of" in page


def test_a_prize_that_a_correction_gives_to_another_is_won_no_more(played):
    certificate = played.issue(played.ada, "winning")
    Rating.objects.filter(submission=played.submission).update(voided_at=AFTER, void_reason="x")
    assert played.standing(certificate) == "holds"
    with transaction.atomic():
        freezing.keep(played.jam, version=2, moment=AFTER, reason="bought ones", by=played.eve)
    assert played.standing(certificate) == "gone"


def test_one_that_says_otherwise_is_brought_up_to_date_under_its_code(played):
    certificate = played.issue(played.eve, "taking_part")
    played.eve.display_name = "Eve Newname"
    played.eve.save()
    (offer,) = certificates.offers_of(played.jam, played.eve, AFTER)
    assert offer.is_stale
    again = played.issue(played.eve, "taking_part", AFTER + timedelta(days=1))
    assert (again.code, again.facts["name"]) == (certificate.code, "Eve Newname")
    assert again.issued_at == AFTER + timedelta(days=1)
    assert Act.objects.filter(verb="issued a certificate anew").count() == 1


def test_who_leaves_takes_them_along(played, client):
    certificate = played.issue(played.eve, "taking_part")
    close_account(user=played.eve, by=played.eve, moment=AFTER)
    assert client.get(certificate.get_absolute_url()).status_code == 404


def test_a_local_site_is_told(played):
    site = LocalSiteFactory(jam=played.jam, name="The attic")
    PlaceFactory(site=site, participation=played.eve.participations.get())
    assert ["Local site", "The attic"] in played.issue(played.eve, "taking_part").facts["details"]


# -- pages -----------------------------------------------------------------------------------


def home(played: Played) -> str:
    return f"/jams/{played.jam.slug}/certificates/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_one_click_issues_it_and_leads_to_its_page(played, at, client):
    at(AFTER)
    own = signed_in(played.ada)
    text = own.get(home(played)).content.decode()
    assert text.count("Issue it") == 3
    response = own.post(home(played), {"key": f"contributing-{played.submission.pk}-"}, follow=True)
    certificate = Certificate.objects.get()
    assert response.redirect_chain[-1][0] == certificate.get_absolute_url()
    assert "Open its page" in own.get(home(played)).content.decode()
    # Anybody may look, and in small letters as well.
    page = client.get(certificate.get_absolute_url().lower()).content.decode()
    assert "It holds" in page
    assert played.ada.display_name in page
    assert "made “Inside”" in page
    assert '<meta name="robots" content="noindex">' in page


def test_what_is_refused_is_told(played, at):
    at(AFTER)
    response = signed_in(played.eve).post(home(played), {"key": "rating-0-"}, follow=True)
    assert "There is nothing of the kind to certify." in response.content.decode()


def test_the_page_says_what_has_become_of_it(played, at, client):
    at(AFTER)
    certificate = played.issue(played.ada, "contributing")
    Submission.objects.update(disqualified_at=AFTER, disqualification_reason="a secret reason")
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "It does not hold any more" in page
    assert "a secret reason" not in page


def test_before_there_is_anything_the_page_says_when(at):
    participation = ParticipationFactory()
    at(MOMENTS["making"])
    text = signed_in(participation.user).get(f"/jams/{participation.jam.slug}/certificates/")
    assert "There is nothing to certify yet" in text.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_much_was_won(played, at, django_assert_num_queries, rows):
    at(AFTER)
    for n in range(1, rows):
        prize = Prize.objects.create(jam=played.jam, title=f"Prize {n}", kind="choice")
        Award.objects.create(prize=prize, submission=played.submission, given_by=played.eve,
                             given_at=RESULTS, why="It dares.")  # fmt: skip
    certificate = played.issue(played.ada, "contributing")
    own = signed_in(played.ada)
    own.get(home(played))
    with django_assert_num_queries(9):
        own.get(home(played))
    with django_assert_num_queries(6):
        Client().get(certificate.get_absolute_url())


# -- on paper --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "from the right", "joined signs", "family first",
                                  "awkward signs"])  # fmt: skip
def test_the_pdf_is_one_page_in_any_script(played, kind):
    certificate = played.issue(played.eve, "taking_part")
    certificate.facts["name"] = " ".join(NAMES[kind])
    content = printing.pdf_of(certificate)
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert len(content) < 400_000
    assert certificate.get_absolute_url().encode() in content


def test_anybody_with_its_address_has_the_pdf(played, at, client, monkeypatch):
    at(AFTER)
    certificate = played.issue(played.ada, "winning")
    monkeypatch.setattr("submissions.views.certificates.MOST_AN_HOUR", 1)
    response = client.get(f"{certificate.get_absolute_url()}certificate.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert client.get(f"{certificate.get_absolute_url()}certificate.pdf").status_code == 403
