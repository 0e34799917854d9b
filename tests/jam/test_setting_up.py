"""Setting a jam up: the checklist, the preview, texts and look, lists."""

from __future__ import annotations

import io
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from jam import describing, rows
from jam.checklist import checks_of
from jam.errors import Refused
from jam.models import Act, Host, SignUpQuestion
from jam.permissions import SetUpRefusal, set_up_refusal
from jam.set_up import State
from jam.setting_up_forms import list_form_set
from jam.views.setting_up import ListView
from tests.factories import MOMENTS, START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, ResourceFactory, ScheduleItemFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]


@pytest.fixture(autouse=True)
def _now(at):
    at(NOW)


@pytest.fixture
def organizer(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def jam(organizer):
    jam = JamFactory(slug="night", title="Night", published_at=None)
    jam.organizers.add(organizer)
    return jam


PAGES = ("set-up/", "set-up/preview/", "set-up/texts/", "set-up/hosts/", "set-up/questions/",
         "set-up/submissions/", "set-up/tracks/", "set-up/submission-questions/",
         "set-up/rating/", "set-up/criteria/", "set-up/prizes/", "dates/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_there_for_organizers_alone(client, jam, page):
    url = f"/jams/night/{page}"
    assert client.get(url).status_code == 200
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404
    jam.published_at = NOW
    jam.save()
    assert client.get(url).status_code == 403
    is_form = page not in ("set-up/", "set-up/preview/")
    assert client.post(url, {}).status_code == (403 if is_form else 405)
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(url).status_code == 200
    client.logout()
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_who_may(jam, organizer):
    assert set_up_refusal(organizer, jam) is None
    assert set_up_refusal(UserFactory(), jam) == SetUpRefusal.NOT_ORGANIZER


# -- the checklist -------------------------------------------------------------------------------


def states(jam, moment=NOW) -> dict[str, State]:
    return {str(check.label): check.state for check in checks_of(jam, moment)}


def test_what_is_missing_is_said_and_comes_first(client, jam):
    jam.tagline = jam.description = jam.code_of_conduct = ""
    jam.save()
    found = states(jam)
    assert [label for label, state in found.items() if state == "missing"] == [
        "Pitch", "Description",
    ]  # fmt: skip
    assert list(found)[:2] == ["Pitch", "Description"]
    assert {label for label, state in found.items() if state == "look"} == {
        "Code of conduct", "Dates", "Hosts", "Schedule", "Resources", "Criteria", "Organizers",
    }  # fmt: skip
    assert "2 things are missing" in client.get("/jams/night/set-up/").content.decode()


def test_what_is_there_is_done(jam):
    jam.description = "What"
    jam.save()
    for make in (HostFactory, ResourceFactory, ScheduleItemFactory):
        make(jam=jam)
    jam.criteria.filter(order=4).delete()
    jam.organizers.add(UserFactory())
    assert set(states(jam, START - timedelta(days=30)).values()) == {"done"}


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (START - timedelta(days=14), "done"),
        (START - timedelta(days=13), "look"),
        (START, "missing"),
    ],
)
def test_the_start_is_ahead_by_some_weeks(jam, moment, state):
    assert states(jam, moment)["Dates"] == state


def test_only_judges_rate_and_there_are_none(jam):
    jam.rating_rules.eligibility = "judges"
    jam.rating_rules.save()
    assert states(jam)["Rules for rating"] == "missing"
    jam.judges.create(user=UserFactory())
    assert states(jam)["Rules for rating"] == "done"


def test_criteria_that_are_not_explained(jam):
    jam.criteria.filter(order=0).update(guidance_3="")
    assert states(jam)["Criteria"] == "look"
    jam.criteria.all().delete()
    assert states(jam)["Criteria"] == "missing"


def test_one_track_tells_nothing_apart(jam):
    jam.tracks.create(name="Circuits")
    assert states(jam)["Tracks"] == "look"
    jam.tracks.create(name="Others")
    assert states(jam)["Tracks"] == "done"


@pytest.mark.parametrize("rows_of_each", [1, 3])
def test_the_checklist_asks_as_often_for_many_rows(
    client, jam, rows_of_each, django_assert_num_queries
):
    for n in range(rows_of_each):
        for make in (HostFactory, ResourceFactory, ScheduleItemFactory):
            make(jam=jam)
        jam.tracks.create(name=f"Track {n}")
        jam.prizes.create(title=f"Prize {n}")
    with django_assert_num_queries(7):
        client.get("/jams/night/set-up/")


def test_publishing_from_the_checklist(client, jam):
    page = client.get("/jams/night/set-up/").content.decode()
    assert 'action="/jams/night/publish/"' in page
    client.post("/jams/night/publish/")
    page = client.get("/jams/night/set-up/").content.decode()
    assert 'action="/jams/night/publish/"' not in page
    assert "Everybody sees what you change here" in page


