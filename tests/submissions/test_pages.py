from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jam.config.demo import files as demo_files
from jam.models import Participation
from submissions import freezing, gallery, services
from submissions.models import File, Revision, Submission, SubmissionRules
from tests.factories import (
    MOMENTS,
    SUBMISSIONS_CLOSE,
    JamFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.submissions.factories import SubmissionFactory, frozen_submission, hand_in

pytestmark = pytest.mark.django_db

NO_LINKS = {"links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}


def url_of(submission, page="") -> str:
    return f"/jams/{submission.jam.slug}/submissions/{submission.pk}/{page}"


def draft(submission, **changes) -> dict[str, str]:
    fields = ("title", "abstract", "body", "tags", "licence", "commit")
    return {
        **{name: getattr(submission, name) for name in fields},
        "site": "",
        "version": str(submission.version),
        **NO_LINKS,
        **changes,
    }


@pytest.fixture
def own(client, at):
    """A complete draft of the person who is logged in, while the jam is being made."""
    at(MOMENTS["making"])
    submission = SubmissionFactory()
    client.force_login(submission.contributors.get().user)
    return submission


# -- the gallery -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_gallery_asks_the_same_however_long(client, at, rows, django_assert_num_queries):
    jam = JamFactory()
    for _ in range(rows):
        frozen_submission(jam)
    at(MOMENTS["rating"])
    client.get(f"/jams/{jam.slug}/submissions/")  # closes the jam
    # Jam, number, which ones, all about them, local sites.
    with django_assert_num_queries(4):
        response = client.get(f"/jams/{jam.slug}/submissions/")
    assert response.content.decode().count("card-work") == rows
    assert not client.cookies


@pytest.mark.parametrize("rows", [1, 3])
def test_a_submission_asks_the_same(client, at, rows, django_assert_num_queries):
    jam = JamFactory()
    for _ in range(rows):
        submission = frozen_submission(jam)
    at(MOMENTS["finished"])
    client.get(url_of(submission))
    with django_assert_num_queries(4):
        client.get(url_of(submission))


def test_before_the_deadline_others_see_numbers_and_no_work(client, own):
    hand_in(own)
    client.logout()
    text = client.get(f"/jams/{own.jam.slug}/submissions/").content.decode()
    assert own.title not in text
    assert "1 is handed in so far." in text
    assert client.get(url_of(own)).status_code == 404


def test_two_drafts_that_differ_look_the_same_to_strangers(client, own):
    client.logout()
    pages = [f"/jams/{own.jam.slug}/", f"/jams/{own.jam.slug}/submissions/", url_of(own)]
    before = [client.get(page).content for page in pages]
    Submission.objects.update(title="Secret", body="Quite different", tags="secret")
    assert [client.get(page).content for page in pages] == before


def test_what_others_see_is_what_was_frozen(client, at):
    submission = frozen_submission(JamFactory(), title="Frozen title")
    freezing.close(submission.jam, MOMENTS["rating"])
    Submission.objects.update(title="Later title", body="Later body")
    at(MOMENTS["rating"])
    for page in (f"/jams/{submission.jam.slug}/submissions/", url_of(submission)):
        text = client.get(page).content.decode()
        assert "Frozen title" in text
        assert "Later" not in text
    found = client.get(f"/jams/{submission.jam.slug}/submissions/", {"q": "later"})
    assert "Nothing matches" in found.content.decode()


def order_for(client, jam) -> list[int]:
    response = client.get(f"/jams/{jam.slug}/submissions/")
    return [submission.pk for submission in response.context["page"]]


def test_the_order_is_steady_for_a_reader_and_another_for_others(client, at):
    jam = JamFactory()
    for number in range(12):
        frozen_submission(jam, title=f"Work {number:02}")
    at(MOMENTS["rating"])
    signed_out = order_for(client, jam)
    assert order_for(client, jam) == signed_out
    orders = set()
    for _ in range(4):
        client.force_login(UserFactory())
        orders.add(tuple(order_for(client, jam)))
        assert tuple(order_for(client, jam)) in orders
    assert len(orders) > 1
    at(MOMENTS["finished"])
    client.logout()
    assert order_for(client, jam) == sorted(signed_out)


def test_submissions_are_shuffled_whatever_their_keys(client, at):
    """As far as a bigint goes; the order is that of whole numbers in every database."""
    jam, last = JamFactory(), 2**63 - 1
    keys = [9 * 10**12, 2**53 + 1, 2**53 + 2, 10**18, last - 2, last - 1, last]
    for key in (1, 7, *keys):
        frozen_submission(jam, pk=key)
    at(MOMENTS["rating"])
    seed = hashlib.sha256(f"{jam.pk}:everyone".encode()).digest()
    factor = 1 + int.from_bytes(seed[:4], "big") % (gallery.PRIME - 1)
    assert order_for(client, jam) == sorted((1, 7, *keys), key=lambda k: k * factor % gallery.PRIME)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "PROBING"}, {"A"}),
        ({"q": "überraschung"}, {"B"}),
        ({"q": "work überraschung"}, set()),
        ({"tag": "probing"}, {"A"}),
        ({"tag": "prob"}, set()),
        ({"site": "online"}, {"A", "B"}),
        ({"site": "999999"}, set()),
        ({"site": "x' OR 1=1"}, {"A", "B"}),
        ({"page": "9999"}, {"A", "B"}),
        ({"q": "prob\0ing"}, {"A"}),
        ({"tag": "\0"}, {"A", "B"}),
    ],
)
def test_search_and_filters(client, at, asked, found):
    jam = JamFactory()
    frozen_submission(jam, title="A", tags="Probing, circuits")
    frozen_submission(jam, title="B", abstract="Eine Überraschung")
    at(MOMENTS["rating"])
    response = client.get(f"/jams/{jam.slug}/submissions/", asked)
    assert {submission.frozen.title for submission in response.context["page"]} == found


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"withdrawn_at": MOMENTS["rating"]}, 404),
        ({"withdrawn_at": MOMENTS["finished"]}, 200),
        ({"disqualified_at": MOMENTS["rating"], "disqualification_reason": "x"}, 404),
    ],
)
def test_what_is_out_is_not_there_for_strangers(client, at, change, status):
    submission = frozen_submission(JamFactory())
    Submission.objects.update(**change)
    at(MOMENTS["finished"])
    assert client.get(url_of(submission)).status_code == status
    client.force_login(submission.contributors.get().user)
    assert client.get(url_of(submission)).status_code == 200


