"""The organizers' desk: who sees it, and the way from it to every page for organizers."""

from __future__ import annotations

import pytest

from jam import desk, parts
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db
# They have a look of their own.
ALONE = {"settings", "admin", "ceremony"}


@pytest.fixture
def organizer():
    return UserFactory(display_name="Olga Organizer", is_staff=True)


@pytest.fixture
def jam(organizer):
    jam = JamFactory(title="Looking Inside", slug="inside")
    jam.organizers.add(organizer)
    return jam


@pytest.fixture
def ask(client, at):
    def ask(user, path, phase="making"):
        at(MOMENTS[phase])
        client.logout()
        if user:
            client.force_login(user)
        return client.get(path)

    return ask


def reader_of(user, phase):
    return parts.Reader(user, MOMENTS[phase])


def navigation_of(jam, user, phase):
    found = parts.with_facts(type(jam).objects.visible_to(user)).get(pk=jam.pk)
    return desk.navigation(found, reader_of(user, phase))


@pytest.mark.parametrize("phase", MOMENTS)
def test_organizers_see_it_and_nobody_else_does(ask, jam, organizer, phase):
    here = f"/jams/{jam.slug}/desk/"
    assert ask(None, here, phase).url == f"/accounts/login/?next={here}"
    for other in (UserFactory(), ParticipationFactory(jam=jam).user, UserFactory(is_staff=True)):
        assert ask(other, here, phase).status_code == 403
        assert here not in ask(other, jam.get_absolute_url(), phase).content.decode()
    for one in (organizer, UserFactory(is_superuser=True)):
        assert ask(one, here, phase).status_code == 200
        assert here in ask(one, jam.get_absolute_url(), phase).content.decode()


def test_the_desk_of_a_draft_is_there_for_its_organizers_alone(ask, organizer):
    draft = JamFactory(published_at=None)
    draft.organizers.add(organizer)
    here = f"/jams/{draft.slug}/desk/"
    assert ask(organizer, here).status_code == 200
    assert ask(UserFactory(), here).status_code == 404


@pytest.mark.parametrize("phase", ["announced", "rating", "finished"])
def test_every_page_for_organizers_shows_the_way_to_the_others(ask, jam, organizer, phase):
    pages = [page for _group, own in navigation_of(jam, organizer, phase).groups for page in own]
    assert len({page.name for page in pages}) == len(pages) > 10
    for page in pages:
        if page.to_come or page.name in ALONE:
            continue
        said = ask(organizer, page.url, phase).content.decode()
        assert 'aria-label="Pages for organizers"' in said, page
        assert f'<a href="{page.url}" aria-current="page">{page.label}</a>' in said, page


def test_others_are_shown_no_way_to_pages_for_organizers(ask, jam):
    participant = ParticipationFactory(jam=jam).user
    for path in ("schedule", "participants", "announcements", "sites"):
        said = ask(participant, f"/jams/{jam.slug}/{path}/").content.decode()
        assert "Pages for organizers" not in said


def test_pages_that_mean_nothing_yet_say_when_they_will(ask, jam, organizer):
    said = ask(organizer, f"/jams/{jam.slug}/desk/", "rating").content.decode()
    assert "Integrity <small>from Sun 19 May</small>" in said
    assert "/rate/integrity/" not in said
    assert (
        "/rate/integrity/" in ask(organizer, f"/jams/{jam.slug}/desk/", "counting").content.decode()
    )


def test_who_may_not_use_the_admin_is_not_led_there(jam, organizer):
    plain = UserFactory()
    jam.organizers.add(plain)
    names = {
        user: {
            page.name for _group, own in navigation_of(jam, user, "making").groups for page in own
        }
        for user in (plain, organizer)
    }
    assert names[organizer] - names[plain] == {"settings", "admin"}
