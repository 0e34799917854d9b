"""Setting a jam up, as far as it is about submissions."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.translation import gettext_lazy as _

from jam import keeping
from jam.views.setting_up import ListView, RulesView
from submissions.models import SubmissionRules
from submissions.permissions import blind_refusal
from submissions.setting_up import QUESTIONS, TRACKS
from submissions.setting_up_forms import SubmissionRulesForm


@keeping.keeps_words
class RulesPage(RulesView):
    desk_page = "submission_rules"
    title = _("Rules for submissions")

    def row(self) -> SubmissionRules:
        return SubmissionRules.of(self.jam)

    def form(self, data: Any = None, files: Any = None) -> SubmissionRulesForm:
        fixed = blind_refusal(self.jam, self.request.moment)
        return SubmissionRulesForm(data, instance=copy.copy(self.row()), blind_is_fixed=fixed)


@keeping.keeps_words
class TracksPage(ListView):
    desk_page = "tracks"
    title = _("Tracks")
    lead = _("Directions of the jam. A submission has one, and is ranked there as well.")
    kind = TRACKS


@keeping.keeps_words
class QuestionsPage(ListView):
    desk_page = "submission_questions"
    title = _("Questions to submissions")
    lead = _("What you want to know of each submission beside the work itself.")
    kind, extra = QUESTIONS, 1