# -- the preview ---------------------------------------------------------------------------------


def test_the_preview_is_what_a_visitor_sees(client, jam, organizer):
    ParticipationFactory(jam=jam, user=organizer)
    page = client.get("/jams/night/set-up/preview/").content.decode()
    assert "A preview." in page
    assert "Sign up to join" in page
    assert "This is a draft" not in page
    assert "Cancel my participation" not in page
    jam.refresh_from_db()
    assert not jam.is_published
    client.post("/jams/night/publish/")
    client.logout()
    seen = client.get("/jams/night/").content.decode()
    content = seen[seen.index('<section class="hero">') :]
    assert content[: content.index("</main>")] in page


# -- texts and look ------------------------------------------------------------------------------

TEXTS = {"title": "Night", "tagline": "Two nights.", "description": "## What", "hashtag": "#night",
         "hue": "12", "code_of_conduct": "Be kind.", "time_zone": "Europe/Berlin"}  # fmt: skip


def picture(kind="PNG", size=(8, 4)) -> ContentFile:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, kind)
    return ContentFile(drawn.getvalue(), name=f"banner.{kind.lower()}")


def test_texts_are_changed_and_logged(client, jam):
    response = client.post("/jams/night/set-up/texts/", TEXTS)
    assert response.headers["Location"] == "/jams/night/set-up/"
    jam.refresh_from_db()
    assert {name: str(getattr(jam, name)) for name in TEXTS} == TEXTS
    act = Act.objects.get()
    assert (act.verb, act.before["hue"], act.after["hue"]) == ("changed", 265, 12)
    assert "title" not in act.after
    # As it is already: nothing to tell.
    client.post("/jams/night/set-up/texts/", TEXTS)
    assert Act.objects.count() == 1


