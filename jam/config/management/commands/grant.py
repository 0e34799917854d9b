from __future__ import annotations

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connection

from jam.models import Act
from ratings.models import Results, Standing
from submissions.models import Closing, Revision

# What is written once: the log, what was handed in, and results.
APPEND_ONLY = [Act, Revision, Closing, Results, Standing]


class Command(BaseCommand):
    help = "Let the application's database role do what it needs to and no more. Run as the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *, role: str, **options) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Roles are PostgreSQL's.")
        role = connection.ops.quote_name(role)
        with connection.cursor() as cursor:
            for statement in (
                f"GRANT USAGE ON SCHEMA public TO {role}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
                f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
                *(
                    f"REVOKE UPDATE, DELETE ON {model._meta.db_table} FROM {role}"
                    for model in APPEND_ONLY
                ),
                # Who is credited, and what is found in files, stands beside what was handed in.
                f"GRANT UPDATE (names, search_index, findings) ON {Revision._meta.db_table} "
                f"TO {role}",
            ):
                cursor.execute(statement)
