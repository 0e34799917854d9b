from __future__ import annotations

import hashlib

from django.apps import apps
from django.core.management import BaseCommand, CommandError

from submissions.models import File


class Command(BaseCommand):
    help = "Count what is there, and hold every file against the hash that was kept of it."

    def handle(self, **options) -> None:
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
            if model._meta.app_config.name in ("jam", "sites", "submissions", "ratings"):
                self.stdout.write(f"{model._meta.label:<32} {model._default_manager.count():>10}")
        wrong = [
            f"{file.content.name} ({what})"
            for file in File.objects.order_by("pk").iterator()
            if (what := self.fault_of(file))
        ]
        if wrong:
            raise CommandError("Files that are not as they were:\n" + "\n".join(wrong))
        self.stdout.write("Every file is as it was when it was uploaded.")

    def fault_of(self, file: File) -> str:
        try:
            with file.content.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            return "missing"
        return "" if digest == file.sha256 else "changed"
