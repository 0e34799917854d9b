"""The form of what a jam asks of its submissions."""

from __future__ import annotations

from typing import Any

from jam.setting_up_forms import SettingsForm
from submissions.models import SubmissionRules


class SubmissionRulesForm(SettingsForm):
    """Whether it is rated blind is fixed at some time; then it is shown, and nothing changes it."""

    class Meta:
        model = SubmissionRules
        fields = ["team_size", "report_required", "repository_required", "blind", "ai_tools",
                  "discussion"]  # fmt: skip

    def __init__(self, *args: Any, blind_is_fixed: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if blind_is_fixed:
            self.fields["blind"].disabled = True
            self.fields["blind"].help_text = blind_is_fixed.label
