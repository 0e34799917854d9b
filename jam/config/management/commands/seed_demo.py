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
from jam import timeline
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
            self.play(self.make_other_jam(data), data, data["submissions"])
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

    def play(self, jam: Jam, data: Any, works: list[dict[str, Any]]) -> None:
        sites = self.make_sites(jam, part_of(data, "sites"))
        self.join_all(jam, sites, works)
        made = [
            # The contributor's log-in is on the first team of each jam.
            (self.make_submission(jam, sites, work, also=number == 0), work)
            for number, work in enumerate(works)
        ]
        if not timeline.closing_due(jam, self.now):
            return
        freezing.close(jam, jam.submissions_close_at + timeline.SETTLING)
        self.rate_all(jam, made)
        for submission, work in made:
            if work["state"] == "withdrawn":
                submission_services.withdraw(
                    submission=submission,
                    by=self.people[work["team"][0]],
                    moment=jam.ratings_open_at + 30 * HOUR,
                )
        results_of(jam, min(self.now, jam.results_at))

    def make_sites(self, jam: Jam, sites: list[dict[str, Any]]) -> list[LocalSite]:
        moment = jam.published_at + 24 * HOUR if jam.published_at < self.now else self.now
        made = []
        for place, texts in enumerate(sites):
            proposer = (
                self.logins["site"]
                if place == 0
                else self.chance.choice(list(self.people.values()))
            )
            self.join(jam, proposer, moment)
            site = site_services.propose(
                jam=jam, by=proposer, fields={n: texts[n] for n in SITE_FIELDS}, moment=moment
            )
            if "declined" in texts:
                site_services.decline(
                    site=site, by=self.organizer, reason=texts["declined"], moment=moment
                )
            elif not texts.get("proposed"):
                site_services.approve(site=site, by=self.organizer, moment=moment)
                site_services.set_open(site=site, by=proposer, is_open=True, moment=moment)
            made.append(site)
        return made

    def join(self, jam: Jam, user: User, moment: datetime) -> None:
        if not jam.participations.filter(user=user).exists():
            jam_services.join(jam=jam, user=user, moment=moment)

    def join_all(self, jam: Jam, sites: list[LocalSite], works: list[dict[str, Any]]) -> None:
        """The teams, with a place where their work was made, and others who only look on."""
        moment = min(jam.starts_at, self.now) - 3 * HOUR
        joining = {key: work["site"] for work in works for key in work["team"]}
        for key in self.chance.sample(sorted(self.people), 24):
            joining.setdefault(key, None)
        for key, site in joining.items():
            user = self.people[key]
            self.join(jam, user, moment)
            if site is not None:
                site_services.join(
                    site=sites[site], user=user, shown=self.chance.random() < 0.8, moment=moment
                )
        # The logins of roles; a contributor needs something to contribute to.
        self.join(jam, self.logins["contributor"], moment)
        if jam.starts_at < self.now < jam.submissions_close_at:
            self.join(jam, self.logins["participant"], moment)

    def make_submission(
        self, jam: Jam, sites: list[LocalSite], work: dict[str, Any], also: bool
    ) -> Submission:
        team = [self.people[key] for key in work["team"]]
        if also:
            team.append(self.logins["contributor"])
        begun = jam.starts_at + self.chance.uniform(0.5, 6) * HOUR
        submission = submission_services.start(jam=jam, by=team[0], moment=begun)
        for user in team[1:]:
            submission_services.join_team(submission=submission, user=user, moment=begun)
        submission = submission_services.save_draft(
            submission=submission,
            by=team[0],
            fields={
                "title": work["title"],
                "abstract": work["abstract"],
                "body": work["body"],
                "tags": ", ".join(work["tags"]),
                "licence": work["licence"],
                "commit": work["commit"],
                "site": None if work["site"] is None else sites[work["site"]],
            },
            links=work["links"],
            version=submission.version,
            moment=begun + HOUR,
        )
        for kind in work["files"]:
            self.add_file(submission, team[0], kind, work, begun + 2 * HOUR)
        if work["state"] in ("handed_in", "withdrawn"):
            close = min(jam.submissions_close_at, self.now)
            moment = max(begun + 3 * HOUR, close - self.chance.uniform(0.1, 9) * HOUR)
            submission_services.hand_in(
                submission=submission, by=team[0], moment=min(moment, close - HOUR / 60)
            )
        return submission

    def add_file(
        self, submission: Submission, by: User, kind: str, work: dict[str, Any], moment: datetime
    ) -> None:
        names = [contributor.user.display_name for contributor in submission.contributors.all()]
        if kind == "report":
            content = files.report(work["title"], names, work["abstract"], work["body"])
        else:
            content = files.notebook(work["title"], work["abstract"])
        name = {"report": "report.pdf", "notebook": "experiments.ipynb"}[kind]
        submission_services.add_file(
            submission=submission, by=by, upload=ContentFile(content, name), moment=moment
        )

    # -- rating --------------------------------------------------------------------------------

    def rate_all(self, jam: Jam, made: list[tuple[Submission, dict[str, Any]]]) -> None:
        """As many ratings for each work as its texts say, by raters who are strict or mild."""
        criteria = list(jam.criteria.all())
        raters = {user: self.chance.gauss(0, 0.4) for user in self.people.values()}
        raters[self.logins["rater"]] = 0.1
        if jam.ratings_close_at > self.now:
            Judge.objects.create(jam=jam, user=self.logins["judge"])
        end = min(jam.ratings_close_at, self.now) - HOUR
        for submission, work in made:
            if submission_of(submission).frozen_id is None:
                continue
            team = {self.people[key] for key in work["team"]}
            willing = [user for user in raters if user not in team]
            for rater in self.chance.sample(willing, work["ratings"]):
                span = end - jam.ratings_open_at
                moment = jam.ratings_open_at + self.chance.random() * span
                given = {
                    criterion.pk: rating_services.Given(
                        stars=self.stars(work["quality"] + raters[rater]),
                        remark=self.sometimes(feedback.CRITERION_REMARKS[criterion.name], 0.15),
                    )
                    for criterion in criteria
                }
                rating_services.save(
                    submission=submission,
                    rater=rater,
                    scores=given,
                    strong=self.sometimes(feedback.STRONG, 0.7),
                    weak=self.sometimes(feedback.WEAK, 0.6),
                    next=self.sometimes(feedback.NEXT, 0.4),
                    signed=self.chance.random() < 0.4,
                    moment=moment,
                )

    def stars(self, leaning: float) -> int:
        return min(5, max(1, round(3.2 + leaning + self.chance.gauss(0, 0.8))))

    def sometimes(self, texts: list[str], share: float) -> str:
        return self.chance.choice(texts) if self.chance.random() < share else ""


def submission_of(submission: Submission) -> Submission:
    """The submission as it is now."""
    return Submission.objects.get(pk=submission.pk)


def part_of(data: Any, name: str) -> list[dict[str, Any]]:
    """A list of the texts: a module has it in capitals, a dictionary by its key."""
    return getattr(data, name.upper()) if isinstance(data, ModuleType) else data[name]


def schedule_times(item: dict[str, Any], jam: Jam) -> dict[str, Any]:
    """A schedule item's fields, its times given outright or from the start of the jam."""
    fields = {
        name: item[name]
        for name in ("kind", "title", "speaker", "description", "stream_url", "recording_url")
    }
    if "starts_at" in item:
        ends_at = item["ends_at"] and datetime.fromisoformat(item["ends_at"])
        return {**fields, "starts_at": datetime.fromisoformat(item["starts_at"]),
                "ends_at": ends_at}  # fmt: skip
    starts_at = jam.starts_at + item["starts_in_hours"] * HOUR
    ends_at = starts_at + item["hours"] * HOUR if item["hours"] else None
    return {**fields, "starts_at": starts_at, "ends_at": ends_at}
