from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JamApp(AppConfig):
    name = "jam"
    verbose_name = _("Jams and people")

    def ready(self) -> None:
        from jam import parts
        from jam.part import JamPart

        parts.register(JamPart())
