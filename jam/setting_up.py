"""What the floor has to say of setting a jam up: texts, hosts, schedule, questions, resources."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import choices, resources, schedule_news, scheduling, timeline
from jam.desk import counted
from jam.forms import ResourceForm
from jam.loading import Kind
from jam.models import (
    Announcement,
    Host,
    Jam,
    Participation,
    Resource,
    Retention,
    ScheduleItem,
    SignUpQuestion,
    User,
)
from jam.parts import Part
from jam.questions import MOST_QUESTIONS
from jam.schedule_form import ItemForm
from jam.set_up import Check, Copying, Portion, Role, State
from jam.setting_up_forms import HostForm

# What a jam says of itself, by field.
TEXTS = ("tagline", "description", "code_of_conduct", "hashtag", "hue", "banner")
# Who speaks has not been asked yet, and streams and recordings are those of the other time.
_OF_THAT_TIME = ("speaker", "stream_url", "recording_url", "sequence", "changed_at")
# People need so long to hear of a jam and to keep the days free.
SHORT_NOTICE = timedelta(days=14)
_ANSWERS_OF_HOSTS = ("link_answer", "link_asked_at", "link_dead_since")


def _into_schedule(
    kind: Kind, jam: Jam, new: list[ScheduleItem], by: User, moment: datetime
) -> None:
    for item in new:
        scheduling.add(item=item, by=by, moment=moment)


def _into_resources(kind: Kind, jam: Jam, new: list[Resource], by: User, moment: datetime) -> None:
    for each in new:
        said = {name: getattr(each, name) for name in resources.FIELDS}
        resources.add(jam=jam, by=by, said=said, moment=moment)


HOSTS = Kind(Host, ("name", "url"), form=HostForm)
SCHEDULE = Kind(
    ScheduleItem, tuple(ItemForm.Meta.fields), scheduling.MOST_ITEMS, ItemForm,
    form_kwargs=lambda jam: {"zone": jam.zone, "label": ""},
    keep=_into_schedule, not_with=("cancelled_at",),
)  # fmt: skip
RESOURCES = Kind(
    Resource, resources.FIELDS, resources.MOST, ResourceForm,
    form_kwargs=lambda jam: {"sections": [], "label": ""}, keep=_into_resources,
)  # fmt: skip
QUESTIONS = Kind(
    SignUpQuestion, ("text", "kind", "options", "help_text", "is_required", "is_public"),
    MOST_QUESTIONS,
)  # fmt: skip


class SettingUpPart(Part):
    """Setting up, as far as it is the floor's."""

    def kinds(self) -> list[Kind]:
        return [HOSTS, SCHEDULE, RESOURCES, QUESTIONS]

    def portions(self, source: Jam) -> list[Portion]:
        said = any(getattr(source, name) for name in TEXTS)
        items = source.schedule.taking_place()
        rows = (
            ("hosts", gettext_lazy("hosts"), source.hosts),
            ("schedule", gettext_lazy("schedule, without who speaks"), items),
            ("questions", gettext_lazy("questions at sign-up"), source.sign_up_questions),
            ("resources", gettext_lazy("resources"), source.resources),
        )
        texts = [Portion("texts", gettext_lazy("texts and look"))] if said else []
        return texts + [Portion(name, label) for name, label, found in rows if found.exists()]

    def copy(self, copying: Copying) -> None:
        source, jam = copying.source, copying.jam
        if "texts" in copying.chosen:
            for name in TEXTS:
                # Files are never changed once they are stored, so that two jams may share one.
                setattr(jam, name, getattr(source, name))
            jam.save(update_fields=TEXTS)
        copying.rows(Retention.objects.filter(jam=source))
        if "hosts" in copying.chosen:
            copying.rows(source.hosts.all())
        if "questions" in copying.chosen:
            copying.rows(source.sign_up_questions.all())
        if "resources" in copying.chosen:
            copying.rows(source.resources.all(), without=_ANSWERS_OF_HOSTS)
        if "schedule" in copying.chosen:

            def moved(item: Any) -> dict[str, Any]:
                begin, end = copying.shift.stretch(item.starts_at, item.ends_at)
                return {"starts_at": begin, "ends_at": end}

            items = source.schedule.taking_place()
            copying.rows(items, without=_OF_THAT_TIME, change=moved)

    def check_facts(self) -> dict[str, Any]:
        organizing = Jam.organizers.through.objects.filter(user__is_active=True)
        return {
            "n_organizers": counted(organizing),
            "n_hosts": counted(Host.objects.all()),
            "n_questions": counted(SignUpQuestion.objects.all()),
            "n_items": counted(ScheduleItem.objects.taking_place()),
            "n_resources": counted(Resource.objects.all()),
        }

    def checks(self, jam: Jam, moment: datetime) -> list[Check]:
        return [*self._texts(jam), self._dates(jam, moment), *self._lists(jam), self._people(jam)]

    def _people(self, jam: Jam) -> Check:
        n = jam.n_organizers
        text = ngettext("%(n)s organizer.", "%(n)s organizers.", n) % {"n": n}
        if n < 2:
            text = _("You are alone. If you fall ill, nobody can put anything right.")
        state = State.LOOK if n < 2 else State.DONE
        return Check(_("Organizers"), state, text, reverse("jam:roles", args=[jam.slug]))

    def _texts(self, jam: Jam) -> list[Check]:
        url = reverse("jam:texts", args=[jam.slug])
        missing, done = State.MISSING, State.DONE
        return [
            Check(_("Pitch"), done, jam.tagline, url)
            if jam.tagline
            else Check(_("Pitch"), missing, _("One sentence: what this is, and for whom."), url),
            Check(_("Description"), done, _("People can read what it is about."), url)
            if jam.description.strip()
            else Check(
                _("Description"),
                missing,
                _("What it is about, how it goes, what to bring. Nobody joins an empty page."),
                url,
            ),
            Check(_("Code of conduct"), done, _("Whoever joins agrees to it."), url)
            if jam.code_of_conduct.strip()
            else Check(
                _("Code of conduct"),
                State.LOOK,
                _("There is none. People want to know what holds here, and whom to tell."),
                url,
            ),
        ]

    def _dates(self, jam: Jam, moment: datetime) -> Check:
        url = reverse("jam:dates", args=[jam.slug])
        ahead = timeline.time_to_start(jam, moment)
        if ahead is None and jam.is_published:
            state, text = State.DONE, _("It has started. What is still ahead can be moved.")
        elif ahead is None:
            state, text = State.MISSING, _("The start has passed. Move the dates.")
        elif ahead < SHORT_NOTICE:
            state = State.LOOK
            text = _("It starts soon: people have less than two weeks to hear of it.")
        else:
            state, text = State.DONE, _("All five are ahead, and in order.")
        return Check(_("Dates"), state, text, url)

    def _lists(self, jam: Jam) -> list[Check]:
        here = [jam.slug]
        hosts, questions = jam.n_hosts, jam.n_questions
        items, resources = jam.n_items, jam.n_resources
        look, done = State.LOOK, State.DONE
        return [
            Check(
                _("Hosts"),
                done if hosts else look,
                ngettext("%(n)s is named.", "%(n)s are named.", hosts) % {"n": hosts}
                if hosts
                else _("Nobody is named. People want to know who is behind it."),
                reverse("jam:hosts", args=here),
            ),
            Check(
                _("Schedule"),
                done if items else look,
                ngettext("%(n)s item.", "%(n)s items.", items) % {"n": items}
                if items
                else _("Only the deadlines stand in it. An opening would be a beginning."),
                reverse("jam:schedule", args=here),
            ),
            Check(
                _("Resources"),
                done if resources else look,
                ngettext("%(n)s resource.", "%(n)s resources.", resources) % {"n": resources}
                if resources
                else _("Nothing to start from yet. Three good ones are enough."),
                reverse("jam:arrange_resources", args=here),
            ),
            Check(
                _("Questions at sign-up"),
                done,
                ngettext("%(n)s question.", "%(n)s questions.", questions) % {"n": questions}
                if questions
                else _("Nothing is asked: one click joins."),
                reverse("jam:sign_up_questions", args=here),
            ),
        ]

    def moving(self, jam: Jam, moves: dict[str, datetime], moment: datetime) -> list[str]:
        told = []
        if jam.is_published:
            people = schedule_news.participants_of(jam).filter(is_active=True)
            n = people.filter(choices.wanted(schedule_news.KIND, "pk")).distinct().count()
            told.append(
                ngettext("%(n)s person will be told.", "%(n)s people will be told.", n) % {"n": n}
            )
        deadlines = jam.schedule.taking_place().filter(
            kind=ScheduleItem.Kind.DEADLINE,
            ends_at=None,
            starts_at__in=[getattr(jam, name) for name in moves],
        )
        if n := deadlines.count():
            told.append(
                ngettext(
                    "%(n)s deadline in the schedule goes along.",
                    "%(n)s deadlines in the schedule go along.",
                    n,
                )
                % {"n": n}
            )
        if n := jam.schedule.taking_place().not_over(moment).count() - n:
            told.append(
                ngettext(
                    "%(n)s other item of the schedule stays where it is.",
                    "%(n)s other items of the schedule stay where they are.",
                    n,
                )
                % {"n": n}
            )
        waiting = Announcement.objects.filter(
            jam=jam, confirmed_at__isnull=False, cancelled_at=None, sent_at=None
        )
        if n := waiting.count():
            told.append(
                ngettext(
                    "%(n)s announcement goes out at the time that it has.",
                    "%(n)s announcements go out at the times that they have.",
                    n,
                )
                % {"n": n}
            )
        return told

    def pages_to_see(self) -> list[str]:
        names = ("detail", "schedule", "ideas", "idea", "announcements", "announcement",
                 "resources", "conduct", "sign_up", "participants")  # fmt: skip
        return [f"jam:{name}" for name in names]

    def stand_in(self, jam: Jam, user: User, role: Role, moment: datetime) -> None:
        if role != Role.JUDGE:
            Participation.objects.create(
                jam=jam, user=user, joined_at=min(jam.created_at, moment),
                agreed_at=moment, agreed_digest=jam.conduct_digest,
            )  # fmt: skip
