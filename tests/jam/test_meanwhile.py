"""Two tabs on one form: nobody overwrites unawares what was changed meanwhile."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from jam import announcing, rows
from jam.audiences import Audience
from jam.meanwhile import Changed, digest, read, written
from jam.models import Act, Host
from jam.setting_up import HOSTS
from ratings.models import RatingRules
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.jam.factories import HostFactory, IdeaFactory, ResourceFactory, ScheduleItemFactory
from tests.jam.test_setting_up import picture
from tests.sites.factories import LocalSiteFactory, SiteItemFactory

pytestmark = pytest.mark.django_db
NOW = MOMENTS["announced"]


class Form(HTMLParser):
    """What a browser would send of the form that says what it was shown with."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.name = self.select = None
        self.feed(text)
        self.data = next(form for form in self.forms if "as_shown" in form)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type")
        if tag == "form":
            self.forms.append({})
        elif tag == "textarea" and self.forms:
            self.name, self.forms[-1][name] = name, ""
        elif tag == "select" and self.forms:
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.forms[-1][self.select] = attrs.get("value", "")
        elif tag == "input" and self.forms and name and kind not in ("submit", "file"):
            is_box = kind in ("checkbox", "radio")
            if not is_box or "checked" in attrs:
                self.forms[-1][name] = attrs.get("value", "on" if is_box else "")

    def handle_data(self, data):
        if self.name:
            self.forms[-1][self.name] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser leaves out the line break with which Django begins it.
            self.forms[-1][self.name] = self.forms[-1][self.name].removeprefix("\n")
            self.name = None
        elif tag == "select":
            self.select = None


def shown(client, path) -> dict[str, str]:
    response = client.get(path)
    assert response.status_code == 200
    return Form(response.content.decode()).data


@pytest.fixture
def jam(client, at):
    at(NOW)
    user = UserFactory(time_zone="Asia/Kolkata")
    jam = JamFactory(slug="night", title="Night", tagline="Before", description="Long\nstory",
                     hashtag="#before")  # fmt: skip
    jam.organizers.add(user)
    client.force_login(user)
    return jam


def _site(jam):
    return LocalSiteFactory(jam=jam, latitude="55.67610", longitude="12.56830", ends_at=None)


def _announced(jam):
    by = jam.organizers.get()
    return announcing.write(jam=jam, by=by, title="News", text="One", send_at=None, moment=NOW,
                            audience=Audience("everyone", "Everybody"))  # fmt: skip


# Where something is changed: what there is to change, what two tabs type, each into another field,
# and what the one types that comes to the field of the other.
PAGES = {
    "texts": (None, "set-up/texts/", {"tagline": "Mine"}, {"hashtag": "#theirs"}, "#mine"),
    "rules": (None, "set-up/rating/", {"target": "7"}, {"least": "4"}, "5"),
    "submissions": (None, "set-up/submissions/", {"discussion": "closed"}, {"team_size": "3"}, "2"),
    "dates": (None, "dates/", {"results_at": "2030-06-29T10:00"},
              {"ratings_close_at": "2030-05-19T18:30"}, "2030-05-19T18:40"),
    "retention": (None, "privacy/", {"answers": "30"}, {"contacts": "20"}, "10"),
    "item": (lambda jam: ScheduleItemFactory(jam=jam), "schedule/{pk}/edit/", {"title": "Mine"},
             {"starts_at": "2030-05-03T22:15"}, "2030-05-03T22:30"),
    "resource": (lambda jam: ResourceFactory(jam=jam, section="A"), "resources/{pk}/change/",
                 {"title": "Mine"}, {"minutes": "12"}, "15"),
    "idea": (lambda jam: IdeaFactory(jam=jam, author=jam.organizers.get()), "ideas/{pk}/edit/",
             {"text": "Mine"}, {"tags": "theirs, others"}, "mine"),
    "announcement": (_announced, "announcements/{pk}/edit/", {"text": "Mine"},
                     {"send_at": "2030-05-02T10:00"}, "2030-05-02T11:00"),
    "site": (_site, "sites/{pk}/edit/", {"venue": "Mine"}, {"access": "Theirs"}, "Nobody"),
    "day": (_site, "sites/{pk}/day/", {"ends_at": "2030-05-05T10:00"},
            {"no_shows_at": "2030-05-04T12:00"}, "2030-05-04T13:00"),
    "site-item": (lambda jam: SiteItemFactory(site=_site(jam)),
                  "sites/{site}/schedule/{pk}/edit/", {"title": "Mine"}, {"place": "Theirs"},
                  "Elsewhere"),
}  # fmt: skip