# -- writing -----------------------------------------------------------------------------------


def test_one_click_starts_a_draft(client, at):
    jam = JamFactory()
    at(MOMENTS["making"])
    client.force_login(ParticipationFactory(jam=jam).user)
    response = client.post(f"/jams/{jam.slug}/submissions/start/", follow=True)
    submission = Submission.objects.get()
    assert response.redirect_chain[-1][0] == url_of(submission, "edit/")
    assert "Not handed in yet." in response.content.decode()


def test_who_has_not_joined_is_told_to(client, at):
    jam = JamFactory()
    at(MOMENTS["making"])
    client.force_login(UserFactory())
    response = client.post(f"/jams/{jam.slug}/submissions/start/", follow=True)
    assert "Join the jam first" in response.content.decode()
    assert not Submission.objects.exists()


def test_the_form_carries_the_version_from_the_first_save_on(client, own):
    text = client.get(url_of(own, "edit/")).content.decode()
    assert '<input type="hidden" name="version" value="0">' in text


def test_saving_and_handing_in_without_javascript(client, own):
    text = {"title": "New 🧪 title", "hand_in": "1"}
    response = client.post(url_of(own, "edit/"), draft(own, **text), follow=True)
    assert "It is in. This is your receipt." in response.content.decode()
    assert Revision.objects.get().title == "New 🧪 title"


