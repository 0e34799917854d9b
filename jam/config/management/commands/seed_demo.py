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

from jam import parts, proposing, timeline
from jam import services as jam_services
from jam.config.demo import (
    announcements,
    declarations,
    feedback,
    files,
    hackathon,
    interest,
    jury,
    other_jams,
    places,
    prizes,
    reproducing,
    schedule,
    typos,
)
from jam.config.demo.discussion import DISCUSSION
from jam.config.demo.ideas import BUILDS_ON, CONTINUED, GREW_FROM, IDEAS
from jam.config.demo.later import LATER
from jam.config.demo.logins import LOGINS, PASSWORD
from jam.config.demo.looking import look_for_teams
from jam.config.demo.people import PEOPLE
from jam.config.demo.submissions import SUBMISSIONS
from jam.models import Host, Idea, Jam, Message, Resource, ScheduleItem, User
from jam.timeline import BOUNDARIES
from ratings import attesting, awarding
from ratings import services as rating_services
from ratings.freezing import results_of
from ratings.models import Criterion, Judge, Prize
from sites import services as site_services
from sites.models import LocalSite
from submissions import crediting, freezing
from submissions import services as submission_services
from submissions.models import Question, Role, Submission, SubmissionRules, Track

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
        # Of its own, so that the stars do not depend on it.
        self.chance_of_running = random.Random(2024)  # noqa: S311

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
                orcid="" if place % 3 else "".join(declarations.ORCIDS[place // 3 :][:1]),
                time_zone=person["time_zone"],
            )
            for place, person in enumerate(PEOPLE)
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
        for order, track in enumerate(prizes.TRACKS.get(jam.slug, [])):
            Track.objects.create(
                jam=jam, order=order, name=track["name"], description=track["description"]
            )
        SubmissionRules.objects.filter(jam=jam).update(blind=texts.get("blind", False))
        for order, asked in enumerate(declarations.QUESTIONS.get(jam.slug, [])):
            fields = {name: value for name, value in asked.items() if name != "answers"}
            Question.objects.create(jam=jam, order=order, **fields)
        for order, criterion in enumerate(prizes.FOR_JUDGES.get(jam.slug, []), start=100):
            Criterion.objects.create(jam=jam, order=order, judges_only=True, **criterion)
        return jam_services.publish(jam=jam, by=self.organizer, moment=announced)

    # -- what happens in them ------------------------------------------------------------------

    def play(self, jam: Jam, data: Any, works: list[dict[str, Any]]) -> None:
        sites = self.make_sites(jam, part_of(data, "sites"))
        schedule.make(jam, self.organizer)
        self.make_prizes(jam, sites)
        self.join_all(jam, sites, works)
        places.bring_to_life(jam, self.organizer, self.now)
        self.propose_ideas(jam)
        announcements.announce(jam)
        made = [
            (self.make_submission(jam, sites, work, number), work)
            for number, work in enumerate(works)
        ]
        interest.tell(jam, self.organizer, self.now)
        if not timeline.closing_due(jam, self.now):
            if jam.starts_at < self.now:
                look_for_teams(jam, self.now)
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
        self.add_later(jam)
        for number, reason in declarations.CORRECTIONS.get(jam.slug, {}).items():
            submission = made[number][0]
            first, second, *others = submission.contributors.select_related("user")
            crediting.correct_contributors(
                submission=submission,
                by=self.organizer,
                order=[contributor.user for contributor in (second, first, *others)],
                reason=reason,
                moment=jam.ratings_open_at + 20 * HOUR,
            )
        self.place_awards(jam)
        if results_of(jam, min(self.now, jam.results_at)):
            self.tell_what_became(made)
            self.discuss(made, jam)
            self.certify(jam)

    def make_prizes(self, jam: Jam, sites: list[LocalSite]) -> None:
        tracks = {track.name: track for track in jam.tracks.all()}
        for order, prize in enumerate(prizes.PRIZES.get(jam.slug, [])):
            where = {"track": tracks.get(prize.get("track"))}
            if "site" in prize:
                where["site"] = sites[prize["site"]]
            Prize.objects.create(jam=jam, order=order, **{**prize, **where})

    def place_awards(self, jam: Jam) -> None:
        for prize, title, why in prizes.AWARDS.get(jam.slug, []):
            awarding.place_award(
                prize=jam.prizes.get(title=prize),
                submission=jam.submissions.get(frozen__title=title),
                by=self.organizer,
                why=why,
                moment=jam.ratings_close_at + HOUR,
            )

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

    def propose_ideas(self, jam: Jam) -> None:
        moment = min(jam.starts_at, self.now) - 2 * HOUR
        for number, idea in enumerate(IDEAS[jam.slug]):
            author, at = self.people[idea["by"]], moment + number * HOUR / 4
            self.join(jam, author, at)
            said = {name: value for name, value in idea.items() if name != "by"}
            proposing.propose(jam=jam, by=author, **said, moment=at)

    def make_submission(
        self, jam: Jam, sites: list[LocalSite], work: dict[str, Any], number: int
    ) -> Submission:
        team = [self.people[key] for key in work["team"]]
        if number == 0:
            # The contributor's log-in is on the first team of each jam.
            team.append(self.logins["contributor"])
        begun = jam.starts_at + self.chance.uniform(0.5, 6) * HOUR
        submission = submission_services.start(jam=jam, by=team[0], moment=begun)
        for user in team[1:]:
            submission_services.join_team(submission=submission, user=user, moment=begun)
        track = track_of(jam, work)
        ai_use, ai_tools = declarations.AI_TOOLS[number % len(declarations.AI_TOOLS)]
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
                "track": track,
                "track_reason": declarations.TRACK_REASONS[track.name] if track else "",
                "ai_use": ai_use,
                "ai_tools": ai_tools,
            },
            answers=answers_of(jam, number),
            links=work["links"],
            version=submission.version,
            moment=begun + HOUR,
        )
        self.name_origins(submission, team[0], begun + HOUR)
        for user, roles in zip(team, declarations.ROLES, strict=False):
            submission = submission_services.save_draft(
                submission=submission,
                by=user,
                fields={},
                links=None,
                part={"roles": [role for role in Role.values if role in roles]},
                version=submission.version,
                moment=begun + HOUR,
            )
        if number == 0 and jam.starts_at < self.now < jam.submissions_close_at:
            keys = [user.pk for user in team]
            submission_services.propose_order(
                submission=submission, by=team[1], order=[keys[1], keys[0], *keys[2:]], seen=keys,
                moment=begun + HOUR,
            )  # fmt: skip
        for kind in work["files"]:
            self.add_file(submission, team[0], kind, work, begun + 2 * HOUR)
        if work["state"] in ("handed_in", "withdrawn"):
            close = min(jam.submissions_close_at, self.now)
            moment = max(begun + 3 * HOUR, close - self.chance.uniform(0.1, 9) * HOUR)
            submission_services.hand_in(
                submission=submission, by=team[0], moment=min(moment, close - HOUR / 60)
            )
        return submission

    def name_origins(self, submission: Submission, by: User, moment: datetime) -> None:
        ideas = Idea.objects.filter(title__in=GREW_FROM.get(submission.title, []))
        works = Submission.objects.filter(frozen__title__in=BUILDS_ON.get(submission.title, []))
        add = [("idea", idea.pk) for idea in ideas] + [("earlier", work.pk) for work in works]
        if add:
            submission_services.choose_origins(submission=submission, by=by, add=add, moment=moment)

    def tell_what_became(self, made: list[tuple[Submission, dict[str, Any]]]) -> None:
        for submission, work in made:
            for told in CONTINUED.get(work["title"], []):
                submission_services.add_continuation(
                    submission=submission,
                    by=self.people[work["team"][0]],
                    moment=self.now,
                    **told,
                )

    def certify(self, jam: Jam) -> None:
        """Those who log in have had certified what they did, save the last of it."""
        moment = min(self.now, jam.results_at + timedelta(hours=1))
        for email, *_rest in LOGINS:
            user = User.objects.get(email=email)
            for merit in parts.merits_of(jam, user, moment)[:-1]:
                submission_services.issue(jam=jam, user=user, key=merit.key, moment=moment)

    def discuss(self, made: list[tuple[Submission, dict[str, Any]]], jam: Jam) -> None:
        for submission, work in made:
            team = {"team": self.people[work["team"][0]]}
            moment = jam.results_at + 5 * HOUR
            for by, text, answers in DISCUSSION.get(work["title"], []):
                thread = None
                for who, words in [(by, text), *answers]:
                    said = submission_services.comment(
                        submission=submission,
                        by=team.get(who) or self.people[who],
                        text=words,
                        answers_to=thread,
                        moment=moment,
                    )
                    thread, moment = thread or said, moment + 3 * HOUR

    def add_later(self, jam: Jam) -> None:
        """What teams corrected on the second day of rating."""
        for submission in Submission.objects.filter(jam=jam, frozen__title__in=LATER):
            changes = dict(LATER[submission.frozen.title])
            by = submission.contributors.first().user
            moment = min(jam.ratings_open_at + 26 * HOUR, self.now)
            body = submission.body
            for old, new in changes.pop("body"):
                body = body.replace(old, new)
            note = changes.pop("note")
            submission_services.save_draft(
                submission=submission,
                by=by,
                fields={"body": body, **changes},
                links=None,
                version=submission.version,
                moment=moment,
            )
            submission_services.add_later(submission=submission, by=by, note=note, moment=moment)

    def add_file(
        self, submission: Submission, by: User, kind: str, work: dict[str, Any], moment: datetime
    ) -> None:
        names = [contributor.user.display_name for contributor in submission.contributors.all()]
        if kind == "report":
            content = files.report(work["title"], names, work["abstract"], work["body"])
        elif kind == "archive":
            content = files.archive(work["title"], work["abstract"])
        elif work["title"] == typos.TITLE:
            content = typos.notebook()
        else:
            content = files.notebook(work["title"], work["abstract"], work["quality"] > 0)
        called = {"report": "report.pdf", "notebook": "experiments.ipynb", "archive": "code.zip"}
        submission_services.add_file(
            submission=submission, by=by, upload=ContentFile(content, called[kind]), moment=moment
        )

    # -- rating --------------------------------------------------------------------------------

    def rate_all(self, jam: Jam, made: list[tuple[Submission, dict[str, Any]]]) -> None:
        """As many ratings for each work as its texts say, by raters who are strict or mild."""
        raters = {user: self.chance.gauss(0, 0.4) for user in self.people.values()}
        raters[self.logins["rater"]] = 0.1
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
                self.rate(submission, rater, work["quality"] + raters[rater], moment)
                if "notebook" in work["files"]:
                    self.run_it(submission, rater, moment)
        if jam.ratings_close_at < self.now:
            self.judge_all(jam, made)
            self.praise(jam)

    def judge_all(self, jam: Jam, made: list[tuple[Submission, dict[str, Any]]]) -> None:
        """Three judges give stars to everything that is rated."""
        for person in jury.JURY:
            Judge.objects.create(jam=jam, user=self.make_known(person))
        moment = jam.ratings_close_at - 5 * HOUR
        judges = {judge.user: self.chance.gauss(0, 0.3) for judge in jam.judges.all()}
        for submission, work in made:
            if submission_of(submission).frozen_id is not None:
                for judge, leaning in judges.items():
                    self.rate(submission, judge, work["quality"] + leaning, moment, signed=True)

    def praise(self, jam: Jam) -> None:
        """Three friends of a team sign up within one hour and give it all the stars there are."""
        praised = jam.submissions.get(frozen__title=jury.PRAISED)
        moment = jam.ratings_close_at - timedelta(days=2)
        for minutes, person in enumerate(jury.FRIENDS):
            friend = self.make_known(person)
            friend.date_joined = moment + timedelta(minutes=4 * minutes)
            friend.save(update_fields=["date_joined"])
            self.rate(praised, friend, 9, friend.date_joined + HOUR / 2, signed=False)

    def make_known(self, person: dict[str, str]) -> User:
        return self.make_person(
            f"{person['key']}@peerjam.example",
            display_name=person["name"],
            affiliation=person["affiliation"],
        )

    def rate(
        self,
        submission: Submission,
        rater: User,
        leaning: float,
        moment: datetime,
        signed: bool | None = None,
    ) -> None:
        """A complete rating, most with some words, some with many."""
        criteria = submission.jam.criteria.all()
        if not submission.jam.judges.filter(user=rater).exists():
            criteria = criteria.filter(judges_only=False)
        given = {
            criterion.pk: rating_services.Given(
                stars=self.stars(leaning),
                remark=self.sometimes(feedback.CRITERION_REMARKS.get(criterion.name, [""]), 0.15),
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
            signed=self.chance.random() < 0.4 if signed is None else signed,
            moment=moment,
        )

    def run_it(self, submission: Submission, rater: User, moment: datetime) -> None:
        """Some raters run what there is to run, and say how it went."""
        chance = self.chance_of_running
        if chance.random() > 0.3:
            return
        shares = reproducing.SHARES
        [outcome] = chance.choices(list(shares), list(shares.values()))
        attesting.attest(
            submission=submission,
            rater=rater,
            fields={
                "outcome": outcome,
                "environment": chance.choice(reproducing.WHERE),
                "minutes": chance.randrange(5, 90, 5),
                "word": chance.choice(reproducing.WORDS[outcome]),
                "signed": chance.random() < 0.5,
            },
            moment=moment,
        )

    def stars(self, leaning: float) -> int:
        return min(5, max(1, round(3.2 + leaning + self.chance.gauss(0, 0.8))))

    def sometimes(self, texts: list[str], share: float) -> str:
        return self.chance.choice(texts) if self.chance.random() < share else ""


def submission_of(submission: Submission) -> Submission:
    """The submission as it is now."""
    return Submission.objects.get(pk=submission.pk)


def track_of(jam: Jam, work: dict[str, Any]) -> Track | None:
    """The track that the tags of a work fit."""
    tracks = prizes.TRACKS.get(jam.slug, [])
    for track in tracks:
        if track["tags"].intersection(work["tags"]) or track is tracks[-1]:
            return jam.tracks.get(name=track["name"])
    return None


def answers_of(jam: Jam, number: int) -> dict[int, str]:
    """What the team of that number answers to the jam's questions."""
    asked = declarations.QUESTIONS.get(jam.slug, [])
    return {
        question.pk: texts["answers"][number % len(texts["answers"])]
        for question, texts in zip(jam.submission_questions.all(), asked, strict=True)
    }


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
