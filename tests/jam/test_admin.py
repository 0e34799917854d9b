"""The admin: a jam set up whole in one place, by those whose it is; the rest is for reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse

from jam import parts
from jam.jam_templates import sensible_times
from jam.models import Act, Jam, Participation, User
from tests.factories import START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, MessageFactory

pytestmark = pytest.mark.django_db
MODELS = [Jam, Participation, Act, User]


@pytest.fixture(autouse=True)
def _now(at):
    at(START)


@pytest.fixture
def organizer(client):
    user = UserFactory(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def superuser(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def form_of(response) -> dict[str, str]:
    """The fields of a change form as a browser would post them, untouched."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if bound.field.show_hidden_initial:
                data[bound.html_initial_name] = str(value)
            if bound.field.show_hidden_initial:
                data[bound.html_initial_name] = str(value)
            if hasattr(widget, "decompress"):
                for n, part in enumerate(widget.decompress(value)):
                    data[f"{bound.html_name}_{n}"] = "" if part is None else str(part)
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = value if isinstance(value, list) else str(value)
    return data


@pytest.mark.parametrize("moment", [START + timedelta(days=n) for n in range(8)])
def test_the_times_of_a_new_jam_are_sensible(moment):
    jam = Jam(title="x", slug="x", **sensible_times(moment))
    jam.full_clean()
    assert jam.starts_at.weekday() == 4
    assert jam.starts_at.hour == 17
    assert timedelta(days=27) < jam.starts_at - moment < timedelta(days=36)


def test_a_new_jam_is_set_up_whole_by_its_title_alone(client, organizer):
    url = reverse("admin:jam_jam_add")
    data = form_of(client.get(url)) | {"title": "Looking Inside", "slug": "looking-inside"}
    response = client.post(url, data)
    jam = Jam.objects.get()
    # On to what the parts have set up.
    assert response.headers["Location"] == reverse("admin:jam_jam_change", args=[jam.pk])
    assert list(jam.organizers.all()) == [organizer]
    assert not jam.is_published
    assert Act.objects.get().verb == "created"
    assert client.get(response.headers["Location"]).status_code == 200


def test_the_parts_set_up_a_new_jam_once(client, organizer, monkeypatch):
    told = []
    monkeypatch.setattr(parts, "set_up", told.append)
    url = reverse("admin:jam_jam_add")
    client.post(url, form_of(client.get(url)) | {"title": "A", "slug": "a"})
    jam = Jam.objects.get()
    assert told == [jam]
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    client.post(url, form_of(client.get(url)) | {"title": "B"})
    jam.refresh_from_db()
    assert jam.title == "B"
    assert told == [jam]


def test_the_parts_bring_their_inlines_once_the_jam_is_there(client, organizer, monkeypatch):
    class PersonInline(admin.TabularInline):
        model = Participation
        verbose_name_plural = "Rows of a part"
        extra = 0

        def has_add_permission(self, request, obj=None):
            return False

    class MorePart(parts.Part):
        def admin_inlines(self):
            return [PersonInline]

    monkeypatch.setattr(parts, "_parts", [MorePart()])
    assert "Rows of a part" not in words(client.get(reverse("admin:jam_jam_add")))
    jam = JamFactory()
    jam.organizers.add(organizer)
    response = client.get(reverse("admin:jam_jam_change", args=[jam.pk]))
    (inline,) = [
        i for i in response.context["inline_admin_formsets"] if i.opts.model is Participation
    ]
    # What the inline itself says holds; what it leaves open is the organizers'.
    assert inline.has_change_permission
    assert not inline.has_add_permission


def test_who_organizes_a_jam_is_not_changed_past_its_owner(client, organizer):
    jam = JamFactory()
    owner = UserFactory()
    jam.organizers.add(owner, organizer)
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    client.post(url, form_of(client.get(url)) | {"title": "B", "organizers": [organizer.pk]})
    jam.refresh_from_db()
    assert jam.title == "B"
    assert set(jam.organizers.all()) == {owner, organizer}
    # Where nobody is left who could, operators can.
    organizer.is_superuser = True
    organizer.save()
    client.post(url, form_of(client.get(url)) | {"organizers": [organizer.pk]})
    assert list(jam.organizers.all()) == [organizer]


