from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jam import timeline
from ratings.models import Criterion, Judge, Rating, RatingRules, Results, Skip, Standing


class ReadOnly:
    """Rows that are made by the product alone."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class FixedOnceRatingOpens:
    """What raters rate by does not change under their hands."""

    def is_fixed(self, request, jam) -> bool:
        return jam is not None and not jam.rating_window.is_before(request.moment)

    def has_add_permission(self, request, obj=None) -> bool:
        return super().has_add_permission(request, obj) and not self.is_fixed(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and not self.is_fixed(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and not self.is_fixed(request, obj)


class RatingRulesInline(FixedOnceRatingOpens, admin.StackedInline):
    model = RatingRules


class CriterionInline(FixedOnceRatingOpens, admin.StackedInline):
    model = Criterion
    extra = 0
    fields = [
        ("order", "name", "weight", "may_be_skipped"), "question",
        "guidance_1", "guidance_2", "guidance_3", "guidance_4", "guidance_5",
    ]  # fmt: skip


class JudgeInline(admin.TabularInline):
    model = Judge
    extra = 0
    autocomplete_fields = ["user"]


class OwnJams:
    """Organizers see what belongs to their jams."""

    jam_path = "jam"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.jam_path}__organizers": request.user})


@admin.register(Rating)
class RatingAdmin(OwnJams, ReadOnly, admin.ModelAdmin):
    """Who has rated what. Stars and words are not shown here: before the results nobody may see
    them, and afterwards they are on the results' pages."""

    jam_path = "submission__jam"
    fields = ["submission", "rater", "from_queue", "started_at", "saved_at", "completed_at"]
    list_display = ["submission", "rater", "from_queue", "completed_at", "saved_at"]
    list_filter = ["submission__jam", ("completed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["submission", "rater"]
    search_fields = ["submission__title", "rater__email", "rater__display_name"]


@admin.register(Skip)
class SkipAdmin(OwnJams, ReadOnly, admin.ModelAdmin):
    jam_path = "submission__jam"
    list_display = ["submission", "rater", "reason", "skipped_at"]
    list_filter = ["submission__jam"]
    list_select_related = ["submission", "rater"]


@admin.register(Results)
class ResultsAdmin(OwnJams, ReadOnly, admin.ModelAdmin):
    list_display = ["jam", "version", "rule", "submissions", "ratings", "frozen_at"]
    list_select_related = ["jam"]


@admin.register(Standing)
class StandingAdmin(OwnJams, ReadOnly, admin.ModelAdmin):
    """Frozen, and shown only once the results are."""

    jam_path = "results__jam"
    list_display = ["submission", "results", "rule", "criterion_name", "rank", "score", "n"]
    list_filter = ["results", "rule", "criterion"]
    list_select_related = ["submission", "results__jam", "criterion"]
    search_fields = ["submission__title"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(timeline.reached("results_at", request.moment, "results__jam__"))
        )

    @admin.display(description=_("criterion"))
    def criterion_name(self, standing: Standing) -> str:
        return str(standing.criterion or _("overall"))
