from __future__ import annotations

import random
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.management import BaseCommand
from django.db import transaction
from django.utils import timezone

from jam import services as jam_services
from jam.config.demo import feedback, files, hackathon, other_jams
from jam.config.demo.logins import LOGINS, PASSWORD
from jam.config.demo.people import PEOPLE
from jam.config.demo.submissions import SUBMISSIONS
from jam.models import Host, Jam, Message, Resource, ScheduleItem, User
from jam.timeline import BOUNDARIES
from ratings import services as rating_services
from ratings.freezing import results_of
from ratings.models import Judge
from sites import services as site_services
from sites.models import LocalSite
from submissions import freezing
from submissions import services as submission_services
from submissions.models import Submission

HOUR = timedelta(hours=1)
SITE_FIELDS = (
    "name", "venue", "address", "city", "country", "time_zone", "latitude", "longitude",
    "capacity", "access", "facilities", "contact", "hours",
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration: four jams and a log-in for each role."

    def handle(self, **options) -> None:
        if Jam.objects.filter(slug=hackathon.JAM["slug"]).exists():
            return
        self.stdout.write("Making the demonstration's data …")
        with transaction.atomic():
            Seeder(timezone.now().replace(minute=0, second=0, microsecond=0)).run()


class Seeder:
    """Plays the jams through the services, each act at its own moment, `now` being the last."""

    def __init__(self, now: datetime):
        self.now = now
        # The same data each time.
        self.chance = random.Random(2023)  # noqa: S311

    def run(self) -> None:
        self.make_people()
        self.play(self.make_hackathon(), hackathon, SUBMISSIONS)
        for data in other_jams.JAMS:
            self.play(self.make_other_jam(data), data, data.get("submissions", []))
        # None of these people reads mail.
        Message.objects.update(sent_at=self.now)

    # -- people --------------------------------------------------------------------------------

    def make_people(self) -> None:
        self.people = {
            person["key"]: self.make_person(
                f"{person['key']}@peerjam.example",
                display_name=person["name"],
                affiliation=person["affiliation"],
                bio=person["bio"],
                time_zone=person["time_zone"],
            )
            for person in PEOPLE
        }
        self.logins = {
            email.split("@")[0]: self.make_person(email, PASSWORD, display_name=name)
            for email, name, _role in LOGINS
        }
        for role in ("organizer", "operator"):
            self.logins[role].is_staff = True
        self.logins["operator"].is_superuser = True
        for user in self.logins.values():
            user.save()
        self.organizer = self.logins["organizer"]

    def make_person(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = User.objects.create_user(email, password, **fields)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        return user

    # -- jams ----------------------------------------------------------------------------------

    def make_hackathon(self) -> Jam:
        times = {b.field: datetime.fromisoformat(hackathon.JAM[b.field]) for b in BOUNDARIES}
        jam = self.make_jam(hackathon.JAM, times, hackathon)
        for order, criterion in enumerate(hackathon.CRITERIA):
            lines = {f"guidance_{n}": line for n, line in enumerate(criterion["guidance"], 1)}
            jam.criteria.filter(name=criterion["name"]).update(
                order=order, question=criterion["question"], weight=criterion["weight"], **lines
            )
        return jam

    def make_other_jam(self, data: dict[str, Any]) -> Jam:
        starts_at = self.now + {
            "announced": timedelta(days=9, hours=3),
            "making": timedelta(hours=-20),
            "rating": timedelta(days=-6),
        }[data["phase"]]  # fmt: skip
        close = starts_at + timedelta(hours=48)
        rate = close + HOUR
        times = {
            "starts_at": starts_at,
            "submissions_close_at": close,
            "ratings_open_at": rate,
            "ratings_close_at": rate + timedelta(days=14),
            "results_at": rate + timedelta(days=15),
        }
        return self.make_jam(data, times, data)

    def make_jam(self, texts: dict[str, Any], times: dict[str, datetime], data: Any) -> Jam:
        announced = min(times["starts_at"] - timedelta(days=21), self.now)
        jam = Jam.objects.create(
            **{
                name: texts[name]
                for name in ("title", "slug", "tagline", "description", "hashtag", "hue")
            },
            **times,
        )
        jam_services.set_up(jam=jam, by=self.organizer, moment=announced)
        for order, host in enumerate(part_of(data, "hosts")):
            Host.objects.create(jam=jam, order=order, **host)
        for order, resource in enumerate(part_of(data, "resources")):
            Resource.objects.create(jam=jam, order=order, **resource)
        for item in part_of(data, "schedule"):
            ScheduleItem.objects.create(jam=jam, **schedule_times(item, jam))
        return jam_services.publish(jam=jam, by=self.organizer, moment=announced)

    # -- what happens in them ------------------------------------------------------------------

    def play(self, jam: Jam, data: Any, submissions: list[dict[str, Any]]) -> None:
        sites = self.make_sites(jam, part_of(data, "sites"))
        self.join_all(jam, sites, submissions)
        made = [self.make_submission(jam, sites, work) for work in submissions]
        if not jam.joining_window.is_over(self.now):
            return
        freezing.close(jam, jam.ratings_open_at)
        self.rate_all(jam, made)
        for submission, work in made:
            if work["state"] == "withdrawn":
                submission_services.withdraw(
                    submission=submission,
                    by=submission.contributors.first().user,
                    moment=min(jam.ratings_close_at, self.now) - HOUR,
                )
        results_of(jam, self.now)
