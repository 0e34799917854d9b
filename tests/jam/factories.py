from __future__ import annotations

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from jam.models import Host, Idea, Message, Resource, ScheduleItem
from jam.words import folded
from tests.factories import (
    MOMENTS,
    RATINGS_CLOSE,
    RATINGS_OPEN,
    RESULTS,
    START,
    SUBMISSIONS_CLOSE,
    JamFactory,
    UserFactory,
)

# The five instants of a jam.
TIMES = {
    "starts_at": START,
    "submissions_close_at": SUBMISSIONS_CLOSE,
    "ratings_open_at": RATINGS_OPEN,
    "ratings_close_at": RATINGS_CLOSE,
    "results_at": RESULTS,
}


class HostFactory(DjangoModelFactory):
    class Meta:
        model = Host

    jam = factory.SubFactory(JamFactory)
    name = factory.Sequence(lambda n: f"Host {n}")


class ResourceFactory(DjangoModelFactory):
    class Meta:
        model = Resource

    jam = factory.SubFactory(JamFactory)
    kind = Resource.Kind.NOTEBOOK
    title = factory.Sequence(lambda n: f"Notebook {n}")
    url = "https://example.org/notebook"


class ScheduleItemFactory(DjangoModelFactory):
    class Meta:
        model = ScheduleItem

    jam = factory.SubFactory(JamFactory)
    kind = ScheduleItem.Kind.TALK
    title = factory.Sequence(lambda n: f"Talk {n}")
    starts_at = START + timedelta(hours=5)
    ends_at = START + timedelta(hours=6)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    to = factory.Sequence(lambda n: f"person{n}@example.org")
    key = factory.Sequence(lambda n: f"key-{n}")
    subject = "News"
    text = "Something happened."
    created_at = MOMENTS["announced"]


class IdeaFactory(DjangoModelFactory):
    class Meta:
        model = Idea

    jam = factory.SubFactory(JamFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Idea {n}")
    text = "What one could try."
    words = factory.LazyAttribute(lambda idea: folded(f"{idea.title} {idea.text}"))
    proposed_at = MOMENTS["announced"]
