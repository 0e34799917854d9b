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

from jam import calendar_keys, choices
from jam.config.demo import files
from jam.models import Announcement, Idea, Participation, Report
from ratings import freezing as ratings_freezing
from ratings import judging
from ratings.attesting import attest
from ratings.models import Anchor, Criterion, Example, Practice, Prize, RatingRules
from ratings.services import declare_conflict, skip
from submissions import freezing, services
from submissions.models import (
    Answer,
    Card,
    Certificate,
    Comment,
    Continuation,
    Origin,
    Question,
    Submission,
    SubmissionRules,
    Track,
)
from tests.factories import MOMENTS, JamFactory, ParticipationFactory, UserFactory
from tests.jam.factories import HostFactory, MessageFactory, ResourceFactory, ScheduleItemFactory
from tests.ratings.factories import JudgeFactory, rate
from tests.sites.factories import (
    TYPED,
    InvitationFactory,
    LocalSiteFactory,
    PictureFactory,
    PlaceFactory,
    SiteItemFactory,
)
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

    def __init__(self, phase: str, at: Any, blind: bool = False):
        self.phase, self.blind = phase, blind
        self.moment = MOMENTS.get(phase, MOMENTS["announced"])
        at(self.moment)
        self._announce()
        self._make()
        if phase in PHASES[PHASES.index("closing") :]:
            assert freezing.close(self.jam, self.moment)
        self.comment = Comment.objects.create(
            submission=self.submission, author=self.people["participant"], text="Why *this*?",
            written_at=self.moment,
        )  # fmt: skip
        self.announcement = Announcement.objects.create(
            jam=self.jam, author=self.people["organizer"], title="Doors", text="Ring *twice*.",
            audience="site", audience_of=self.site.pk, audience_label="Loft",
            written_at=self.moment,
        )  # fmt: skip
        Report.objects.create(
            jam=self.jam, by=self.people["judge"], target_type="jam.idea", target_name="A loop",
            target_id=str(self.idea.pk), target_path=self.idea.get_absolute_url(), reason="Rude",
            made_at=self.moment,
        )  # fmt: skip
        if phase in PHASES[PHASES.index("rating") :]:
            self._rate()
        if phase == "finished":
            assert ratings_freezing.results_of(self.jam, self.moment)
            Comment.objects.create(
                submission=self.submission, author=self.people["stranger"], text="*Well*",
                written_at=self.moment, answers_to=self.comment,
            )  # fmt: skip
            Continuation.objects.create(
                submission=self.submission, kind="paper", title="A paper", year=2031,
                url="https://example.org/paper", added_at=self.moment,
                added_by=self.people["contributor"],
            )  # fmt: skip
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
        SubmissionRules.objects.filter(jam=self.jam).update(blind=self.blind)
        self.jam.criteria.exclude(order__lt=2).delete()
        self.jam.criteria.filter(order=1).update(shows_ladder=True)
        self.jam.organizers.add(people["organizer"])
        HostFactory(jam=self.jam)
        self.track = Track.objects.create(jam=self.jam, name="Circuits", description="*What*")
        Prize.objects.create(jam=self.jam, title="First prize", giver="The hosts")
        self.prize = Prize.objects.create(jam=self.jam, title="Our choice", kind="choice")
        self.resource = ResourceFactory(jam=self.jam)
        self.item = ScheduleItemFactory(jam=self.jam, speaker="A speaker", description="*What*")
        self.item.changes.create(jam=self.jam, was_at=MOMENTS["rating"], made_at=self.moment)
        self.calendar_key = calendar_keys.make(
            user=people["participant"], moment=MOMENTS["announced"]
        )
        MessageFactory(user=people["stranger"], to=people["stranger"].email)
        self.judge = JudgeFactory(jam=self.jam, user=people["judge"])
        _link, self.judge_secret = judging.invite_by_link(
            jam=self.jam,
            by=people["organizer"],
            name="Link",
            days=120,
            moment=MOMENTS["announced"],
        )
        RatingRules.objects.filter(jam=self.jam).update(ratings_file="always", appeals=True)
        example = Example.objects.create(jam=self.jam, title="An example", body="*How* it looks")
        Anchor.objects.create(
            example=example, criterion=self.jam.criteria.first(), stars=3, why="It is fair."
        )
        Practice.objects.bulk_create(
            Practice(jam=self.jam, user=user, done_at=MOMENTS["rating"])
            for role, user in people.items()
            if role != "stranger"
        )
        for role in ("participant", "contributor", "site_organizer"):
            ParticipationFactory(jam=self.jam, user=people[role])
        self.site = LocalSiteFactory(jam=self.jam, organizer=people["site_organizer"])
        self.place = PlaceFactory(
            site=self.site, participation=people["site_organizer"].participations.get()
        )
        self.site_picture = PictureFactory(site=self.site)
        self.invitation = InvitationFactory(
            site=self.site, user=people["judge"], by=people["site_organizer"]
        )
        self.site_item = SiteItemFactory(site=self.site)
        self.site_item.changes.create(site=self.site, was_at=MOMENTS["rating"], made_at=self.moment)

        participation = people["participant"].participations.get()
        self.card = Card.objects.create(
            jam=self.jam, participation=participation, author=people["participant"],
            text="Who draws?", time_zone="UTC", hours=1, shown_at=MOMENTS["announced"],
        )  # fmt: skip

        self.idea = Idea.objects.create(jam=self.jam, author=people["participant"], title="A loop",
                                        text="*Why*", proposed_at=MOMENTS["announced"])  # fmt: skip
        self.idea.interests.create(user=UserFactory(), marked_at=MOMENTS["announced"])
        self.resource.marks.create(user=UserFactory(), marked_at=MOMENTS["announced"])
        self.other_idea = Idea.objects.create(
            jam=self.jam, author=people["judge"], title="A knot", text="*Why*",
            proposed_at=MOMENTS["announced"],
        )  # fmt: skip

        self.certificate = Certificate.objects.create(
            kind="taking_part", jam=self.jam, user=people["participant"],
            facts={"name": "A", "jam": "J", "hosts": [], "sentence": "took part.", "details": [],
                   "values": {}},
            issued_at=MOMENTS["rating"],
        )  # fmt: skip

    def _make(self) -> None:
        """What is handed in, what is changed afterwards, and what is never finished."""
        jam, site = self.jam, self.site
        self.submission = SubmissionFactory(
            jam=jam, site=site, by=self.people["contributor"], tags="first, second",
            track=self.track,
        )  # fmt: skip
        self.submission.links.create(kind="demo", url="https://example.org/demo", label="Demo")
        Origin.objects.create(submission=self.submission, idea=self.idea)
        question = Question.objects.create(
            jam=jam, text="Is it new?", kind="choice", options="Yes\nNo"
        )
        Answer.objects.create(submission=self.submission, question=question, text="Yes")
        add = {"submission": self.submission, "by": self.people["contributor"],
               "moment": MOMENTS["making"]}  # fmt: skip
        report = files.report("Work", ["A"], "We asked", "We looked")
        self.file = services.add_file(upload=ContentFile(report, "report.pdf"), **add)
        self.upload_begun = services.begin_upload(
            submission=self.submission, by=self.people["contributor"], name="more.pdf", size=9,
            sha256="0" * 64, moment=MOMENTS["making"],
        )  # fmt: skip
        self.revision = hand_in(self.submission)
        self.others = [
            SubmissionFactory(jam=jam, title=f"Other work {n}", track=self.track) for n in range(3)
        ]
        for other in self.others:
            hand_in(other)
        # Handed in, and since then written on: incomplete, so that the deadline takes the first.
        self.others[0].title, self.others[0].licence = "Written on", ""
        self.others[0].save()
        self.draft = SubmissionFactory(jam=jam, title="Never finished", licence="")
        Answer.objects.create(submission=self.draft, question=question, text="Yes")

    def _rate(self) -> None:
        Submission.objects.filter(pk=self.submission.pk).update(body="We looked again.")
        services.add_later(submission=self.submission, by=self.people["contributor"],
                           note="We looked again.", moment=MOMENTS["rating"])  # fmt: skip
        for number, submission in enumerate([self.submission, *self.others]):
            stars = [1 + number, 2 + number]
            for rater in ("rater", "judge", "organizer"):
                if rater == "rater" or number:
                    rate(submission, *stars, by=self.people[rater], strong="words")
            rate(submission, *stars, by=UserFactory(), weak="words")
        rate(self.others[1], 4, None, by=UserFactory(), next="words of a draft")
        declare_conflict(submission=self.others[2], rater=UserFactory(), kind="close",
                         moment=MOMENTS["rating"])  # fmt: skip
        self._run()
        skip(submission=self.others[2], rater=UserFactory(), reason="?", moment=MOMENTS["rating"])

    def _run(self) -> None:
        """Those who ran something, or tried to: of the roles only the rater."""
        said = {"outcome": "with_changes", "environment": "Laptop", "minutes": 20, "word": "words",
                "signed": True}  # fmt: skip
        for submission in (self.submission, self.others[0]):
            for by in (self.people["rater"], UserFactory()):
                attest(submission=submission, rater=by, fields=said, moment=MOMENTS["rating"])

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
            "door/place": self.place.pk,
            "in/code": self.place.code,
            "pictures/picture": self.site_picture.pk,
            "organizers/invitation": self.invitation.pk,
            "sheet": 1,
            "judges/pk": self.judge.pk,
            "judge/secret": self.judge_secret,
            "ideas/pk": self.idea.pk,
            "schedule/pk": self.item.pk,
            "schedule/item_pk": self.site_item.pk,
            "calendar/key": self.calendar_key,
            "reports/pk": self.jam.reports.first().pk,
            "announcements/pk": self.announcement.pk,
            "resources/pk": self.resource.pk,
            "people/pk": self.people["participant"].pk,
            "exports/name": "participations",
            "form": "csv",
            "number": self.revision.number,
            "comment_pk": self.comment.pk,
            "card_pk": self.card.pk,
            "file_pk": self.file.pk,
            "upload_pk": self.upload_begun.pk,
            "token": self.submission.invitation,
            "file": "citation.bib",
            "code": self.certificate.code,
            "choice": choices.stopping_path(self.people["participant"], "comments").split("/")[-2],
            # Of allauth.
            "key": "no-such-key",
            "uidb36": "1",
            # Of the admin.
            "app_label": "jam",
            "model_name": "participation",
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
               "jam": self.jam, "localsite": self.site, "idea": self.idea}  # fmt: skip
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
        resource = {"title": "New", "url": "https://example.org/", "kind": "paper"}
        award = {"prize": self.prize.pk, "submission": self.others[1].pk, "why": "It dares."}
        card = {"text": "Who draws?", "time_zone": "UTC", "wakes_at": "8", "sleeps_at": "22"}
        return {
            "submissions:own_card": card,
            "submissions:team_card": card,
            "submissions:card": {"team": self.submission.pk, "text": "Join us"},
            "submissions:report_card": {"reason": "Why not"},
            "ratings:awards": award,
            "jam:privacy": {"answers": "90", "attendance": "90", "contacts": "180"},
            "ratings:judges": {"act": "link", "name": "New", "days": "5"},
            "ratings:judge": {"submission": self.others[0].pk},
            "ratings:note": {"text": "Well"},
            "jam:conduct": {"conduct": self.jam.conduct_digest},
            "jam:participants": {"shown": "yes"},
            "jam:announce": {
                "title": "Doors",
                "text": "Knock.",
                "audience": f"site-{self.site.pk}",
            },
            "jam:edit_announcement": {
                "title": "Doors",
                "text": "Knock.",
                "audience": f"site-{self.site.pk}",
            },
            "jam:mail_choices": {f"how-{name}": "now" for name in choices.kinds()}
            | {"quiet_from": "22", "quiet_until": "8", "digest_at": "9"},
            "jam:propose_idea": {"title": "New", "text": "Why"},
            "jam:edit_idea": {"title": "New", "text": "Why"},
            "jam:hide_idea": {"reason": "Why not"},
            "jam:arrange_resources": {"act": f"up-{self.resource.pk}"},
            "jam:add_resource": resource,
            "jam:change_resource": resource,
            "jam:report_resource": {"reason": "Why not"},
            "jam:merge_idea": {"into": self.other_idea.pk},
            "jam:profile": {"display_name": "New", "time_zone": "UTC"},
            "jam:calendar_key": {"act": "make"},
            "jam:organize_person": {"act": "ban", "reason": "Why not"},
            "ratings:submissions": {
                "act": "disqualify",
                "chosen": self.submission.pk,
                "disqualify-reason": "Why not",
            },
            "sites:move_person": {"to": self.site.pk, "reason": "Why not"},
            **{
                f"{app}:{act}_item": {
                    "title": "New",
                    "kind": "talk",
                    "reason": "Why not",
                    "starts_at": "2030-05-04T10:00",
                }
                for app in ("jam", "sites")
                for act in ("add", "edit", "cancel")
            },
            "sites:propose": TYPED,
            "sites:edit": TYPED,
            "submissions:certificates": {"key": "taking_part-0-"},
            "submissions:edit": draft,
            "submissions:origins": {"shown": f"idea-{self.idea.pk}"},
            "submissions:discussion": {"text": "Well"},
            "submissions:thread": {"text": "Well"},
            "submissions:edit_comment": {"text": "Well"},
            "submissions:hide_comment": {"reason": "Why not"},
            "submissions:report_comment": {"reason": "Why not"},
            "jam:report_idea": {"reason": "Why not"},
            "jam:report": {"reason": "Why not"},
            "jam:report_person": {"reason": "Why not"},
            "jam:report_thread": {"text": "Well"},
            "jam:reports": {"report": self.jam.reports.first().pk},
            "submissions:continued": {
                "kind": "post",
                "title": "New",
                "year": "2030",
                "url": "https://example.org/post",
            },
            "submissions:autosave": draft,
            "submissions:readme": {
                "act": "use",
                "text": "# New",
                "how": "replace",
                "version": self.submission.version,
            },
            "submissions:begin_upload": {"name": "new.pdf", "size": "9", "sha256": "1" * 64},
            "submissions:ask_time": {"text": "The power is out."},
            "submissions:add_later": {"note": "We looked again."},
            "submissions:upload": {"file": self.upload()},
            "ratings:submission": stars,
            "ratings:attest": {"outcome": "as_described", "environment": "New", "minutes": "5"},
            "ratings:conflict": {"kind": "other"},
            "ratings:own": {"act": "appeal", "text": "Something went wrong."},
            "ratings:appeals": {"act": "release"},
            "ratings:integrity": {"act": "void", "reason": "Why not"},
            "ratings:practice": stars,
            "ratings:autosave": stars,
        }.get(name, {})

    def path(self, address: Address) -> str:
        return address.path(self.values)
