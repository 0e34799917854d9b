from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from jam.models import Jam
from ratings.freezing import results_of
from submissions import freezing


class Command(BaseCommand):
    help = "Close the submissions and freeze the results of a jam, as far as they are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")

    def handle(self, *, slug: str, **options) -> None:
        now = timezone.now()
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam at the address “{slug}”.")
        closing = freezing.close(jam, now)
        results = results_of(jam, now)
        if closing is None:
            self.stdout.write(
                "Nothing is due: submissions can be closed two minutes after "
                f"{jam.submissions_close_at:%Y-%m-%d %H:%M} UTC."
            )
            return
        self.stdout.write(f"Submissions closed: {closing.handed_in} handed in.")
        if results is None:
            self.stdout.write(f"Results are due at {jam.results_at:%Y-%m-%d %H:%M} UTC.")
        else:
            self.stdout.write(
                f"Results frozen: version {results.version}, {results.ratings} ratings "
                f"of {results.submissions} submissions."
            )