def test_a_change_is_logged_with_before_and_after(client, organizer):
    jam = JamFactory(title="Before")
    jam.organizers.add(organizer)
    HostFactory(jam=jam)
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    data = form_of(client.get(url))
    assert client.post(url, data).status_code == 302
    assert not Act.objects.exists()
    data |= {"title": "After", "hosts-0-name": "Somebody else"}
    assert client.post(url, data).status_code == 302
    act = Act.objects.get()
    assert (act.verb, act.actor, act.jam) == ("changed", organizer, jam)
    assert act.before == {"title": "Before"}
    assert act.after == {"title": "After", "rows": "host: changed Somebody else"}
    assert jam.hosts.get().name == "Somebody else"


def test_instants_out_of_order_are_an_error_in_words(client, organizer):
    jam = JamFactory(published_at=None)
    jam.organizers.add(organizer)
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    data = form_of(client.get(url))
    data["ratings_open_at_0"] = data["submissions_close_at_0"]
    data["ratings_open_at_1"] = data["submissions_close_at_1"]
    response = client.post(url, data)
    assert response.status_code == 200
    assert "at least two minutes after" in words(response)


def test_staff_see_and_change_the_jams_that_they_organize(client, organizer):
    mine, other = JamFactory(title="Mine"), JamFactory(title="Of others")
    mine.organizers.add(organizer)
    page = words(client.get(reverse("admin:jam_jam_changelist")))
    assert "Mine" in page
    assert "Of others" not in page
    assert client.get(reverse("admin:jam_jam_change", args=[mine.pk])).status_code == 200
    assert client.get(reverse("admin:jam_jam_change", args=[other.pk])).status_code == 302
    other.refresh_from_db()


def test_superusers_see_all(client, superuser):
    JamFactory(title="Of others")
    assert "Of others" in words(client.get(reverse("admin:jam_jam_changelist")))


def test_others_stay_outside(client):
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize(
    ("which", "published"), [("mine", True), ("other", False), ("draft of others", False)]
)
def test_publishing_several_at_once(client, organizer, which, published):
    jam = JamFactory(published_at=None)
    if which == "mine":
        jam.organizers.add(organizer)
    client.post(
        reverse("admin:jam_jam_changelist"), {"action": "publish", "_selected_action": [jam.pk]}
    )
    jam.refresh_from_db()
    assert jam.is_published == published


def test_the_button_publishes(client, organizer):
    jam = JamFactory(published_at=None)
    jam.organizers.add(organizer)
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    button = f'action="/jams/{jam.slug}/publish/"'
    assert button in words(client.get(url))
    client.post(f"/jams/{jam.slug}/publish/")
    assert button not in words(client.get(url))
    page = words(client.get(reverse("admin:jam_jam_changelist")))
    client.post(
        reverse("admin:jam_jam_changelist"), {"action": "publish", "_selected_action": [jam.pk]}
    )
    assert "published already" in words(client.get(reverse("admin:jam_jam_changelist")))
    assert "delete_selected" not in page


@pytest.mark.parametrize(("joined", "status"), [(0, 200), (1, 403)])
def test_a_jam_that_somebody_joined_is_not_deleted(client, superuser, joined, status):
    jam = JamFactory()
    ParticipationFactory.create_batch(joined, jam=jam)
    url = reverse("admin:jam_jam_delete", args=[jam.pk])
    assert client.get(url).status_code == status
    client.post(url, {"post": "yes"})
    assert Jam.objects.filter(pk=jam.pk).exists() == bool(joined)


def test_organizers_delete_no_jam(client, organizer):
    jam = JamFactory()
    jam.organizers.add(organizer)
    assert client.get(reverse("admin:jam_jam_delete", args=[jam.pk])).status_code == 403


