"""Running a local site: who helps, what is said about it, its desk, pictures and badges."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jam import parts
from jam.errors import Refused
from jam.models import Message
from sites import badges, services
from sites.models import Picture, ProposalMessage
from sites.part import SitesPart
from sites.permissions import SiteRefusal
from tests.factories import MOMENTS, START, TICK, ParticipationFactory, UserFactory
from tests.sites.factories import (
    InvitationFactory,
    LocalSiteFactory,
    PictureFactory,
    PlaceFactory,
    WaitFactory,
    site_in,
    taken,
)
from tests.sites.test_services import all_at_once, person, verbs

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


def url_of(site, name="detail", *more) -> str:
    return reverse(f"sites:{name}", args=[site.jam.slug, site.pk, *more])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def refusal_of(call, **how) -> SiteRefusal | None:
    try:
        call(**how)
    except Refused as refused:
        return refused.refusal
    return None


# -- organizers --------------------------------------------------------------------------------


@pytest.mark.parametrize("hands_over", [False, True])
def test_asking_somebody_to_organize(client, hands_over):
    site, other = site_in("proposed"), UserFactory(email="ada@example.org")
    by = site.organizers.get()
    client.force_login(by)
    typed = {"email": "Ada@Example.org"} | ({"hands_over": "on"} if hands_over else {})
    client.post(url_of(site, "organizers"), typed)
    assert Message.objects.get(to=other.email).subject == f"Will you organize “{site}”?"
    # What is not approved is there for whoever is asked, and for nobody else.
    client.force_login(UserFactory())
    assert client.get(url_of(site)).status_code == 404
    client.force_login(other)
    assert "Will you organize this local site?" in text_of(client.get(url_of(site)))
    client.post(url_of(site, "answer_invitation"), {"answer": "accept"})
    assert set(site.organizers.all()) == ({other} if hands_over else {by, other})


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("nobody@example.org", "Nobody here has this address"),
        ("not an address", "Enter a valid email address"),
        ("sita@example.org", "organizes the site already"),
        ("asked@example.org", "is invited already"),
    ],
)
def test_whom_one_cannot_ask(client, email, said):
    site = LocalSiteFactory(organizer=UserFactory(email="sita@example.org"))
    InvitationFactory(site=site, user__email="asked@example.org")
    client.force_login(site.organizers.get())
    response = client.post(url_of(site, "organizers"), {"email": email})
    assert response.status_code == 422
    assert said in text_of(response)
    assert email in text_of(response)
    assert site.invitations.count() == 1


def test_saying_no_and_taking_back(client):
    invitation = InvitationFactory()
    site = invitation.site
    client.force_login(invitation.user)
    client.post(url_of(site, "answer_invitation"), {"answer": "decline"})
    assert site.organizers.count() == 1
    again = InvitationFactory(site=site, user=invitation.user)
    client.force_login(site.organizers.get())
    client.post(url_of(site, "withdraw_invitation", again.pk))
    call = {"site": site, "by": invitation.user, "accepts": True, "moment": NOW}
    assert refusal_of(services.answer_invitation, **call) == SiteRefusal.NOT_INVITED


def test_the_last_organizer_stays():
    site = LocalSiteFactory()
    one, two = site.organizers.get(), UserFactory()
    call = {"site": site, "moment": NOW}
    assert refusal_of(services.stop_organizing, by=one, **call) == SiteRefusal.LAST_ORGANIZER
    assert refusal_of(services.stop_organizing, by=two, **call) == SiteRefusal.NOT_ORGANIZER
    site.organizers.add(two)
    services.stop_organizing(by=one, **call)
    assert site.organizers.get() == two
    assert verbs(site) == ["left the organizers"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_organizers_leave_at_once():
    for _ in range(3):
        site = LocalSiteFactory()
        site.organizers.add(UserFactory())
        calls = [
            lambda u=u, s=site: services.stop_organizing(site=s, by=u, moment=NOW)
            for u in site.organizers.all()
        ]
        assert all_at_once(*calls) == ["done", "last_organizer"]


# -- what is said about a proposal ---------------------------------------------------------------


def test_questions_back_and_forth(client):
    site = site_in("proposed")
    organizer, proposer = person("organizer", site), site.organizers.get()
    client.force_login(organizer)
    client.post(url_of(site, "talk"), {"text": "Is there a lift?"})
    client.force_login(proposer)
    assert "Is there a lift?" in text_of(client.get(url_of(site)))
    client.post(url_of(site, "talk"), {"text": "At the back."})
    told = list(ProposalMessage.objects.values_list("of_the_jam", "text"))
    assert told == [(True, "Is there a lift?"), (False, "At the back.")]
    assert list(Message.objects.order_by("pk").values_list("to", flat=True)) == [
        proposer.email, organizer.email
    ]  # fmt: skip
    # Others read none of it, also once the site is approved.
    services.approve(site=site, by=organizer, moment=NOW)
    client.force_login(PlaceFactory(site=site).participation.user)
    assert "Is there a lift?" not in text_of(client.get(url_of(site)))
    assert client.post(url_of(site, "talk"), {"text": "Hello"}).status_code == 403


def test_a_message_that_is_too_long_is_kept(client):
    site = site_in("proposed")
    client.force_login(site.organizers.get())
    response = client.post(url_of(site, "talk"), {"text": "x" * 4001})
    assert response.status_code == 422
    assert "x" * 4001 in text_of(response)


def test_what_was_declined_is_changed_and_proposed_again(client):
    site = LocalSiteFactory()
    organizer, proposer = person("organizer", site), site.organizers.get()
    call = {"site": site, "by": proposer, "moment": NOW + TICK}
    assert refusal_of(services.propose_again, **call) == SiteRefusal.NOT_DECLINED
    services.decline(site=site, by=organizer, reason="No lift", moment=NOW)
    client.force_login(proposer)
    assert "Propose it again" in text_of(client.get(url_of(site)))
    client.post(url_of(site, "propose_again"))
    site = taken(site)
    assert (site.state, site.decline_reason, site.is_open) == ("proposed", "", False)
    assert Message.objects.filter(to=organizer.email, subject__startswith="A local").exists()


def test_nobody_proposes_without_the_code_of_conduct(client):
    from tests.sites.factories import TYPED, participant

    site = LocalSiteFactory()
    client.force_login(participant(site).user)
    url = reverse("sites:propose", args=[site.jam.slug])
    response = client.post(url, TYPED | {"agrees": ""})
    assert response.status_code == 422
    assert "Nobody can propose a site without it." in text_of(response)
    client.post(url, TYPED)
    assert site.jam.local_sites.get(name="Under the Bridge").agreed_at == NOW


# -- the desk ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_same_however_many_come(client, at, django_assert_num_queries, rows):
    at(START)
    site = LocalSiteFactory(no_shows_at=START)
    by = site.organizers.get()
    PlaceFactory.create_batch(rows, site=site, checked_in_at=START, checked_in_by=by)
    PlaceFactory.create_batch(2, site=site)
    WaitFactory.create_batch(rows, site=site)
    client.force_login(by)
    with django_assert_num_queries(8):
        page = text_of(client.get(url_of(site, "desk")))
    assert f"<dt>checked in</dt><dd>{rows}</dd>" in page
    assert "<dt>did not come</dt><dd>2</dd>" in page
    assert page.count('class="person"') == 2 * rows


def test_the_table_is_harmless_in_a_spreadsheet(client):
    site = LocalSiteFactory(name="Café 42")
    evil = '=HYPERLINK("http://example.org")'
    PlaceFactory(site=site, participation__user__display_name=evil)
    PlaceFactory(site=site, participation__user__display_name="Żaneta 🚀")
    WaitFactory(site=site, participation__user__display_name="+1")
    client.force_login(site.organizers.get())
    response = client.get(url_of(site, "people_csv"))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["name", f"'{evil}", "Żaneta 🚀", "'+1"]
    assert [row[3] for row in rows[1:]] == ["place", "place", "waits"]
    assert "caf%C3%A9-42.csv" in response["Content-Disposition"]


def test_badges_of_any_script(client):
    site = LocalSiteFactory(name="Harbour")
    for name in ("Ada Lovelace", "Αθηνά Ωμέγα", "محمد", "W" * 80):
        PlaceFactory(site=site, participation__user__display_name=name)
    PlaceFactory.create_batch(5, site=site, participation__user__affiliation="Loom " * 20)
    client.force_login(site.organizers.get())
    response = client.get(url_of(site, "badges", 1))
    assert response.content.startswith(b"%PDF")
    assert response.content.count(b"/Type /Page\n") == 2
    assert client.get(url_of(site, "badges", 2)).status_code == 404
    assert [badges.sheets(n) for n in (0, badges.PER_FILE, badges.PER_FILE + 1)] == [0, 1, 2]


def test_the_hours_are_those_of_the_clock_there(client, at):
    site = LocalSiteFactory(time_zone="Asia/Tokyo")
    client.force_login(site.organizers.get())
    # The jam starts on 3 May at 17:00 UTC.
    typed = {"no_shows_at": "2030-05-04T11:00", "ends_at": "", "offer_hours": "6"}
    assert client.post(url_of(site, "day"), typed).status_code == 302
    site.refresh_from_db()
    assert site.no_shows_at.isoformat() == "2030-05-04T02:00:00+00:00"
    assert 'value="2030-05-04T11:00"' in text_of(client.get(url_of(site, "day")))
    for field, value, said in [
        ("no_shows_at", "2030-06-01T00:00", "By then this site is over"),
        ("no_shows_at", "2030-04-01T00:00", "This hour has passed"),
        ("ends_at", "2030-05-03T00:00", "By then the jam has not begun"),
        ("offer_hours", "0", "greater than or equal to 1"),
    ]:
        response = client.post(url_of(site, "day"), typed | {field: value})
        assert response.status_code == 422
        assert said in text_of(response)
        assert f'value="{value}"' in text_of(response)


# -- pictures ----------------------------------------------------------------------------------


def png(size=(30, 20)) -> bytes:
    drawn = io.BytesIO()
    picture = Image.new("RGB", size, "red")
    picture.save(drawn, "PNG", pnginfo=None)
    return drawn.getvalue()


def test_a_picture_is_drawn_anew_and_shown(client):
    site = LocalSiteFactory()
    client.force_login(site.organizers.get())
    upload = SimpleUploadedFile("room.png", png() + b"hidden words", "image/png")
    typed = {"picture": upload, "shows": "The big <table>"}
    assert client.post(url_of(site, "pictures"), typed).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.content_type) == (30, 20, "image/png")
    client.logout()
    assert 'alt="The big &lt;table&gt;"' in text_of(client.get(url_of(site)))
    shown = client.get(url_of(site, "picture", picture.pk))
    content = b"".join(shown.streaming_content)
    assert b"hidden words" not in content
    assert "sandbox" in shown["Content-Security-Policy"]
    client.force_login(site.organizers.get())
    client.post(url_of(site, "remove_picture", picture.pk))
    assert client.get(url_of(site, "picture", picture.pk)).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<svg onload=alert(1)>", "This is no picture"), (png()[:60], "This picture is damaged")],
)
def test_what_is_no_picture_is_refused_and_its_words_kept(client, content, said):
    site = LocalSiteFactory()
    client.force_login(site.organizers.get())
    upload = SimpleUploadedFile("room.png", content, "image/png")
    response = client.post(url_of(site, "pictures"), {"picture": upload, "shows": "The yard"})
    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="The yard"' in text_of(response)


def test_six_pictures_are_the_most():
    site = LocalSiteFactory()
    PictureFactory.create_batch(Picture.MOST, site=site)
    call = {"by": site.organizers.get(), "shows": "x", "moment": NOW}
    upload = SimpleUploadedFile("a.png", png())
    refusal = refusal_of(services.add_picture, site=site, upload=upload, **call)
    assert refusal == SiteRefusal.TOO_MANY_PICTURES


def test_pictures_of_what_is_not_approved_are_not_there(client):
    picture = PictureFactory(site=site_in("proposed"))
    assert client.get(url_of(picture.site, "picture", picture.pk)).status_code == 404


@pytest.mark.parametrize(
    ("state", "moment", "title"),
    [
        ("closed", NOW, "Your local site is approved: open it"),
        ("proposed", NOW, None),
        ("full", NOW, None),
        ("full", START - TICK, "Check people in"),
        ("open", NOW, "Choose a local site, or stay online"),
        ("full", START, None),
    ],
)
def test_what_is_next_for_who_runs_a_site(state, moment, title):
    site = site_in(state)
    row = ParticipationFactory(jam=site.jam, user=site.organizers.get())
    step = SitesPart().step(site.jam, parts.Reader(row.user, moment, lambda: row))
    assert (step and str(step.title)) == title
