"""Setting a jam up, as far as it is about ratings. Fixed once rating opens, prizes with the
results."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from jam import keeping
from jam.models import Jam
from jam.views.setting_up import ListView, RulesView
from ratings.models import RatingRules
from ratings.permissions import SettingsRefusal, settings_refusal
from ratings.setting_up import CRITERIA_OF_A_JAM, PRIZES
from ratings.setting_up_forms import RatingRulesForm


@keeping.keeps_words
class RulesPage(RulesView):
    desk_page = "rating_rules"
    title = _("Rules for rating")
    lead = _("Everybody reads them on the jam’s page. They are fixed once rating opens.")

    def row(self) -> RatingRules:
        return RatingRules.of(self.jam)

    def why_not(self, jam: Jam, moment: datetime) -> SettingsRefusal | None:
        return settings_refusal(jam, moment)

    def form(self, data: Any = None, files: Any = None) -> RatingRulesForm:
        return RatingRulesForm(data, instance=copy.copy(self.row()))


@keeping.keeps_words
class CriteriaPage(ListView):
    desk_page = "criteria"
    title = _("Criteria")
    lead = _("On what raters give one to five stars. A line for each number of stars has them mean "
             "the same to everybody. Fixed once rating opens.")  # fmt: skip
    kind, extra = CRITERIA_OF_A_JAM, 1


@keeping.keeps_words
class PrizesPage(ListView):
    desk_page = "prizes"
    title = _("Prizes")
    lead = _("What there is to win, and for what. They are fixed once the results are out.")
    kind, extra = PRIZES, 1