@pytest.mark.parametrize("model", ["participation", "act", "message"])
def test_the_rest_is_for_reading(client, superuser, model):
    participation = ParticipationFactory()
    rows = {
        "participation": participation,
        "act": Act.objects.create(
            jam=participation.jam, verb="looked", target_type="x", target_id="1",
            target_name="y", moment=START,
        ),
        "message": MessageFactory(user=superuser),
    }  # fmt: skip
    pk = rows[model].pk
    change = reverse(f"admin:jam_{model}_change", args=[pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"_save": ""}).status_code == 403
    assert client.get(reverse(f"admin:jam_{model}_add")).status_code == 403
    assert client.post(
        reverse(f"admin:jam_{model}_delete", args=[pk]), {"post": "yes"}
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize("model", ["participation", "act"])
def test_rows_of_other_peoples_jams_are_not_shown(client, organizer, model):
    mine, other = JamFactory(), JamFactory()
    mine.organizers.add(organizer)
    for jam, name in ((mine, "Seen"), (other, "Hidden")):
        user = UserFactory(display_name=name)
        ParticipationFactory(jam=jam, user=user)
        Act.objects.create(jam=jam, actor=user, verb="looked", target_type="x", target_id="1",
                           target_name=name, moment=START)  # fmt: skip
    page = words(client.get(reverse(f"admin:jam_{model}_changelist")))
    assert "Seen" in page
    assert "Hidden" not in page


def test_mails_are_for_superusers_and_account_mails_keep_their_keys(client, organizer):
    assert client.get(reverse("admin:jam_message_changelist")).status_code == 403
    organizer.is_superuser = True
    organizer.save()
    key, news = MessageFactory(text="the key 123"), MessageFactory(text="the news", user=organizer)
    page = words(client.get(reverse("admin:jam_message_change", args=[key.pk])))
    assert "the key 123" not in page
    assert "Not shown" in page
    assert "the news" in words(client.get(reverse("admin:jam_message_change", args=[news.pk])))


def test_people_are_looked_up_by_staff_and_changed_by_superusers(client, organizer):
    person = UserFactory(display_name="Ada Lovelace")
    found = client.get(
        reverse("admin:autocomplete"),
        {"term": "lovel", "app_label": "jam", "model_name": "jam", "field_name": "organizers"},
    )
    assert [row["id"] for row in found.json()["results"]] == [str(person.pk)]
    change = reverse("admin:jam_user_change", args=[organizer.pk])
    assert client.post(change, {"is_superuser": "on"}).status_code == 403
    assert client.get(reverse("admin:jam_user_add")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    assert client.get(password).status_code == 403


def test_a_superuser_adds_and_changes_people(client, superuser):
    client.post(
        reverse("admin:jam_user_add"),
        {
            "email": "Ada@Example.org",
            "display_name": "Ada",
            "usable_password": "true",
            "password1": "look-inside-2030",
            "password2": "look-inside-2030",
        },
    )
    ada = User.objects.get(email="ada@example.org")
    assert ada.check_password("look-inside-2030")
    url = reverse("admin:jam_user_change", args=[ada.pk])
    client.post(url, form_of(client.get(url)) | {"is_staff": "on"})
    ada.refresh_from_db()
    assert ada.is_staff
    assert client.post(
        reverse("admin:jam_user_delete", args=[ada.pk]), {"post": "yes"}
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [("jam", 7), ("participation", 5), ("act", 8), ("message", 6)]
)
def test_lists_ask_the_same_however_long(
    client, superuser, django_assert_num_queries, model, rows, queries
):
    for participation in ParticipationFactory.create_batch(rows):
        MessageFactory()
        Act.objects.create(
            jam=participation.jam, actor=participation.user, verb="looked", target_type="x",
            target_id="1", target_name="y", moment=START,
        )  # fmt: skip
    with django_assert_num_queries(queries):
        response = client.get(reverse(f"admin:jam_{model}_changelist"))
    assert response.status_code == 200
    assert response.context["cl"].result_count == rows


def test_the_admin_lives_with_the_strict_policy(client, superuser):
    jam = JamFactory()
    for url in (reverse("admin:index"), reverse("admin:jam_jam_change", args=[jam.pk])):
        response = client.get(url)
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
        assert "<script>" not in words(response)
        assert " style=" not in words(response)