def test_what_cannot_be_stored_is_named_and_the_rest_is_stored(client, own):
    response = client.post(url_of(own, "edit/"), draft(own, title="Kept", commit="not hex"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "7 to 64 hexadecimal digits" in text
    assert "not hex" in text
    own.refresh_from_db()
    assert (own.title, own.commit) == ("Kept", "")


def test_a_long_abstract_is_refused_with_its_words_kept(client, own):
    long = "word " * 80
    response = client.post(url_of(own, "edit/"), draft(own, abstract=long))
    assert response.status_code == 422
    assert long.strip() in response.content.decode()


def test_two_tabs_overwrite_nothing_unseen(client, own):
    first = draft(own, body="First tab")
    second = draft(own, body="Second tab")
    client.post(url_of(own, "edit/"), first)
    response = client.post(url_of(own, "edit/"), second)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Second tab" in text
    assert "saved this draft while you were writing" in text
    own.refresh_from_db()
    assert own.body == "First tab"
    version = str(response.context["version"])
    client.post(url_of(own, "edit/"), {**second, "version": version})
    own.refresh_from_db()
    assert own.body == "Second tab"


def test_words_that_come_too_late_are_shown_again(client, own, at):
    at(SUBMISSIONS_CLOSE)
    client.force_login(own.contributors.get().user)
    response = client.post(url_of(own, "edit/"), draft(own, body="My late words"))
    assert response.status_code == 403
    text = response.content.decode()
    assert "My late words" in text
    assert "Submissions have closed." in text


def test_autosave(client, own):
    response = client.post(url_of(own, "autosave/"), draft(own, body="Typing", licence=""))
    answer = response.json()
    assert response.status_code == 200
    assert answer["version"] == 1
    assert "is-missing" in answer["html"]["#checklist"]
    stale = client.post(url_of(own, "autosave/"), draft(own, body="Other tab"))
    assert stale.status_code == 409
    assert "while you were writing" in stale.json()["error"]
    wrong = client.post(url_of(own, "autosave/"), draft(own, body="x", commit="?", version="1"))
    assert wrong.status_code == 422
    assert "hexadecimal" in wrong.json()["error"]


def test_links_are_stored_and_removed(client, own):
    links = {
        "links-TOTAL_FORMS": "2", "links-INITIAL_FORMS": "0",
        "links-0-kind": "repository", "links-0-url": "git.example.org/a", "links-0-label": "",
        "links-1-kind": "demo", "links-1-url": "", "links-1-label": "",
    }  # fmt: skip
    client.post(url_of(own, "edit/"), draft(own, **links))
    assert own.links.get().url == "https://git.example.org/a"
    own.refresh_from_db()
    bad = client.post(
        url_of(own, "edit/"), draft(own, **{**links, "links-0-url": "javascript:alert(1)"})
    )
    assert bad.status_code == 422
    assert "not a web address" in bad.content.decode()
    own.refresh_from_db()
    client.post(url_of(own, "edit/"), draft(own, **{**links, "links-0-url": ""}))
    assert not own.links.exists()


@pytest.mark.parametrize("forms", ["", "x", "-1", "99999999"])
def test_a_mangled_form_is_no_error_of_ours(client, own, forms):
    data = draft(own, **{"links-TOTAL_FORMS": forms}, version="x")
    assert client.post(url_of(own, "edit/"), data).status_code < 500
    assert client.post(url_of(own, "autosave/"), {}).status_code < 500


def test_uploading(client, own):
    upload = SimpleUploadedFile("Übung.pdf", demo_files.report("Work", ["A"], "We asked", "We"))
    response = client.post(url_of(own, "files/"), {"file": upload}, follow=True)
    assert "“Übung.pdf” is stored." in response.content.decode()
    file = File.objects.get()
    bad = SimpleUploadedFile("a.pdf", b"<html>")
    response = client.post(url_of(own, "files/"), {"file": bad}, follow=True)
    assert "neither a PDF" in response.content.decode()
    client.post(url_of(own, f"files/{file.pk}/remove/"))
    assert not File.objects.filter(removed_at=None).exists()
    response = client.post(url_of(own, "files/"), follow=True)
    assert "Choose a file first." in response.content.decode()


@pytest.mark.parametrize(
    "page", ["edit/", "autosave/", "preview/", "hand-in/", "files/", "withdraw/", "leave/",
             "invitation/", "receipts/1/"]
)  # fmt: skip
@pytest.mark.parametrize("phase", ["making", "rating", "finished"])
def test_the_teams_pages_are_not_there_for_others(client, at, page, phase):
    submission = frozen_submission(JamFactory())
    at(MOMENTS[phase])
    assert client.get(url_of(submission, page)).status_code == 302, "signed out: to the log-in"
    client.force_login(ParticipationFactory(jam=submission.jam).user)
    for method in (client.get, client.post):
        assert method(url_of(submission, page)).status_code in (404, 405)
    assert client.post(url_of(submission, page)).status_code in (404, 405)


def test_preview_and_receipt(client, own):
    assert "A preview" in client.get(url_of(own, "preview/")).content.decode()
    revision = hand_in(own)
    text = client.get(url_of(own, "receipts/1/")).content.decode()
    assert revision.digest in text
    content = client.get(url_of(own, "revisions/1/content.json"))
    assert hashlib.sha256(content.content).hexdigest() == revision.digest
    assert client.get(url_of(own, "receipts/2/")).status_code == 404


# -- teams -------------------------------------------------------------------------------------


def test_an_invitation_is_confirmed_by_a_click(client, own):
    link = url_of(own, f"join/{own.invitation}/")
    guest = UserFactory()
    client.force_login(guest)
    assert "You join the jam as well." in client.get(link).content.decode()
    assert own.contributors.count() == 1, "looking is not joining"
    response = client.post(link, follow=True)
    assert "You are on the team." in response.content.decode()
    assert own.contributors.filter(user=guest).exists()
    assert Participation.objects.filter(user=guest).exists()
    client.post(link)
    assert own.contributors.count() == 2, "a double click joins once"


def test_an_old_or_guessed_invitation_leads_nowhere(client, own):
    old = own.invitation
    client.post(url_of(own, "invitation/"))
    client.force_login(UserFactory())
    assert client.get(url_of(own, f"join/{old}/")).status_code == 404
    assert client.get(url_of(own, "join/guess/")).status_code == 404


def test_a_full_team_says_so(client, own):
    SubmissionRules.objects.update(team_size=1)
    client.force_login(UserFactory())
    link = url_of(own, f"join/{own.invitation}/")
    assert "This team is full." in client.get(link).content.decode()
    assert "This team is full." in client.post(link, follow=True).content.decode()


def test_withdrawing_asks_first(client, own):
    assert "cannot be taken back" in client.get(url_of(own, "withdraw/")).content.decode()
    own.refresh_from_db()
    assert own.withdrawn_at is None
    client.post(url_of(own, "withdraw/"), follow=True)
    own.refresh_from_db()
    assert own.withdrawn_at == MOMENTS["making"]


# -- the next step -----------------------------------------------------------------------------


def step_for(client, jam) -> str:
    return client.get(f"/jams/{jam.slug}/").content.decode()


def test_the_next_step_follows_the_draft(client, own):
    assert "Your draft is complete" in step_for(client, own.jam)
    Submission.objects.update(abstract="", licence="")
    assert "2 things are missing before" in step_for(client, own.jam)
    Submission.objects.update(abstract="a", licence="MIT")
    services.hand_in(submission=own, by=own.contributors.get().user, moment=MOMENTS["making"])
    assert "It is handed in" in step_for(client, own.jam)
    client.force_login(ParticipationFactory(jam=own.jam).user)
    assert "Find a team, or start alone" in step_for(client, own.jam)


def test_the_jam_page_stays_within_ten_queries(client, own, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get(f"/jams/{own.jam.slug}/")
