from __future__ import annotations

import time

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management import BaseCommand, CommandError, CommandParser

from jam import clock


class Command(BaseCommand):
    help = "Send a test mail, at once and not through the outbox, and say what came back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", help="the address that the mail is sent to")

    def handle(self, *, to: str, **options) -> None:
        self.stdout.write(f"From     {settings.DEFAULT_FROM_EMAIL}\nTo       {to}")
        self.stdout.write(f"Through  {self.way()}")
        mail = EmailMessage(
            "A test of Peerjam's mail",
            f"Sent by check_mail on {clock.now():%Y-%m-%d %H:%M:%S} UTC from {settings.SITE_URL}.",
            to=[to],
            connection=get_connection(fail_silently=False),
        )
        began = time.perf_counter()
        try:
            taken = mail.send()
        except Exception as error:
            raise CommandError(f"Refused  {type(error).__name__}: {error}") from error
        if not taken:
            raise CommandError("Refused  The mail was not taken, without a reason.")
        status = getattr(mail, "anymail_status", None)
        self.stdout.write(f"Taken    after {time.perf_counter() - began:.2f} s")
        if status:
            self.stdout.write(f"         as {status.message_id}, status {status.status}")
        self.stdout.write(
            "A server that takes a mail may still lose it: look into the mailbox, and at its "
            "headers for what became of SPF and DKIM."
        )

    def way(self) -> str:
        if settings.MAIL_PROVIDER:
            return f"the API of {settings.MAIL_PROVIDER}"
        if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
            return f"the mail server {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
        return f"{settings.EMAIL_BACKEND}, which sends nothing to anybody"
