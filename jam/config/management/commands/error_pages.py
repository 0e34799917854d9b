from __future__ import annotations

from django.conf import settings
from django.core.management import BaseCommand
from django.template.loader import render_to_string

PAGES = ("413", "503")


class Command(BaseCommand):
    help = "Write the pages that the front server shows when the application cannot answer."

    def handle(self, **options) -> None:
        folder = settings.STATIC_ROOT / "errors"
        folder.mkdir(parents=True, exist_ok=True)
        for page in PAGES:
            (folder / f"{page}.html").write_text(render_to_string(f"{page}.html"))