@pytest.fixture(params=PAGES)
def page(request, jam):
    make, path, *typed = PAGES[request.param]
    row = make(jam) if make else jam
    path = path.format(pk=row.pk, site=getattr(row, "site_id", 0))
    return f"/jams/night/{path}", *typed


def post(client, path, data):
    response = client.post(path, data)
    if response.status_code == 200 and 'name="confirm"' in response.content.decode():
        confirmed = Form(response.content.decode()).data | {"reason": "Rain"}
        return client.post(path, confirmed)
    return response


def test_what_was_changed_in_another_tab_is_told_and_not_overwritten(client, page):
    path, mine, theirs, _other = page
    first, second = shown(client, path), shown(client, path)
    assert post(client, path, second | theirs).status_code == 302
    acts = Act.objects.count()
    response = post(client, path, first | mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "This was changed while you were writing" in text
    assert Act.objects.count() == acts
    # What each of them typed is in the form, so that saving it again loses nothing.
    again = Form(text).data
    assert (again | mine | theirs) == again
    assert post(client, path, again).status_code == 302
    now = shown(client, path)
    assert (now | mine | theirs) == now


def test_where_both_typed_both_texts_are_there_and_the_writer_decides(client, page):
    path, _mine, theirs, other = page
    (name,) = theirs
    first, second = shown(client, path), shown(client, path)
    assert post(client, path, second | theirs).status_code == 302
    response = post(client, path, first | {name: other})
    assert response.status_code == 409
    text = response.content.decode()
    assert "you have changed it too" in text
    again = Form(text).data
    assert again[name] == other
    assert post(client, path, again).status_code == 302
    assert shown(client, path)[name] == other


def test_one_tab_alone_saves_again_and_again_and_twice_the_same_is_no_trouble(client, page):
    path, mine, theirs, _other = page
    first = shown(client, path)
    assert post(client, path, first | mine).status_code == 302
    # The same once more, from a tab that was opened before.
    assert post(client, path, first | mine).status_code in (302, 422)
    assert post(client, path, shown(client, path) | theirs).status_code == 302


def test_a_file_that_was_chosen_is_to_be_chosen_once_more(client, jam):
    path = "/jams/night/set-up/texts/"
    first = shown(client, path) | {"tagline": "Mine"}
    assert client.post(path, shown(client, path) | {"title": "Theirs"}).status_code == 302
    words = "Only files have to be chosen once more."
    for files, says in (({}, False), ({"new_banner": picture()}, True)):
        response = client.post(path, first | files)
        assert response.status_code == 409
        assert (words in response.content.decode()) == says
    jam.refresh_from_db()
    assert not jam.banner


# -- lists ---------------------------------------------------------------------------------------


def test_a_list_tells_what_was_changed_added_and_taken_away(client, jam):
    path = "/jams/night/set-up/hosts/"
    one, two = HostFactory(jam=jam, name="One"), HostFactory(jam=jam, name="Two", order=1)
    first, second = shown(client, path), shown(client, path)
    theirs = {"hosts-0-name": "Uno", "hosts-1-DELETE": "on", "hosts-2-name": "Theirs"}
    assert client.post(path, second | theirs).status_code == 302
    mine = {"hosts-0-url": "https://one.example", "hosts-1-name": "Two and a half",
            "hosts-2-name": "Mine"}  # fmt: skip
    response = client.post(path, first | mine)
    assert response.status_code == 409
    text = response.content.decode()
    for words in ("Uno", "It was removed.", "Theirs", "It was added."):
        assert words in text
    assert client.post(path, Form(text).data).status_code == 302
    found = list(Host.objects.filter(jam=jam).values_list("name", "url"))
    assert sorted(found) == [("Mine", ""), ("Theirs", ""), ("Two and a half", ""),
                             ("Uno", "https://one.example")]  # fmt: skip
    assert Host.objects.filter(pk=one.pk).exists()
    assert not Host.objects.filter(pk=two.pk).exists()


def test_what_was_typed_into_a_row_that_is_gone_is_kept_where_the_list_is_full(client, jam):
    path = "/jams/night/set-up/hosts/"
    for place in range(HOSTS.most):
        HostFactory(jam=jam, name=f"Host {place}", order=place)
    first = shown(client, path)
    Host.objects.filter(jam=jam, order=0).delete()
    HostFactory(jam=jam, name="Theirs", order=HOSTS.most)
    response = client.post(path, first | {"hosts-0-name": "Typed into what is gone"})
    assert response.status_code == 409
    assert 'value="Typed into what is gone"' in response.content.decode()
    too_many = client.post(path, Form(response.content.decode()).data)
    assert too_many.status_code == 422
    assert 'value="Typed into what is gone"' in too_many.content.decode()


@pytest.mark.parametrize(
    ("page", "rows_of"),
    [("questions", "sign_up_questions"), ("tracks", "tracks"), ("criteria", "criteria"),
     ("submission-questions", "submission_questions"), ("prizes", "prizes"), ("hosts", "hosts")],
)  # fmt: skip
def test_every_list_does(client, jam, page, rows_of):
    path = f"/jams/night/set-up/{page}/"
    names = {"questions": "text", "submission-questions": "text", "prizes": "title"}
    name = names.get(page, "name")
    kind = {"kind": "place"} if page == "prizes" else {"kind": "short"}
    for words in ("First", "Second"):
        data = shown(client, path)
        at = int(data[f"{rows_of}-INITIAL_FORMS"])
        new = {f"{rows_of}-{at}-{key}": value for key, value in ({name: words} | kind).items()}
        if page == "prizes":
            new[f"{rows_of}-{at}-position"] = str(at + 1)
        assert client.post(path, data | new).status_code == 302
    first, second = shown(client, path), shown(client, path)
    field = f"{rows_of}-0-{name}"
    assert client.post(path, second | {field: "Theirs"}).status_code == 302
    response = client.post(path, first | {field: "Mine"})
    assert response.status_code == 409
    assert "Theirs" in response.content.decode()
    again = Form(response.content.decode()).data
    assert again[field] == "Mine"
    assert client.post(path, again).status_code == 302
    assert shown(client, path)[field] == "Mine"


def test_an_order_that_was_changed_is_told(client, jam):
    path = "/jams/night/set-up/hosts/"
    for place, name in enumerate(("One", "Two", "Three")):
        HostFactory(jam=jam, name=name, order=place)
    first, second = shown(client, path), shown(client, path)
    moved = {"hosts-2-ORDER": "", "hosts-2-position": "1"}
    assert client.post(path, second | moved).status_code == 302
    response = client.post(path, first | {"hosts-0-name": "Uno"})
    assert response.status_code == 409
    # Once, and not at every row that stands elsewhere by it.
    assert [str(each.label) for each in response.context["changed_meanwhile"]] == ["The order"]
    assert client.post(path, Form(response.content.decode()).data).status_code == 302
    assert list(Host.objects.filter(jam=jam).values_list("name", flat=True)) == [
        "Three", "Uno", "Two",
    ]  # fmt: skip


# -- what is compared ------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", ["", "nonsense", "tagline:0", "\0", ":" * 9, "order:x"])
def test_a_form_that_says_something_else_overwrites_nothing(client, jam, seen):
    data = shown(client, "/jams/night/set-up/texts/") | {"tagline": "Mine", "as_shown": seen}
    assert client.post("/jams/night/set-up/texts/", data).status_code == 409
    jam.refresh_from_db()
    assert jam.tagline == "Before"


def test_the_row_is_asked_under_its_lock(jam):
    """A form is not asked what it was shown with, the row is."""
    by, rules = jam.organizers.get(), RatingRules.of(jam)
    seen = read(written({"target": rules.target}))
    values = {"jam": jam, "row": rules, "by": by, "seen": seen, "moment": NOW}
    rows.change(said={"target": rules.target + 1}, **values)
    with pytest.raises(Changed):
        rows.change(said={"target": rules.target + 2}, **values)


@pytest.mark.parametrize(
    ("one", "two", "are_same"),
    [(None, "", True), ("a\r\nb ", "a\nb", True), (1, "1", True), ("a", "b", False),
     (["a", "b"], "a, b", True), (True, False, False)],
)  # fmt: skip
def test_what_a_form_gives_back_is_what_it_was_shown(one, two, are_same):
    assert (digest(one) == digest(two)) == are_same
