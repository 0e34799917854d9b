"""Reading the log of acts of a jam: who may, which lines, and in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jam import parts
from jam.models import Act, Jam, User
from jam.roles import Right, may

# Where a person is the target, the log has their number alone.
_PERSON = re.compile(r"person (\d{1,15})")


class LogRefusal(TextChoices):
    """Why someone may not read the log of acts."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers read the log of acts.")


class Who(TextChoices):
    """Whose acts are wanted."""

    ORGANIZERS = "organizers", _("organizers and their helpers")
    CLOCK = "clock", _("the clock")


def log_refusal(user: Any, jam: Jam) -> LogRefusal | None:
    """Why `user` may not read the log of `jam`."""
    return None if may(user, jam, Right.LOG) else LogRefusal.NOT_ORGANIZER


def acts_of(jam: Jam, user: User, moment: datetime) -> QuerySet[Act]:
    """The lines of `jam` that `user`, who may read its log, is to see: not what is about them in
    confidence, and before the results nothing that tells what raters gave."""
    return shown_to(user, Act.objects.filter(jam=jam).select_related("actor"), moment)


def shown_to(user: User, acts: QuerySet[Act], moment: datetime) -> QuerySet[Act]:
    """Those of `acts`, of whichever jams, that are no secret from `user`."""
    for part in parts.all_parts():
        hidden = part.acts_hidden(user, moment)
        acts = acts if hidden is None else acts.exclude(hidden)
    return acts


def sifted(acts: QuerySet[Act], jam: Jam, wanted: dict[str, Any]) -> QuerySet[Act]:
    """Those of `acts` that were asked for; `wanted` is what the form of the page holds."""
    match wanted.get("who"):
        case Who.ORGANIZERS:
            helping = jam.role_holders.values("user")
            acts = acts.filter(Q(actor__in=jam.organizers.values("pk")) | Q(actor__in=helping))
        case Who.CLOCK:
            acts = acts.filter(actor=None)
    if name := wanted.get("name"):
        acts = acts.filter(actor__display_name__icontains=name)
    if kind := wanted.get("kind"):
        acts = acts.filter(target_type=kind)
    if verb := wanted.get("verb"):
        acts = acts.filter(verb=verb)
    if since := wanted.get("since"):
        acts = acts.filter(moment__date__gte=since)
    if until := wanted.get("until"):
        acts = acts.filter(moment__date__lte=until)
    for word in (wanted.get("q") or "").split()[:8]:
        acts = acts.filter(Q(target_name__icontains=word) | Q(reason__icontains=word))
    return acts


def kind_in_words(target_type: str) -> str:
    """What a kind of target is called."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        # Of an app or a model that is not there any more.
        return target_type


def verb_in_words(verb: str) -> str:
    """What was done, in the reader's language."""
    return gettext(verb) if verb else ""


@dataclass(frozen=True)
class Change:
    """What stood somewhere before an act, and what after."""

    name: str
    before: str
    after: str


def changes_of(act: Act) -> list[Change]:
    """What an act changed, by name."""
    names = dict.fromkeys([*act.before, *act.after])
    return [
        Change(name.replace("_", " "), _plain(act.before.get(name)), _plain(act.after.get(name)))
        for name in names
    ]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Line:
    """A line of the log as it is shown; `act` has what needs no words."""

    act: Act
    verb: str
    kind: str
    target: str
    changes: list[Change]


def lines_of(acts: Iterable[Act]) -> list[Line]:
    """A page of the log in words, with the names that people have now."""
    acts = list(acts)
    numbers = {int(n) for act in acts for n in _PERSON.findall(act.target_name)}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=numbers)} if numbers else {}

    def named(found: re.Match[str]) -> str:
        return names.get(int(found[1]), found[0])

    lines = []
    for act in acts:
        kind, target = kind_in_words(act.target_type), _PERSON.sub(named, act.target_name)
        # Of what has no title, the name says already what it is.
        if target.lower().startswith(kind.lower()):
            kind = ""
        lines.append(Line(act, verb_in_words(act.verb), kind, target, changes_of(act)))
    return lines


COLUMNS = ("moment", "actor", "actor_name", "verb", "target_type", "target_id", "target_name",
           "before", "after", "reason")  # fmt: skip


def rows(acts: QuerySet[Act]) -> Iterator[dict[str, Any]]:
    """The lines as they are kept, one by one, however many they are."""
    for act in acts.iterator(chunk_size=1000):
        yield {
            "moment": act.moment.isoformat(timespec="seconds"),
            "actor": act.actor_id,
            "actor_name": str(act.actor) if act.actor else "",
            **{name: getattr(act, name) for name in COLUMNS[3:]},
        }


def as_table(acts: QuerySet[Act]) -> Iterator[list[Any]]:
    """The lines for a spreadsheet, under their heads."""
    yield list(COLUMNS)
    for row in rows(acts):
        yield [_in_a_cell(value) for value in row.values()]


def _in_a_cell(value: Any) -> Any:
    if isinstance(value, dict):
        return _json(value) if value else ""
    return "" if value is None else value


def as_json(acts: QuerySet[Act]) -> Iterator[str]:
    """The lines as one list in JSON, a line each."""
    yield "["
    for number, row in enumerate(rows(acts)):
        yield (",\n" if number else "\n") + _json(row)
    yield "\n]\n"


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
