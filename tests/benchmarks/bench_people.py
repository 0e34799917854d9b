"""35,000 who take part: what their list costs, and how long an announcement to all of them takes
to be written and sent; by an organizer, without a server in between."""

from __future__ import annotations

import resource
import time
from datetime import timedelta

from tests.benchmarks import ground

PEOPLE = 35_000


def fill(jam) -> None:
    """People until `jam` has as many as this is about, each shown on the list."""
    from jam.models import Participation, User

    there = Participation.objects.filter(jam=jam, cancelled_at=None)
    there.update(shown=True)
    users = User.objects.bulk_create(
        (
            User(email=f"someone-{n}@people.example", display_name=f"Ada {n} Grünspecht")
            for n in range(PEOPLE - there.count())
        ),
        batch_size=5000,
    )
    Participation.objects.bulk_create(
        (Participation(jam=jam, user=user, joined_at=jam.created_at, shown=True) for user in users),
        batch_size=5000,
    )


def main() -> None:
    ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    with ground.copy() as url:
        ground.begin(url)
        from django.db import connection, connections

        from jam.models import Jam, User

        jam = Jam.objects.get(slug="making")
        organizer = User.objects.create(email="organizer@people.example", display_name="Olga")
        jam.organizers.add(organizer)
        fill(jam)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        pages(organizer)
        announcement(jam, organizer)
        connections.close_all()


def pages(organizer) -> None:
    from django.test import Client

    client = Client()
    client.force_login(organizer)
    print(f"\n{PEOPLE} people")
    here = "/jams/making/"
    ground.measure(
        client,
        [
            f"{here}participants/",
            f"{here}participants/?page=900",
            f"{here}participants/?q=ada+3",
            f"{here}answers/",
            f"{here}answers/answers.csv",
        ],
    )


def announcement(jam, organizer) -> None:
    """Written in portions by one sweep after another, then sent to a mail server that takes all."""
    from django.conf import settings
    from django.utils import timezone

    from jam import announcing, audiences, outbox
    from jam.models import Message

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    now = timezone.now()
    audience = next(a for a in audiences.audiences_of(jam, organizer) if a.name == "participants")
    it = announcing.write(jam=jam, by=organizer, title="Rooms have changed",
                          text="The **first floor** is open too.", audience=audience,
                          send_at=None, moment=now)  # fmt: skip
    began = time.perf_counter()
    counted = announcing.reach(it, now)
    print(f"\nAn announcement: counted ({counted.people} people, {counted.mails} mails) in "
          f"{1000 * (time.perf_counter() - began):.0f} ms")  # fmt: skip
    announcing.confirm(announcement=it, by=organizer, moment=now)
    began, sweeps = time.perf_counter(), 0
    while announcing.send_due(now + timedelta(seconds=1)):
        sweeps += 1
    written = Message.objects.filter(key=f"announcement:{it.pk}").count()
    took = time.perf_counter() - began
    print(f"  {written} mails written in {took:.1f} s, {sweeps} sweeps  {ground.load()}")
    if written != counted.mails:
        raise SystemExit(f"{written} mails were written, {counted.mails} were counted")
    began, sent = time.perf_counter(), 0
    while portion := outbox.send_due(now + timedelta(minutes=1)):
        sent += portion
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {sent} mails sent in {took:.1f} s ({sent / took:.0f} a second), "
          f"{memory:.0f} MiB at most  {ground.load()}")  # fmt: skip


if __name__ == "__main__":
    main()
