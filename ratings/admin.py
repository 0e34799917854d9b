"""Ratings in the admin. What a rating says is nobody's to see before the results are out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Field, Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from jam import clock, timeline
from jam.admin import EMPTY, PERSON, Listed, OfOwnJams, ReadOnly, Searching, look_at
from jam.models import Jam
from ratings import queue
from ratings.freezing import frozen_results
from ratings.models import (
    Anchor,
    Answer,
    Appeal,
    Attestation,
    Award,
    Conflict,
    Criterion,
    Example,
    Helpful,
    Judge,
    JudgeAssignment,
    JudgeLink,
    JudgeNote,
    Need,
    Practice,
    Prize,
    Pseudonym,
    Rating,
    RatingRules,
    Results,
    Score,
    Skip,
    Standing,
)
from ratings.permissions import judges_refusal, prizes_refusal, settings_refusal


class FixedOnceRating:
    """Rows of a jam that can be changed as long as `refusal` allows it."""

    refusal = staticmethod(settings_refusal)

    def is_fixed(self, request: HttpRequest, obj: Jam | None) -> bool:
        return obj is not None and self.refusal(obj, request.moment) is not None

    def has_add_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return not self.is_fixed(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return not self.is_fixed(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Jam | None = None) -> bool:
        return not self.is_fixed(request, obj) and super().has_delete_permission(request, obj)


class RatingRulesInline(FixedOnceRating, admin.StackedInline):
    model = RatingRules


class CriterionInline(FixedOnceRating, admin.StackedInline):
    model = Criterion
    extra = 0


class JudgeFormSet(BaseInlineFormSet):
    """Whose ratings count depends on who is a judge, and with it what the queue counts."""

    def save(self, commit: bool = True) -> list[Judge]:
        saved = super().save(commit)
        if commit and self.has_changed():
            queue.rebuild(self.instance, clock.now())
        return saved


class JudgeInline(FixedOnceRating, Searching, admin.TabularInline):
    model = Judge
    formset = JudgeFormSet
    extra = 0
    autocomplete_fields = ["user"]
    refusal = staticmethod(judges_refusal)


class PrizeInline(FixedOnceRating, admin.StackedInline):
    """Prizes; tracks and local sites to choose from are the jam's own."""

    model = Prize
    extra = 0
    refusal = staticmethod(prizes_refusal)

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any):
        if db_field.name in ("track", "site"):
            # The page's own address names the jam; it is found before its inlines are made.
            jam = unquote(request.resolver_match.kwargs["object_id"])
            kwargs["queryset"] = db_field.related_model.objects.filter(jam=jam)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Example)
class ExampleAdmin(OfOwnJams, admin.ModelAdmin):
    """The example of a jam; once saved, with what it deserves. Fixed once rating opens."""

    class AnchorInline(admin.TabularInline):
        model = Anchor
        extra = 0

        def formfield_for_foreignkey(self, field: Field, request: HttpRequest, **kwargs: Any):
            jam = Jam.objects.filter(rating_example=request.resolver_match.kwargs.get("object_id"))
            kwargs["queryset"] = Criterion.objects.filter(jam__in=jam)
            return super().formfield_for_foreignkey(field, request, **kwargs)

        def has_add_permission(self, request: HttpRequest, obj: Example | None = None) -> bool:
            return request.user.is_staff

        has_view_permission = has_change_permission = has_delete_permission = has_add_permission

    inlines = [AnchorInline]
    list_display = ["title", "jam"]
    list_select_related = ["jam"]

    def get_inlines(self, request: HttpRequest, obj: Example | None) -> list[type]:
        return self.inlines if obj else []

    def formfield_for_foreignkey(self, field: Field, request: HttpRequest, **kwargs: Any):
        not_open = ~timeline.reached("ratings_open_at", request.moment)
        kwargs["queryset"] = Jam.objects.organized_by(request.user).filter(not_open)
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Example | None = None) -> bool:
        fixed = obj is not None and settings_refusal(obj.jam, request.moment) is not None
        return request.user.is_staff and not fixed

    def has_delete_permission(self, request: HttpRequest, obj: Example | None = None) -> bool:
        return self.has_change_permission(request, obj)


