from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RatingsApp(AppConfig):
    name = "ratings"
    verbose_name = _("Ratings and results")

    def ready(self) -> None:
        from jam import parts
        from ratings.part import RatingsPart

        parts.register(RatingsPart())
