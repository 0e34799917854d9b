"""The organizers' desk and the admin's lists of a large jam, without a server in between."""

from __future__ import annotations

from tests.benchmarks import ground

ADMIN = ("submissions/submission", "submissions/revision", "ratings/rating", "jam/participation",
         "jam/user", "jam/act", "jam/message")  # fmt: skip


def main() -> None:
    ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    with ground.copy() as url:
        ground.begin(url)
        from django.db import connection, connections
        from django.test import Client

        from jam.models import Jam, User

        jam = Jam.objects.get(slug="rating")
        organizer = User.objects.create(email="organizer@desk.example", display_name="Olga")
        jam.organizers.add(organizer)
        operator = User.objects.create(
            email="operator@desk.example", display_name="Omar", is_staff=True, is_superuser=True
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        numbers = {"submissions": jam.submissions.count(), "people": jam.participations.count()}
        print("\n" + ", ".join(f"{n} {what}" for what, n in numbers.items()))
        here, client = "/jams/rating/", Client()
        somebody = jam.participations.order_by("pk").first().user_id
        one = jam.submissions.filter(frozen__isnull=False).order_by("pk").first().pk
        client.force_login(organizer)
        pages = (
            "", "desk/", "people/", "people/?q=a", f"people/{somebody}/", "set-up/", "spam/",
            "log/", "exports/", "roles/", "rate/coverage/", f"submissions/{one}/organize/",
        )  # fmt: skip
        ground.measure(client, [here + page for page in pages])
        client.force_login(operator)
        ground.measure(client, [f"/admin/{name}/" for name in ADMIN])
        connections.close_all()


if __name__ == "__main__":
    main()
