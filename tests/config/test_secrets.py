"""What nobody sees: two databases that differ only in what is secret give the same bytes.

Secret are, until the results are out, what ratings say, and for good other people's drafts. Every
address answers everybody alike, headers included, and nobody gets another mail, whatever the
secrets are. Of their own a reader may know: their ratings; the drafts of their team; and to
organizers the drafts of their jam.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse

from jam.models import Message, User
from ratings import freezing as ratings_freezing
from ratings.models import Rating, Score
from submissions import freezing, gallery
from submissions.models import Link, Submission
from tests.factories import RESULTS, TICK
from tests.world import ROLES, Address, World, addresses

pytestmark = pytest.mark.django_db

# With TRIAL every phase before the results, else those in which most is shown.
FULL = os.environ.get("TRIAL") == "full"
PHASES = ("announced", "making", "closing", "rating", "counting") if FULL else (
    "making", "rating", "counting"
)  # fmt: skip
STAFF = ("organizer", "staff", "superuser")
# Questions that a secret might answer, beside the plain address.
LISTS = ("q=words", "o=1.2.3.4.5.6", "strong__contains=words", "scores__stars=1", "signed=1",
         "ratings__scores__stars=1", "submissions__ratings__strong__contains=words",
         "submissions__title__contains=Other", "q=Never")  # fmt: skip
QUERIES = {
    "submissions:gallery": ("q=work", "q=never", "q=secret", "tag=secret", "site=online"),
    "ratings:results": ("criterion=1",),
}


@pytest.fixture(autouse=True)
def _nothing_is_random(monkeypatch, without_log) -> None:
    """The bytes of a page differ from visit to visit only in the keys against forged forms."""
    monkeypatch.setattr(
        "django.middleware.csrf.get_random_string", lambda length, allowed_chars="": "x" * length
    )


def is_asked(world: World, address: Address, role: str) -> bool:
    """Whoever is not staff is led away from the admin, as test_matrix.py shows."""
    if address.is_admin:
        own = address.route.split("/")[1] in ("jam", "ratings", "submissions", "local_sites")
        return own and role in STAFF and (world.phase == "counting" or FULL)
    return not address.route.startswith("accounts/") and address.name != "readyz"


def answers(world: World, role: str) -> dict[str, bytes]:
    """All that someone is answered, and all that they are mailed."""
    found, client = {}, world.clients[role]
    for address in addresses():
        if not is_asked(world, address, role):
            continue
        lists = LISTS if address.name.endswith("_changelist") else ()
        for query in ("", *QUERIES.get(address.name, lists)):
            for path in paths(world, address):
                with transaction.atomic():
                    response = client.get(path, QUERY_STRING=query)
                    streamed = b"".join(response.streaming_content) if response.streaming else None
                    transaction.set_rollback(True)
                found[f"{path}?{query}"] = b"%d %s\n%s\n%s" % (
                    response.status_code,
                    response.serialize_headers(),
                    response.cookies.output().encode(),
                    response.content if streamed is None else streamed,
                )
    own = Message.objects.filter(user=world.people.get(role))
    found["mail"] = repr(list(own.values_list("key", "subject", "text", "html"))).encode()
    return found


def paths(world: World, address: Address) -> Iterator[str]:
    """The address as it is, and with the other submissions that have a draft in it."""
    yield world.path(address)
    if "submissions" in address.route or "ratings:" in address.name:
        for submission in (world.others[0], world.draft):
            yield address.path(world.values | {"pk": submission.pk, "number": 1})


def change_secrets(world: World, reader: User | None) -> None:
    """Other ratings, and other drafts, than the reader's own."""
    ratings = Rating.objects.exclude(rater=reader)
    ratings.update(strong="other", weak="others", next="more", signed=True)
    for score in Score.objects.filter(rating__in=ratings).exclude(stars=None):
        Score.objects.filter(pk=score.pk).update(stars=6 - score.stars, remark="other")
    if reader is not None and world.jam.is_organized_by(reader):
        return
    # What the deadline has taken in stays as it is, and what it would take in as well.
    drafts = Submission.objects.filter(Q(pk=world.others[0].pk) | Q(pk=world.draft.pk))
    drafts.update(title="Secret", abstract="secret", body="secret", tags="secret", site=world.site,
                  commit="f" * 40, version=9)  # fmt: skip
    for draft in drafts:
        Link.objects.create(submission=draft, kind="demo", url="https://secret.example/")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def leaks(world: World, role: str, change: Callable = change_secrets) -> list[str]:
    """The addresses whose answers to someone depend on what is secret to them."""
    found = []
    for is_changed in (False, True):
        with undone():
            if is_changed:
                change(world, world.people.get(role))
            # What the sweeps of the background make and mail.
            freezing.close(world.jam, world.moment)
            ratings_freezing.results_of(world.jam, world.moment)
            found.append(answers(world, role))
    before, after = found
    return [address for address in before | after if before.get(address) != after.get(address)]


@pytest.mark.parametrize("phase", PHASES)
def test_no_answer_depends_on_what_is_secret(at, phase):
    world = World(phase, at)
    assert {role: found for role in ROLES if (found := leaks(world, role))} == {}


def test_nor_in_the_last_moment_before_the_results(at):
    world = World("counting", at)
    at(RESULTS - TICK)
    world.moment = RESULTS - TICK
    assert [leaks(world, role) for role in ("visitor", "contributor")] == [[], []]


def test_once_the_results_are_out_the_comparison_finds_them(at):
    world = World("counting", at)
    at(RESULTS)
    world.moment = RESULTS
    for role in ("visitor", "contributor"):
        assert leaks(world, role), role


# -- planted leaks ---------------------------------------------------------------------------


def stars() -> int:
    return Score.objects.aggregate(all=Sum("stars"))["all"]


def in_a_header(request: HttpRequest, response: HttpResponse) -> None:
    response["ETag"] = f'"{stars()}"'


def in_a_length(request: HttpRequest, response: HttpResponse) -> None:
    response["Content-Length"] = str(stars())


def in_the_name_of_a_cookie(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie(f"seen{stars()}", "1")


def in_a_count(request: HttpRequest, response: HttpResponse) -> None:
    if not response.streaming:
        response.content += b"%d" % Submission.objects.filter(title="Never finished").count()


@pytest.mark.parametrize(
    "plant", [in_a_header, in_a_length, in_the_name_of_a_cookie, in_a_count],
)  # fmt: skip
def test_a_planted_leak_is_found(at, settings, monkeypatch, plant):
    world = World("rating", at)

    def leaky(get_response: Callable) -> Callable:
        def middleware(request: HttpRequest) -> HttpResponse:
            response = get_response(request)
            plant(request, response)
            return response

        return middleware

    # Clients have taken the middleware in only once they ask.
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.leaky"]
    monkeypatch.setitem(globals(), "leaky", leaky)
    assert "/?" in leaks(world, "visitor")


def test_a_planted_order_is_found(at, monkeypatch):
    world = World("rating", at)
    honest = gallery.submissions_of
    monkeypatch.setattr(
        gallery,
        "submissions_of",
        lambda *args, **how: (
            honest(*args, **how)
            .annotate(stars=Sum("ratings__scores__stars"))
            .order_by("stars", "pk")
        ),
    )
    assert f"/jams/{world.jam.slug}/submissions/?" in leaks(world, "visitor")


def test_a_planted_mail_is_found(at):
    world = World("rating", at)

    def change_and_mail(world: World, reader: User) -> None:
        change_secrets(world, reader)
        Message.objects.filter(user=reader).update(text=f"You have {stars()} stars")

    assert leaks(world, "stranger", change_and_mail) == ["mail"]
