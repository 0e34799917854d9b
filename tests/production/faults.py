"""Faults that can be planted in an installation, so that each trial is seen to fail of one:
DJANGO_SETTINGS_MODULE=tests.production.faulty FAULT=name."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

from django.apps import AppConfig


def freezes_in_pieces() -> None:
    """Closing and publishing are not one transaction, and lock nothing."""
    from django.db.models import QuerySet

    import ratings.freezing
    import submissions.freezing
    from jam import bulk

    insert = bulk.insert

    def insert_slowly(*args: Any, **kwargs: Any) -> None:
        # Standings are written so fast that no kill would fall between them and their results.
        time.sleep(0.3)
        insert(*args, **kwargs)

    QuerySet.select_for_update = lambda self, *args, **kwargs: self
    for module, name in ((submissions.freezing, "close"), (ratings.freezing, "freeze")):
        setattr(module, name, getattr(module, name).__wrapped__)
    bulk.insert = insert_slowly


def answers_before_it_has_written() -> None:
    """A hand-in is acknowledged, and carried out a little later."""
    from django.db import connections

    from submissions import services

    hand_in = services.hand_in

    def later(**kwargs: Any) -> None:
        time.sleep(0.3)
        try:
            hand_in(**kwargs)
        finally:
            connections.close_all()

    def answer(**kwargs: Any) -> SimpleNamespace:
        threading.Thread(target=later, kwargs=kwargs).start()
        return SimpleNamespace(number=1)

    services.hand_in = answer


def needs_the_broker() -> None:
    """Writing a mail asks the broker at once, and fails where there is none."""
    from jam import outbox

    put = outbox.put

    def put_and_ask(**kwargs: Any) -> Any:
        message = put(**kwargs)
        outbox._ask_for_sending()
        return message

    outbox.put = put_and_ask


def takes_every_failure_for_its_own() -> None:
    """A database that is away is answered as a fault of ours."""
    from django.shortcuts import render

    from jam.views import errors

    errors.server_error = lambda request: render(request, "500.html", status=500)


def counts_again() -> None:
    """Results that are there are not looked for."""
    from ratings import freezing

    keep = freezing.keep

    def keep_slowly(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.5)
        return keep(*args, **kwargs)

    freezing.frozen_results = lambda jam, moment: None
    freezing.keep = keep_slowly


def trusts_its_own_clock() -> None:
    from django.conf import settings

    settings.DATABASE_CLOCK = False


def knows_no_full_disk() -> None:
    from submissions import files

    def store(file: Any, inspected: Any) -> None:
        file.content.save(f"{inspected.sha256}.pdf", inspected.content, save=False)

    files.store = store


class Faults(AppConfig):
    name = "tests.production"
    label = "faults"

    def ready(self) -> None:
        from django.conf import settings

        if settings.FAULT:
            globals()[settings.FAULT]()