def test_a_banner_is_drawn_anew_shown_and_taken_away(client, jam):
    client.post("/jams/night/set-up/texts/", TEXTS | {"new_banner": picture("JPEG")})
    jam.refresh_from_db()
    assert jam.banner.name.endswith(".jpg")
    assert client.get("/jams/night/banner/").status_code == 200
    # It stays as long as nobody says otherwise.
    client.post("/jams/night/set-up/texts/", TEXTS)
    jam.refresh_from_db()
    assert jam.banner
    client.post("/jams/night/set-up/texts/", TEXTS | {"without_banner": "on"})
    jam.refresh_from_db()
    assert not jam.banner
    assert Act.objects.filter(after__banner="").count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": " "}, "This field is required"),
        ({"hashtag": "night"}, "Enter a valid value"),
        ({"hue": "360"}, "less than or equal to 359"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"new_banner": ContentFile(b"no picture", name="a.png")}, "This is no picture"),
        ({"tagline": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_with_a_text_is_said_and_nothing_is_lost(client, jam, changed, words):
    response = client.post("/jams/night/set-up/texts/", TEXTS | changed)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Be kind." in page
    # The page itself still says what the jam says.
    assert "<title>Texts and look · Night · Peerjam</title>" in page
    jam.refresh_from_db()
    assert jam.hashtag == ""


def test_only_organizers_describe_a_jam(jam):
    with pytest.raises(Refused):
        describing.describe(jam=jam, by=UserFactory(), said={"title": "Mine"}, moment=NOW)


# -- lists ---------------------------------------------------------------------------------------


def posted(client, url, *changes, **more) -> dict[str, str]:
    """What a browser would post of the list at `url`, with changes to its forms in order."""
    form = client.get(url).context["form"]
    data = {f"{form.prefix}-{name}": value
            for name, value in form.management_form.initial.items()}  # fmt: skip
    for each in form:
        for bound in each:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value not in (None, False):
                data[bound.html_name] = str(value)
    for n, change in enumerate(changes):
        data |= {f"{form.prefix}-{n}-{name}": value for name, value in change.items()}
    return data | more


def test_a_list_is_filled_changed_arranged_and_emptied(client, jam):
    url = "/jams/night/set-up/hosts/"
    data = posted(client, url, {"name": "Ada"}, {"name": "Grace", "url": "https://example.org/"})
    assert client.post(url, data).headers["Location"] == "/jams/night/set-up/"
    assert [host.name for host in jam.hosts.all()] == ["Ada", "Grace"]
    # The second comes first, and a third in between.
    data = posted(client, url, {}, {"position": "1"}, {"name": "Joan", "position": "1"}, more="1")
    assert client.post(url, data).headers["Location"] == url
    assert [host.name for host in jam.hosts.all()] == ["Grace", "Joan", "Ada"]
    data = posted(client, url, {"position": "2"}, {"DELETE": "on"}, {"name": "Ada L."})
    client.post(url, data)
    assert [(host.name, host.order) for host in jam.hosts.all()] == [("Grace", 0), ("Ada L.", 1)]
    verbs = list(Act.objects.order_by("pk").values_list("verb", "target_name"))
    assert verbs[:2] == [("added", "Ada"), ("added", "Grace")]
    assert ("removed", "Joan") in verbs
    assert ("changed", "Ada L.") in verbs


def test_looking_at_a_list_leaves_nothing_behind_for_the_next_reader(client, jam):
    def seen() -> list[str]:
        form = client.get("/jams/night/set-up/hosts/").context["form"]
        return list(form.forms[0].fields)

    assert seen() == seen()


def test_what_did_not_change_is_not_logged(client, jam):
    HostFactory(jam=jam)
    url = "/jams/night/set-up/hosts/"
    assert client.post(url, posted(client, url)).status_code == 302
    assert not Act.objects.exists()


def test_what_is_wrong_in_a_list_is_said_and_nothing_is_lost(client, jam):
    url = "/jams/night/set-up/questions/"
    wrong = {"text": "How?", "kind": "choice", "options": "only one"}
    response = client.post(url, posted(client, url, wrong))
    assert response.status_code == 422
    assert "Write at least two options" in response.content.decode()
    assert "only one" in response.content.decode()
    assert not SignUpQuestion.objects.exists()


def test_a_question_that_was_answered_is_not_removed(client, jam):
    question = SignUpQuestion.objects.create(jam=jam, text="How?")
    participation = ParticipationFactory(jam=jam)
    participation.answers.create(question=question, text="So")
    url = "/jams/night/set-up/questions/"
    response = client.post(url, posted(client, url, {"DELETE": "on"}))
    assert response.status_code == 422
    assert "Word it anew instead" in response.content.decode()
    assert jam.sign_up_questions.count() == 1
    assert not Act.objects.exists()


def test_two_that_trade_names_are_told_apart(client, jam):
    for n, text in enumerate(("One?", "Two?")):
        SignUpQuestion.objects.create(jam=jam, text=text, order=n)
    url = "/jams/night/set-up/questions/"
    response = client.post(url, posted(client, url, {"text": "Two?"}, {"text": "One?"}))
    assert response.status_code == 422
    assert "Give each a name of its own" in response.content.decode()
    assert [q.text for q in jam.sign_up_questions.all()] == ["One?", "Two?"]


def test_rows_of_another_jam_are_not_changed(client, jam):
    other = HostFactory(name="Theirs")
    url = "/jams/night/set-up/hosts/"
    data = posted(client, url, {"name": "Mine"})
    data |= {"hosts-INITIAL_FORMS": "1", "hosts-0-id": str(other.pk)}
    client.post(url, data | {"hosts-0-DELETE": "on"})
    client.post(url, data)
    other.refresh_from_db()
    assert (other.name, other.jam == jam) == ("Theirs", False)
    assert [host.name for host in jam.hosts.all()] == ["Mine"]


@pytest.mark.parametrize("data", [{}, {"hosts-TOTAL_FORMS": "9" * 40, "hosts-INITIAL_FORMS": "x"},
                                  {"hosts-TOTAL_FORMS": "1", "hosts-INITIAL_FORMS": "1",
                                   "hosts-0-id": "9" * 30, "hosts-0-position": "1e9"}])  # fmt: skip
def test_what_no_browser_posts_is_refused(client, jam, data):
    assert client.post("/jams/night/set-up/hosts/", data).status_code == 422


@pytest.mark.parametrize("hosts", [1, 3])
def test_a_list_asks_as_often_for_many_rows(client, jam, hosts, django_assert_num_queries):
    HostFactory.create_batch(hosts, jam=jam)
    with django_assert_num_queries(4):
        client.get("/jams/night/set-up/hosts/")


def test_only_organizers_change_a_list(jam):
    with pytest.raises(Refused):
        rows.change_list(
            jam=jam, rows=[Host(name="Mine")], gone=[], by=UserFactory(), moment=NOW
        )  # fmt: skip
    assert not jam.hosts.exists()


def test_no_list_asks_for_something_of_its_own_by_the_name_of_a_column(jam):
    """Else what is typed for the one would be written into the other."""
    import_module(settings.ROOT_URLCONF)
    lists = [view for view in ListView.__subclasses__() if hasattr(view, "kind")]
    assert len(lists) == 6
    for kind in (view.kind for view in lists):
        made = list_form_set(kind.model, kind.fields, most=1, extra=1, form=kind.form)
        listed = made(instance=jam, form_kwargs=kind.form_kwargs(jam)).empty_form
        alone = kind.form_of(jam, {})
        assert {name: listed.fields[name].label for name in kind.fields} == {
            name: alone.fields[name].label for name in kind.fields
        }
