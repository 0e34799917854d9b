"""Ideas: proposing and changing them, being interested; what organizers hide, pin and join."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from jam import caching, log, meanwhile, outbox, reporting
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.meanwhile import Seen
from jam.models import Idea, IdeaTag, Interest, Jam, User
from jam.permissions import (
    change_idea_refusal,
    hide_idea_refusal,
    interest_refusal,
    merge_idea_refusal,
    part_idea_refusal,
    pin_idea_refusal,
    propose_idea_refusal,
    show_idea_refusal,
    withdraw_idea_refusal,
)
from jam.services import participation_for_update
from jam.words import folded


def locked(idea: Idea) -> Idea:
    """The idea as it is now, locked."""
    ideas = Idea.objects.select_related("jam", "author").select_for_update(of=("self",))
    return ideas.get(pk=idea.pk)


@transaction.atomic
def propose(
    *,
    jam: Jam,
    by: User,
    title: str,
    text: str,
    tags: Sequence[str] = (),
    links: str = "",
    moment: datetime,
) -> Idea:
    """Propose an idea for whoever wants to make something of it. Raises Refused."""
    refuse(propose_idea_refusal(jam, participation_for_update(jam, by), moment))
    idea = Idea.objects.create(
        jam=jam, author=by, title=title, text=text, links=links, proposed_at=moment,
        words=_words(title, tags, text),
    )  # fmt: skip
    IdeaTag.objects.bulk_create(IdeaTag(idea=idea, name=tag) for tag in tags)
    caching.forget()
    log.record("proposed", idea, by=by, jam=jam, moment=moment)
    return idea


@transaction.atomic
def change(
    *,
    idea: Idea,
    by: User,
    title: str,
    text: str,
    tags: Sequence[str] = (),
    links: str = "",
    seen: Seen | None = None,
    moment: datetime,
) -> Idea:
    """Change what the idea says. Raises Refused, and Changed unless it is as it was `seen`."""
    idea = locked(idea)
    refuse(change_idea_refusal(by, idea, moment))
    tags_before = [tag.name for tag in idea.tags.all()]
    if (idea.title, idea.text, idea.links, tags_before) == (title, text, links, list(tags)):
        return idea
    meanwhile.check(seen, meanwhile.of_row(idea) | {"tags": tags_before})
    before, after = {"title": idea.title}, {"title": title}
    idea.title, idea.text, idea.links, idea.changed_at = title, text, links, moment
    idea.words = _words(title, tags, text)
    idea.save(update_fields=["title", "text", "links", "words", "changed_at"])
    if tags_before != list(tags):
        idea.tags.all().delete()
        IdeaTag.objects.bulk_create(IdeaTag(idea=idea, name=tag) for tag in tags)
    caching.forget()
    log.record("changed", idea, by=by, jam=idea.jam, before=before, after=after, moment=moment)
    return idea


def _words(title: str, tags: Sequence[str], text: str) -> str:
    return folded(" ".join([title, *tags, text]))


@transaction.atomic
def mark_interest(*, idea: Idea, by: User, is_shown: bool, moment: datetime) -> None:
    """Count `by` among those who would work on the idea, shown to the jam's participants or not;
    twice is as once. Raises Refused."""
    refuse(interest_refusal(participation_for_update(idea.jam, by), locked(idea), moment))
    own = Interest.objects.filter(_with_joined(idea), user=by)
    # All of them, so that nobody is shown by a mark that was made before two ideas were joined.
    if own.update(is_shown=is_shown):
        return
    Interest.objects.create(idea=idea, user=by, is_shown=is_shown, marked_at=moment)
    log.record("marked interest", idea, by=by, jam=idea.jam, moment=moment)


@transaction.atomic
def unmark_interest(*, idea: Idea, by: User, moment: datetime) -> None:
    """Count `by` no more; twice is as once. Raises Refused."""
    refuse(interest_refusal(participation_for_update(idea.jam, by), locked(idea), moment))
    if Interest.objects.filter(_with_joined(idea), user=by).delete()[0]:
        log.record("took back interest", idea, by=by, jam=idea.jam, moment=moment)


def _with_joined(idea: Idea) -> Q:
    return Q(idea=idea) | Q(idea__merged_into=idea)


@transaction.atomic
def pin(*, idea: Idea, by: User, is_pinned: bool, moment: datetime) -> None:
    """Have the idea stand before the others, or among them again. Raises Refused."""
    idea = locked(idea)
    refuse(pin_idea_refusal(by, idea, is_pinned))
    idea.pinned_at = moment if is_pinned else None
    idea.save(update_fields=["pinned_at"])
    caching.forget()
    verb = "pinned" if is_pinned else "unpinned"
    log.record(verb, idea, by=by, jam=idea.jam, moment=moment)


@transaction.atomic
def merge(*, idea: Idea, into: Idea, by: User, moment: datetime) -> None:
    """Join the idea, and what was joined to it, to another that says the same; authors are told.
    Raises Refused."""
    # In the order of keys, so that two who join them to each other wait in the same order.
    both = {found.pk: found for found in _locked_in_order([idea.pk, into.pk])}
    idea, other = both[idea.pk], both.get(into.pk)
    refuse(merge_idea_refusal(by, idea, other))
    moved = [idea, *Idea.objects.filter(merged_into=idea).select_related("author")]
    Idea.objects.filter(pk__in=[each.pk for each in moved]).update(
        merged_into=other, pinned_at=None
    )
    caching.forget()
    after = {"into": other.pk, "title": other.title}
    for each in moved:
        log.record("joined ideas", each, by=by, jam=idea.jam, after=after, moment=moment)
    _tell(
        idea,
        key=f"joined-idea:{idea.pk}:{moment.isoformat()}",
        subject=_("Your idea “%(title)s” is now part of another") % {"title": idea.title},
        paragraphs=[
            _("The organizers found that it says the same as “%(title)s”, and have joined the "
              "two. Your text stands there under your name, and whoever is interested in either "
              "is counted with both.") % {"title": other.title}
        ],
        moment=moment,
    )  # fmt: skip


@transaction.atomic
def part(*, idea: Idea, by: User, moment: datetime) -> None:
    """Have an idea that was joined to another stand by itself again; its author is told. Raises
    Refused."""
    idea = locked(idea)
    refuse(part_idea_refusal(by, idea))
    before = {"into": idea.merged_into_id}
    idea.merged_into = None
    idea.save(update_fields=["merged_into"])
    caching.forget()
    log.record("parted ideas", idea, by=by, jam=idea.jam, before=before, moment=moment)
    _tell(
        idea,
        key=f"parted-idea:{idea.pk}:{moment.isoformat()}",
        subject=_("Your idea “%(title)s” stands by itself again") % {"title": idea.title},
        paragraphs=[_("The organizers have parted it from the other one.")],
        moment=moment,
    )


def _locked_in_order(keys: list[int]) -> QuerySet[Idea]:
    ideas = Idea.objects.select_related("jam", "author").select_for_update(of=("self",))
    return ideas.filter(pk__in=keys).order_by("pk")


def _let_go(idea: Idea, by: User, moment: datetime) -> None:
    """What was joined to an idea that goes stands by itself again."""
    for each in Idea.objects.filter(merged_into=idea):
        each.merged_into = None
        each.save(update_fields=["merged_into"])
        log.record("parted ideas", each, by=by, jam=idea.jam, before={"into": idea.pk},
                   moment=moment)  # fmt: skip


@transaction.atomic
def withdraw(*, idea: Idea, by: User, moment: datetime) -> None:
    """Take the idea back for good. What has grown from it stays. Raises Refused."""
    idea = locked(idea)
    refuse(withdraw_idea_refusal(by, idea))
    idea.withdrawn_at, idea.pinned_at = moment, None
    idea.save(update_fields=["withdrawn_at", "pinned_at"])
    _let_go(idea, by, moment)
    caching.forget()
    log.record("withdrew", idea, by=by, jam=idea.jam, moment=moment)


@transaction.atomic
def hide(*, idea: Idea, by: User, reason: str, moment: datetime) -> None:
    """Show the idea to nobody but its author and the organizers; the author is told why. Raises
    Refused."""
    idea, reason = locked(idea), reason.strip()
    refuse(hide_idea_refusal(by, idea, reason))
    idea.hidden_at, idea.hidden_reason, idea.pinned_at = moment, reason, None
    idea.save(update_fields=["hidden_at", "hidden_reason", "pinned_at"])
    _let_go(idea, by, moment)
    caching.forget()
    reporting.settle(target=idea, by=by, moment=moment)
    log.record("hid", idea, by=by, jam=idea.jam, reason=reason, moment=moment)
    _tell(
        idea,
        key=f"hidden-idea:{idea.pk}:{moment.isoformat()}",
        subject=_("Your idea “%(title)s” is hidden") % {"title": idea.title},
        paragraphs=[_("The organizers have hidden it from others. Their reason:"), reason],
        moment=moment,
    )


@transaction.atomic
def show(*, idea: Idea, by: User, reason: str = "", moment: datetime) -> None:
    """Show a hidden idea again; its author is told. Raises Refused."""
    idea = locked(idea)
    refuse(show_idea_refusal(by, idea))
    before = {"reason": idea.hidden_reason}
    idea.hidden_at, idea.hidden_reason = None, ""
    idea.save(update_fields=["hidden_at", "hidden_reason"])
    caching.forget()
    log.record("showed again", idea, by=by, jam=idea.jam, before=before, reason=reason.strip(),
               moment=moment)  # fmt: skip
    _tell(
        idea,
        key=f"shown-idea:{idea.pk}:{moment.isoformat()}",
        subject=_("Your idea “%(title)s” is back") % {"title": idea.title},
        paragraphs=[_("The organizers show it to everybody again.")],
        moment=moment,
    )


def _tell(idea: Idea, *, key: str, subject: str, paragraphs: list[str], moment: datetime) -> None:
    outbox.post(
        user=idea.author,
        key=key,
        jam=idea.jam,
        subject=subject,
        paragraphs=paragraphs,
        action_label=_("See your idea"),
        action_path=idea.get_absolute_url(),
        moment=moment,
    )
