from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesApp(AppConfig):
    name = "sites"
    # "sites" is the label of django.contrib.sites, which other packages look for.
    label = "local_sites"
    verbose_name = _("Local sites")

    def ready(self) -> None:
        from jam import parts
        from sites.part import SitesPart

        parts.register(SitesPart())
