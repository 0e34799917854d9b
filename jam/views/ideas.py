"""The ideas of a jam: the list, the page of one, and the form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from jam import blocking, caching, keeping, limits, parts, proposing
from jam.errors import Refused
from jam.forms import IdeaForm
from jam.likeness import Texts
from jam.models import Idea, IdeaQuerySet, IdeaTag, Interest, Jam
from jam.models.ideas import LEAD
from jam.permissions import (
    IdeaRefusal,
    change_idea_refusal,
    gone_refusal,
    interest_refusal,
    propose_idea_refusal,
    withdraw_idea_refusal,
)
from jam.roles import Right, may
from jam.views.meanwhile import Meanwhile
from jam.views.pages import JamPageMixin, public
from jam.words import folded

PER_PAGE = 24
# Of one person.
MOST_A_DAY = 40
# Of one person in a minute, while they type.
MOST_LOOKS = 60
# Shown to whoever proposes one that is alike.
MOST_ALIKE = 5
# Offered above the list.
MOST_TAGS = 18
# Of the text, for a list.
BEGINNING = 1000

SORTS = {
    "new": gettext_lazy("newest first"),
    "interest": gettext_lazy("most interest first"),
    "free": gettext_lazy("without a team"),
}


@public
class IdeaListView(JamPageMixin, TemplateView):
    template_name = "jam/ideas.html"
    tab = "ideas"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.request.GET
        asked = given.get("q", "").replace("\0", "").strip()[:100]
        tag = given.get("tag", "").replace("\0", "").strip()[:100]
        sort = given.get("sort") if given.get("sort") in SORTS else "new"
        shown = Idea.objects.filter(jam=self.jam).listed()
        if asked:
            shown = shown.found_by(asked)
        if tag:
            shown = shown.filter(Exists(IdeaTag.objects.filter(idea=OuterRef("pk"), name=tag)))
        ideas = self.sorted(parts.with_idea_facts(shown.with_interest()), sort)
        page = Paginator(self.told(ideas), PER_PAGE).get_page(given.get("page"))
        refusal = propose_idea_refusal(self.jam, self.reader.participation, self.request.moment)
        chosen = {"q": asked, "tag": tag, "sort": "" if sort == "new" else sort}
        chosen = {name: value for name, value in chosen.items() if value}
        others = {name: value for name, value in chosen.items() if name != "tag"}
        return super().get_context_data(
            page=page,
            asked=asked,
            tag=tag,
            sort=sort,
            sorts=SORTS,
            tags=self.tags(tag),
            query=f"{urlencode(chosen)}&" if chosen else "",
            without_tag=f"{urlencode(others)}&" if others else "",
            refusal=refusal,
            is_open=refusal != IdeaRefusal.CLOSED,
            **kwargs,
        )

    def sorted(self, ideas: IdeaQuerySet, sort: str) -> IdeaQuerySet:
        """In the order that was chosen, pinned ones first in any."""
        first = F("pinned_at").asc(nulls_last=True)
        if sort == "interest":
            return ideas.order_by(first, "-interested", "-proposed_at", "-pk")
        if sort == "free":
            ideas = ideas.filter(teams=0, came_of=0)
        return ideas.order_by(first, "-proposed_at", "-pk")

    def told(self, ideas: IdeaQuerySet) -> IdeaQuerySet:
        """With what the list tells of each."""
        user = self.request.user
        if user.is_authenticated:
            own = Interest.objects.filter(idea=OuterRef("pk"), user_id=user.pk)
            ideas = ideas.annotate(is_mine=Exists(own))
        beginning = Left("text", BEGINNING)
        ideas = ideas.annotate(beginning=beginning).defer("text", "words", "links")
        return ideas.select_related("author").prefetch_related("tags")

    def tags(self, chosen: str) -> list[dict[str, Any]]:
        """The tags of most ideas, and the one that was chosen."""
        shown = Idea.objects.filter(jam=self.jam).listed()
        counted = IdeaTag.objects.filter(idea__in=shown).order_by().values("name")
        found = list(counted.annotate(n=Count("pk")).order_by("-n", "name")[:MOST_TAGS])
        if chosen and all(tag["name"] != chosen for tag in found):
            found.append({"name": chosen, "n": None})
        return sorted(found, key=lambda tag: folded(tag["name"]))


class IdeaMixin(JamPageMixin):
    """An idea that the reader may see; else there is nothing at the address."""

    tab = "ideas"

    def ideas(self) -> IdeaQuerySet:
        return Idea.objects.visible_to(self.request.user, self.jam).select_related("author")

    @cached_property
    def idea(self) -> Idea:
        idea = get_object_or_404(self.ideas(), pk=self.kwargs["pk"])
        idea.jam = self.jam
        return idea


@public
class IdeaView(IdeaMixin, TemplateView):
    template_name = "jam/idea.html"

    def ideas(self) -> IdeaQuerySet:
        ideas = parts.with_idea_facts(super().ideas().with_interest())
        return ideas.prefetch_related("tags")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.idea.merged_into_id is not None:
            # Not for good: organizers may part them again.
            return redirect("jam:idea", self.jam.slug, self.idea.merged_into_id)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, idea, moment = self.request.user, self.idea, self.request.moment
        is_organizer = self.jam.is_organized_by(user)
        joined = Idea.objects.shown().filter(merged_into=idea).select_related("author")
        refusal = interest_refusal(self.reader.participation, idea, moment)
        context = {
            "idea": idea,
            "joined": list(joined.order_by("proposed_at", "pk")),
            "sections": parts.idea_sections_of(self.jam, idea, self.reader),
            "is_own": user.is_authenticated and idea.author_id == user.pk,
            "may_change": change_idea_refusal(user, idea, moment) is None,
            "may_withdraw": withdraw_idea_refusal(user, idea) is None,
            "is_organizer": is_organizer,
            "is_moderator": may(user, self.jam, Right.MODERATE),
            "is_gone": gone_refusal(idea) is not None,
            "interest_refusal": refusal,
            "is_open": refusal != IdeaRefusal.CLOSED,
        }
        if user.is_authenticated:
            named = is_organizer or self.reader.is_participant
            context["own_interest"], context["people"] = idea.interest_to(
                user, with_names=named, hidden=blocking.between(user, "user")
            )
        return super().get_context_data(**context, **kwargs)


class IdeaFormView(JamPageMixin, TemplateView):
    """A form with an idea in it; what was typed stays, whatever happens."""

    template_name = "jam/idea_form.html"
    tab = "ideas"
    label: Any = ""
    done: Any = ""

    def refusal(self) -> Any:
        raise NotImplementedError

    def save(self, **said: Any) -> Idea:
        raise NotImplementedError

    def form(self, data: Any = None) -> IdeaForm:
        return IdeaForm(data)

    def alike(self, said: dict[str, Any]) -> list[Idea]:
        """Ideas that say the same, which the reader has not been shown yet."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = self.refusal()
        context = self.get_context_data(form=self.form(keeping.kept(request)), refusal=refusal)
        return self.render_to_response(context, status=403 if refusal else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(label=self.label, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, refusal, status = self.form(request.POST), self.refusal(), 422
        alike: list[Idea] = []
        if refusal or form.is_valid():
            try:
                if refusal:
                    raise Refused(refusal)
                alike = self.alike(form.cleaned_data)
                if not alike:
                    idea = self.save(**form.cleaned_data)
                    messages.success(request, self.done)
                    return redirect(idea)
            except Refused as refused:
                form.full_clean()
                form.add_error(None, refused.label)
                status = 403
        context = self.get_context_data(form=form, alike=alike)
        return self.render_to_response(context, status=status)


@keeping.keeps_words
class ProposeView(IdeaFormView):
    label = gettext_lazy("Propose this idea")
    done = gettext_lazy("Your idea is there for everybody.")

    def refusal(self) -> IdeaRefusal | None:
        return propose_idea_refusal(self.jam, self.reader.participation, self.request.moment)

    def alike(self, said: dict[str, Any]) -> list[Idea]:
        if "go_on" in self.request.POST:
            return []
        return alike(self.jam, said["title"], said["text"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(looks_for_alike=True, **kwargs)

    def save(self, **said: Any) -> Idea:
        request = self.request
        if not limits.within(f"idea:{request.user.pk}", MOST_A_DAY, 86_400, request.moment):
            raise Refused(IdeaRefusal.TOO_MANY)
        return proposing.propose(jam=self.jam, by=request.user, **said, moment=request.moment)


@keeping.keeps_words
class EditView(Meanwhile, IdeaMixin, IdeaFormView):
    label = gettext_lazy("Save")
    done = gettext_lazy("Your idea is saved.")

    def form(self, data: Any = None) -> IdeaForm:
        # A row of its own: a form with errors leaves the idea of this request as it is.
        idea = self.idea
        own = Idea(jam=self.jam, title=idea.title, text=idea.text, links=idea.links)
        tags = ", ".join(tag.name for tag in idea.tags.all())
        return IdeaForm(data, instance=own, initial={"tags": tags})

    def refusal(self) -> IdeaRefusal | None:
        refusal = change_idea_refusal(self.request.user, self.idea, self.request.moment)
        if refusal == IdeaRefusal.NOT_AUTHOR:
            raise PermissionDenied(refusal.label)
        return refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(idea=self.idea, **kwargs)

    def save(self, **said: Any) -> Idea:
        return proposing.change(
            idea=self.idea,
            by=self.request.user,
            **said,
            seen=self.seen,
            moment=self.request.moment,
        )


def alike(jam: Jam, title: str, text: str, but: Idea | None = None) -> list[Idea]:
    """Up to five ideas of `jam` that seem to say the same, with their authors, most alike first:
    by their titles, then by what they begin with."""
    listed = Idea.objects.filter(jam=jam).listed()

    def prepared() -> tuple[Texts, Texts]:
        begun = listed.begun()
        titles = Texts((pk, title) for pk, title, _lead in begun)
        return titles, Texts((pk, lead) for pk, _title, lead in begun)

    titles, leads = caching.kept(jam, "beginnings-of-ideas", prepared)
    # One more of each, for the one that is left out.
    keys = titles.alike(title, MOST_ALIKE + 1)
    keys += leads.alike(f"{title} {text}"[:LEAD], MOST_ALIKE + 1) if text else []
    keys = [key for key in dict.fromkeys(keys) if but is None or key != but.pk][:MOST_ALIKE]
    found = listed.select_related("author").defer("text", "words").in_bulk(keys)
    for idea in found.values():
        idea.jam = jam
    return [found[key] for key in keys if key in found]


class AlikeView(JamPageMixin, View):
    """What is like the idea that is being typed, as a piece of a page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        moment = request.moment
        if refusal := propose_idea_refusal(self.jam, self.reader.participation, moment):
            raise PermissionDenied(refusal.label)
        if not limits.within(f"alike:{request.user.pk}", MOST_LOOKS, 60, moment):
            return HttpResponse(status=429)
        title, text = (
            request.GET.get(name, "").replace("\0", " ")[:LEAD] for name in ("title", "text")
        )
        found = alike(self.jam, title, text) if title.strip() else []
        return render(request, "jam/_alike.html", {"alike": found})
