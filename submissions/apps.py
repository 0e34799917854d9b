from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsApp(AppConfig):
    name = "submissions"
    verbose_name = _("Submissions")

    def ready(self) -> None:
        from jam import parts
        from submissions.part import SubmissionsPart

        parts.register(SubmissionsPart())