class OfOwnSubmissions(OfOwnJams):
    """Rows about a submission: staff see those of the jams that they organize."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super(OfOwnJams, self).get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(submission__jam__in=Jam.objects.organized_by(request.user))


class ScoreInline(ReadOnly, admin.TabularInline):
    model = Score
    fields = ["criterion", "stars", "not_applicable", "remark"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_staff


@admin.register(Rating)
class RatingAdmin(OfOwnSubmissions, ReadOnly, admin.ModelAdmin):
    """Who rated what and when; what they gave and wrote only once the results are out."""

    list_display = ["submission", "rater", "started_at", "saved_at", "completed_at", "from_queue"]
    list_filter = [("completed_at", admin.EmptyFieldListFilter), "from_queue", "saved_at"]
    list_select_related = ["submission", "rater"]
    search_fields = ["submission__title", "rater__display_name", "rater__email"]
    open_fields = [*list_display]
    secret_fields = ["strong", "weak", "next", "signed"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # By itself the admin filters by any field that the address names: an oracle for secrets.
        field = lookup.split("__")[0]
        allowed = {"completed_at", "from_queue", "saved_at"}
        return field in allowed and super().lookup_allowed(lookup, value, request)

    def shows_values(self, request: HttpRequest, rating: Rating | None) -> bool:
        return rating is not None and bool(frozen_results(rating.submission.jam, request.moment))

    def get_fields(self, request: HttpRequest, obj: Rating | None = None) -> list[str]:
        return self.open_fields + (self.secret_fields if self.shows_values(request, obj) else [])

    def get_inlines(self, request: HttpRequest, obj: Rating | None) -> list[type]:
        return [ScoreInline] if self.shows_values(request, obj) else []


@admin.register(Skip)
class SkipAdmin(OfOwnSubmissions, ReadOnly, admin.ModelAdmin):
    """What raters would rather not rate, and why."""

    list_display = ["submission", "rater", "reason", "skipped_at"]
    list_select_related = ["submission", "rater"]
    list_filter = ["skipped_at"]
    search_fields = ["submission__title", "rater__display_name", "reason"]


@admin.register(Conflict)
class ConflictAdmin(OfOwnSubmissions, ReadOnly, admin.ModelAdmin):
    """What raters declared that they should not rate, and why."""

    list_display = ["submission", "rater", "kind", "declared_at"]
    list_select_related = ["submission", "rater"]
    list_filter = ["kind", "declared_at"]
    search_fields = ["submission__title", "rater__display_name"]


class OfDueResults(Listed):
    """Rows that are there for as long as the results are out."""

    jam_path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        due = Jam.objects.results_due(request.moment)
        if not request.user.is_superuser:
            due = due & Jam.objects.organized_by(request.user)
        return super().get_queryset(request).filter(**{f"{self.jam_path}__in": due})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_staff


@admin.register(Results)
class ResultsAdmin(OfDueResults, ReadOnly, admin.ModelAdmin):
    """Frozen results."""

    jam_path = "jam"
    list_display = ["jam", "version", "rule", "submissions", "ratings", "frozen_at"]
    list_select_related = ["jam"]
    list_filter = ["rule", "frozen_at"]
    search_fields = ["jam__title"]


@admin.register(Standing)
class StandingAdmin(OfDueResults, ReadOnly, admin.ModelAdmin):
    """The rows of frozen results."""

    jam_path = "results__jam"
    list_display = ["submission", "results", "criterion", "rank", "n", "raw", "adjusted_score"]
    list_select_related = ["submission", "results__jam", "criterion"]
    search_fields = ["submission__title", "results__jam__title"]
    show_full_result_count = False


OF_WORK = "submission__jam"
RATED = ("rating__submission", "rating__rater")

look_at(
    RatingRules, ["jam", "eligibility", "rule", "target", "feedback"], search=["jam__title"],
    filters=["eligibility", "rule", "feedback"], related=["jam"],
)  # fmt: skip
look_at(
    Criterion, ["name", "jam", "weight", "judges_only", "order"], search=["name", "jam__title"],
    filters=["judges_only"], related=["jam"],
)  # fmt: skip
look_at(Judge, ["user", "jam"], search=[*PERSON, "jam__title"], related=["user", "jam"])
look_at(
    JudgeLink, ["judge", "made_by", "made_at", "expires_at", "revoked_at", "used_at"],
    search=["judge__user__display_name", "judge__jam__title"], hides=["digest"],
    filters=[("revoked_at", EMPTY), "expires_at"], related=["judge__user", "made_by"],
)  # fmt: skip
look_at(
    JudgeAssignment, ["judge", "submission", "given_by", "given_at"],
    search=["judge__user__display_name", "submission__title"], filters=["given_at"],
    related=["judge__user", "submission", "given_by"],
)  # fmt: skip
look_at(
    JudgeNote, ["submission", "author", "text", "written_at"], results_of=OF_WORK,
    search=["submission__title", "author__display_name", "text"], filters=["written_at"],
    related=["submission", "author"],
)  # fmt: skip
look_at(
    Anchor, ["example", "criterion", "stars", "why"], search=["example__title", "criterion__name"],
    related=["example", "criterion"],
)  # fmt: skip
look_at(
    Practice, ["user", "jam", "done_at"], search=[*PERSON, "jam__title"], filters=["done_at"],
    related=["user", "jam"],
)  # fmt: skip
look_at(
    Need, ["submission", "jam", "places"], search=["submission__title", "jam__title"],
    related=["submission", "jam"],
)  # fmt: skip
look_at(
    Prize, ["title", "kind", "place", "track", "site", "jam", "giver"], filters=["kind"],
    search=["title", "giver", "jam__title"], related=["jam", "track", "site"],
)  # fmt: skip
look_at(
    Score, ["rating", "criterion", "stars", "not_applicable"], filters=["stars", "not_applicable"],
    search=["rating__submission__title", "rating__rater__display_name"],
    related=[*RATED, "criterion"], results_of="rating__submission__jam",
)  # fmt: skip
look_at(
    Answer, ["rating", "author", "text", "written_at"], filters=["written_at"],
    search=["rating__submission__title", "author__display_name", "text"],
    related=[*RATED, "author"], results_of="rating__submission__jam",
)  # fmt: skip
look_at(
    Helpful, ["rating", "by", "marked_at"], search=["rating__submission__title"],
    filters=["marked_at"], related=[*RATED, "by"], results_of="rating__submission__jam",
)  # fmt: skip
look_at(
    Attestation, ["submission", "rater", "outcome", "minutes", "made_at"], results_of=OF_WORK,
    search=["submission__title", "rater__display_name"], filters=["outcome", "made_at"],
    related=["submission", "rater"],
)  # fmt: skip
look_at(
    Pseudonym, ["name", "user", "jam"], search=["name", *PERSON, "jam__title"], results_of="jam",
    related=["user", "jam"],
)  # fmt: skip
look_at(
    Award, ["prize", "submission", "results", "given_by", "given_at"], results_of=OF_WORK,
    search=["prize__title", "submission__title"], filters=["given_at"],
    related=["prize", "submission", "results__jam", "given_by"],
)  # fmt: skip
look_at(
    Appeal, ["submission", "author", "made_at", "answered_at"], results_of=OF_WORK,
    search=["submission__title", "author__display_name"], filters=[("answered_at", EMPTY)],
    related=["submission", "author"],
)  # fmt: skip
