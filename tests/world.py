"""One jam with everybody in it, in a phase of its life, and every address of the product.

The trials in tests/config and tests/browser ask all of its addresses as all of its people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jam.config.demo import files
from jam.models import Participation
from ratings import freezing as ratings_freezing
from ratings.models import Criterion
from ratings.services import skip
from submissions import freezing, services
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, MessageFactory, ResourceFactory, ScheduleItemFactory
from tests.ratings.factories import JudgeFactory, rate
from tests.sites.factories import TYPED, LocalSiteFactory, PlaceFactory
from tests.submissions.factories import SubmissionFactory, hand_in

PHASES = ("draft", "announced", "making", "closing", "rating", "counting", "finished")
ROLES = (
    "visitor",
    "stranger",
    "unverified",
    "participant",
    "contributor",
    "rater",
    "site_organizer",
    "judge",
    "organizer",
    "staff",
    "superuser",
)


class Person(Client):
    """A client that keeps no state of its own, and answers 500 as a server would."""

    def request(self, **request: Any) -> HttpResponse:
        # Not the client's own: it copies the context of each template, and keeps cookies.
        return self.handler(self._base_environ(**request))


@dataclass(frozen=True)
class Address:
    """An entry of the URLconf: its name, or where it has none its route."""

    name: str
    route: str

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")

    @property
    def is_foreign(self) -> bool:
        """Of Django or of allauth."""
        return self.route.startswith(("admin/", "accounts/"))

    @property
    def is_of_a_jam(self) -> bool:
        return self.route.startswith("jams/<slug:slug>/")

    def path(self, values: dict[str, Any]) -> str:
        """The address with `values` put in: by "people/pk", after the segment before, or "pk"."""

        def value(found: re.Match) -> str:
            before, name = found["before"], found["a"] or found["b"]
            for key in (f"{before}/{name}", name):
                if key in values:
                    return f"{before}{found['slash']}{values[key]}"
            raise LookupError(
                f"Put a value for “{before}/{name}” of {self.route} into World.values."
            )

        placeholder = (
            r"(?P<before>[\w-]*)(?P<slash>/?)(?:<(?:\w+:)?(?P<a>\w+)>|\(\?P<(?P<b>\w+)>[^)]*\))"
        )
        return "/" + re.sub(placeholder, value, re.sub(r"(?<=/)\^|\$$", "", self.route))


def addresses() -> list[Address]:
    """Every address of the URLconf."""

    def walk(resolver: URLResolver, route: str, names: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            longer = route + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield Address(names + entry.name if entry.name else longer, longer)
            else:
                space = f"{names}{entry.namespace}:" if entry.namespace else names
                yield from walk(entry, longer, space)

    return list(walk(get_resolver(), "", ""))


class World:
    """A jam in `phase`, with a submission, a site and people of every role; `at` sets the clock."""

    def __init__(self, phase: str, at: Any):
        self.phase = phase
        self.moment = MOMENTS.get(phase, MOMENTS["announced"])
        at(self.moment)
        self._announce()
        self._make()
        if phase in PHASES[PHASES.index("closing") :]:
            assert freezing.close(self.jam, self.moment)
        if phase in PHASES[PHASES.index("rating") :]:
            self._rate()
        if phase == "finished":
            assert ratings_freezing.results_of(self.jam, self.moment)
        if phase == "draft":
            self.jam.published_at = None
            self.jam.save()
        self.clients = {role: Person() for role in ROLES}
        for role, user in self.people.items():
            self.clients[role].force_login(user, "django.contrib.auth.backends.ModelBackend")

    def _announce(self) -> None:
        staff = {"is_staff": True}
        fields = {"unverified": {"verified": False}, "organizer": staff, "staff": staff,
                  "superuser": {"is_superuser": True, **staff}}  # fmt: skip
        self.people = {
            role: UserFactory(display_name=role.title(), **fields.get(role, {}))
            for role in ROLES
            if role != "visitor"
        }
        people = self.people
        self.jam = JamFactory(title="Night of Circuits", slug="night", description="## What\n\n$x$")
        self.jam.criteria.exclude(order__lt=2).delete()
        self.jam.organizers.add(people["organizer"])
        HostFactory(jam=self.jam)
        ResourceFactory(jam=self.jam)
        ScheduleItemFactory(jam=self.jam, speaker="A speaker", description="*What*")
        MessageFactory(user=people["stranger"], to=people["stranger"].email)
        JudgeFactory(jam=self.jam, user=people["judge"])
        for role in ("participant", "contributor", "site_organizer"):
            ParticipationFactory(jam=self.jam, user=people[role])
        self.site = LocalSiteFactory(jam=self.jam, organizer=people["site_organizer"])
        PlaceFactory(site=self.site, participation=people["site_organizer"].participations.get())

    def _make(self) -> None:
        """What is handed in, what is changed afterwards, and what is never finished."""
        jam, site = self.jam, self.site
        self.submission = SubmissionFactory(
            jam=jam, site=site, by=self.people["contributor"], tags="first, second"
        )
        self.submission.links.create(kind="demo", url="https://example.org/demo", label="Demo")
        add = {"submission": self.submission, "by": self.people["contributor"],
               "moment": MOMENTS["making"]}  # fmt: skip
        report = files.report("Work", ["A"], "We asked", "We looked")
        self.file = services.add_file(upload=ContentFile(report, "report.pdf"), **add)
        self.revision = hand_in(self.submission)
        self.others = [SubmissionFactory(jam=jam, title=f"Other work {n}") for n in range(3)]
        for other in self.others:
            hand_in(other)
        # Handed in, and since then written on: incomplete, so that the deadline takes the first.
        self.others[0].title, self.others[0].licence = "Written on", ""
        self.others[0].save()
        self.draft = SubmissionFactory(jam=jam, title="Never finished", licence="")

    def _rate(self) -> None:
        for number, submission in enumerate([self.submission, *self.others]):
            stars = [1 + number, 2 + number]
            for rater in ("rater", "judge", "organizer"):
                if rater == "rater" or number:
                    rate(submission, *stars, by=self.people[rater], strong="words")
            rate(submission, *stars, by=UserFactory(), weak="words")
        rate(self.others[1], 4, None, by=UserFactory(), next="words of a draft")
        skip(submission=self.others[2], rater=UserFactory(), reason="?", moment=MOMENTS["rating"])

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(self.jam.criteria.all())

    @cached_property
    def values(self) -> dict[str, Any]:
        """What stands in an address, by its name, or by the segment before it and its name."""
        return {
            "slug": self.jam.slug,
            "pk": self.submission.pk,
            "sites/pk": self.site.pk,
            "people/pk": self.people["participant"].pk,
            "number": self.revision.number,
            "file_pk": self.file.pk,
            "token": self.submission.invitation,
            # Of allauth.
            "key": "no-such-key",
            "uidb36": "1",
            # Of the admin.
            "app_label": "jam",
            "content_type_id": ContentType.objects.get_for_model(Participation).pk,
            "r//object_id": 1,
            "id": self.people["participant"].pk,
            "url": "nowhere",
            **{
                f"{model._meta.model_name}/object_id": self.row_of(model)
                for model in apps.get_models()
            },
            "/object_id": 1,
        }

    def row_of(self, model: type) -> Any:
        """A row of `model` for its pages in the admin; 0 where there is none."""
        own = {"submission": self.submission, "user": self.people["participant"],
               "jam": self.jam, "localsite": self.site}  # fmt: skip
        row = own.get(model._meta.model_name) or model._default_manager.first()
        return row.pk if row else 0

    def upload(self) -> ContentFile:
        """A report that nobody has handed in yet."""
        return ContentFile(files.report("New", ["A"], "We asked", "We looked"), "new.pdf")

    def posted(self, name: str) -> dict[str, Any]:
        """What is posted to the address `name`, so that what is allowed is also done."""
        stars = {f"stars_{criterion.pk}": "2" for criterion in self.criteria}
        draft = {"title": "New", "version": self.submission.version,
                 "links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}  # fmt: skip
        return {
            "jam:profile": {"display_name": "New", "time_zone": "UTC"},
            "sites:propose": TYPED,
            "sites:edit": TYPED,
            "submissions:edit": draft,
            "submissions:autosave": draft,
            "submissions:upload": {"file": self.upload()},
            "ratings:submission": stars,
            "ratings:autosave": stars,
        }.get(name, {})

    def path(self, address: Address) -> str:
        return address.path(self.values)
