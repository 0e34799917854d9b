"""Resources and ideas in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jam.models import Act, IdeaTag, Interest, Worked
from jam.resources import MOST_STEPS
from tests.factories import START, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import IdeaFactory, ResourceFactory
from tests.jam.test_admin import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(at):
    at(START)


@pytest.fixture
def jam(client):
    user = UserFactory(is_staff=True)
    client.force_login(user)
    jam = JamFactory()
    jam.organizers.add(user)
    return jam


def row(n: int, **fields: str) -> dict[str, str]:
    return {f"resources-{n}-{name}": value for name, value in fields.items()}


def test_resources_are_saved_as_where_they_are_arranged(client, jam):
    moved, gone = (ResourceFactory(jam=jam, title=title, order=n, section="Read",
                                   link_asked_at=START)
                   for n, title in enumerate(("Moved", "Gone")))  # fmt: skip
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    data = form_of(client.get(url))
    data |= row(0, url="https://example.org/new") | row(1, DELETE="on")
    data |= row(2, title="Added", kind="paper", url="https://example.org/added", section="Read")
    data["resources-TOTAL_FORMS"] = "3"
    assert client.post(url, data).status_code == 302
    assert list(jam.resources.values_list("title", "order")) == [("Moved", 0), ("Added", 1)]
    moved.refresh_from_db()
    # A new address is looked at anew.
    assert (moved.url, moved.link_asked_at) == ("https://example.org/new", None)
    verbs = Act.objects.filter(target_type="jam.resource").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["removed", "changed", "added"]


def test_what_the_service_refuses_is_told(client, jam):
    for n in range(MOST_STEPS):
        ResourceFactory(jam=jam, order=n, starts_here=True)
    url = reverse("admin:jam_jam_change", args=[jam.pk])
    data = form_of(client.get(url))
    data |= row(MOST_STEPS, title="Too many", kind="paper", url="https://example.org/8",
                starts_here="on")  # fmt: skip
    data["resources-TOTAL_FORMS"] = str(MOST_STEPS + 1)
    page = client.post(url, data, follow=True).content.decode()
    assert "Too many: The path has seven steps." in page
    assert jam.resources.count() == MOST_STEPS


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", ["interest", "worked"])
def test_marks_are_for_operators_to_read(client, jam, django_assert_num_queries, model, rows):
    for participation in ParticipationFactory.create_batch(rows, jam=jam):
        user = participation.user
        Interest.objects.create(idea=IdeaFactory(jam=jam), user=user, marked_at=START)
        Worked.objects.create(resource=ResourceFactory(jam=jam), user=user, marked_at=START)
    marks = reverse(f"admin:jam_{model}_changelist")
    assert client.get(marks).status_code == 403
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    with django_assert_num_queries({"interest": 5, "worked": 5}[model]):
        assert client.get(marks).context["cl"].result_count == rows


def test_an_idea_is_shown_with_its_tags(client, jam):
    idea = IdeaFactory(jam=jam)
    IdeaTag.objects.create(idea=idea, name="Überraschung")
    page = client.get(reverse("admin:jam_idea_change", args=[idea.pk]))
    assert "Überraschung" in page.content.decode()
    assert client.post(reverse("admin:jam_idea_change", args=[idea.pk])).status_code == 403
