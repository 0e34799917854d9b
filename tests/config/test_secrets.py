"""What nobody sees: two databases that differ only in what is secret give the same bytes.

Secret are, until the results are out, what ratings say and who ran what, and for good other
people's drafts. Every address answers everybody alike, headers included, and nobody gets another
mail, whatever the secrets are. Of their own a reader may know: their ratings; the drafts of their
team; and to organizers the drafts of their jam. Once rating has closed two pages are for those who
may know: the organizers' of what stands out, and, where the jam says so, a team's of its own stars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery, Sum
from django.http import HttpRequest, HttpResponse

from jam.models import Message, User
from ratings import freezing as ratings_freezing
from ratings.models import Attestation, Rating, Score
from sites.models import LocalSite
from submissions import freezing, gallery
from submissions.models import Answer, Contributor, File, Link, Origin, Revision, Submission
from tests import trials
from tests.factories import RESULTS, TICK, UserFactory
from tests.sites.factories import LocalSiteFactory
from tests.world import ROLES, Address, World, addresses

pytestmark = pytest.mark.django_db

# Where not every phase before the results is asked, those in which most is shown.
PHASES = trials.asked(
    full=("announced", "making", "closing", "rating", "counting"),
    # The last moment of counting has a test of its own.
    usual=("rating",),
    sample=("rating",),
)
# Whom each phase is asked as, where not everybody is: those who stand for the others.
SOME = {
    "rating": trials.asked(
        full=ROLES,
        usual=("visitor", "contributor", "rater", "organizer"),
        sample=("visitor", "rater", "organizer"),
    ),
    "counting": ("visitor", "contributor", "rater", "organizer"),
}
READERS = {
    phase: trials.asked(full=ROLES, usual=SOME.get(phase), sample=SOME.get(phase))
    for phase in PHASES
}
STAFF = ("organizer", "staff", "superuser")
# Questions that a secret might answer, beside the plain address.
LISTS = ("q=words", "o=1.2.3.4.5.6", "strong__contains=words", "scores__stars=1", "signed=1",
         "ratings__scores__stars=1", "submissions__ratings__strong__contains=words",
         "submissions__title__contains=Other", "q=Never")  # fmt: skip
QUERIES = {
    "submissions:gallery": (
        "q=work",
        "q=never",
        "q=secret",
        "tag=secret",
        "site=online",
        "track=1",
    ),
    "jam:ideas": ("q=secret", "q=loop"),
    "ratings:awards": ("q=never", "q=secret"),
    "ratings:ceremony": ("places=30",),
    "ratings:results": ("criterion=1",),
}


@pytest.fixture(autouse=True)
def _nothing_is_random(monkeypatch, without_log) -> None:
    """The bytes of a page differ from visit to visit only in the keys against forged forms."""
    monkeypatch.setattr(
        "django.middleware.csrf.get_random_string", lambda length, allowed_chars="": "x" * length
    )


# Who may know what a page depends on, once rating has closed.
TOLD = {
    ("ratings:integrity", "organizer"),
    ("ratings:integrity", "superuser"),
    ("ratings:own", "contributor"),
}


def is_asked(world: World, address: Address, role: str) -> bool:
    """Whoever is not staff is led away from the admin, as test_matrix.py shows."""
    if address.is_admin:
        own = address.route.split("/")[1] in ("jam", "ratings", "submissions", "local_sites")
        return own and role in STAFF and (world.phase == PHASES[-1] or len(PHASES) > 3)
    if world.phase == "counting" and (address.name, role) in TOLD:
        return False
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
    """Other ratings, attestations and drafts than the reader's own."""
    attestations = Attestation.objects.exclude(rater=reader)
    attestations.filter(submission=world.others[0]).delete()
    attestations.update(outcome="failed", environment="other", minutes=9, word="other")
    ratings = Rating.objects.exclude(rater=reader)
    ratings.update(strong="other", weak="others", next="more", signed=True)
    for score in Score.objects.filter(rating__in=ratings).exclude(stars=None):
        Score.objects.filter(pk=score.pk).update(stars=6 - score.stars, remark="other")
    if reader is not None and world.jam.is_organized_by(reader):
        return
    # What the deadline has taken in stays as it is, and what it would take in as well.
    drafts = Submission.objects.filter(Q(pk=world.others[0].pk) | Q(pk=world.draft.pk))
    drafts.update(title="Secret", abstract="secret", body="secret", tags="secret", site=world.site,
                  commit="f" * 40, version=9, track_reason="secret", ai_use="some",
                  ai_tools="secret")  # fmt: skip
    Answer.objects.filter(submission__in=drafts).update(text="secret")
    Contributor.objects.filter(submission__in=drafts).update(
        affiliation="secret", roles=["software"], proposed_order=0
    )
    for draft in drafts:
        Link.objects.create(submission=draft, kind="demo", url="https://secret.example/")
        Origin.objects.create(submission=draft, idea=world.idea)


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
    assert {role: found for role in READERS[phase] if (found := leaks(world, role))} == {}


def test_nor_in_the_last_moment_before_the_results(at):
    world = World("counting", at)
    at(RESULTS - TICK)
    world.moment = RESULTS - TICK
    assert [leaks(world, role) for role in ("visitor", "contributor")] == [[], []]


# -- blind jams --------------------------------------------------------------------------------

# Everybody but the organizers; whoever is on a team knows of that one.
UNNAMED = [
    role
    for role in trials.asked(full=ROLES, usual=("visitor", "rater"), sample=("visitor", "rater"))
    if role not in ("organizer", "superuser")
]
NAMED = ("q=somebody", "q=else", "q=hall", "site=1", "site=2")


def change_names(world: World, reader: User | None) -> None:
    """Somebody else, elsewhere, has made all that the reader has not."""
    other, site = User.objects.get(display_name="Somebody Else"), LocalSite.objects.last()
    made = Submission.objects.exclude(contributors__user=reader) if reader else (
        Submission.objects.all()
    )  # fmt: skip
    Contributor.objects.filter(submission__in=made).update(user=other)
    File.objects.filter(submission__in=made).update(uploaded_by=other)
    Submission.objects.filter(pk__in=made.values("pk")).update(site=site, saved_by=other)
    for revision in Revision.objects.filter(submission__in=made):
        team = [{"id": other.pk, "name": str(other), "affiliation": other.affiliation}]
        revision.content |= {"contributors": team, "site": site.name}
        revision.digest = freezing.digest_of(revision.content)
        revision.names, revision.site, revision.handed_in_by = str(other), site, other
        revision.search_index += "\nsomebody else"
        revision.save()


def blind_world(phase: str, at: Callable, *, blind: bool = True) -> World:
    world = World(phase, at, blind=blind)
    LocalSiteFactory(jam=world.jam, name="Other Hall")
    UserFactory(display_name="Somebody Else", affiliation="The same")
    # As near to that team as hints of a conflict go.
    User.objects.update(affiliation="The same")
    return world


@pytest.fixture
def _asking_for_names(monkeypatch) -> None:
    queries = (*QUERIES["submissions:gallery"], *NAMED)
    monkeypatch.setitem(QUERIES, "submissions:gallery", queries)
    monkeypatch.setitem(QUERIES, "ratings:awards", NAMED)


@pytest.mark.usefixtures("_asking_for_names")
@pytest.mark.parametrize(
    "phase", trials.asked(full=PHASES[2:], usual=["counting"], sample=["counting"])
)
def test_in_a_blind_jam_no_answer_depends_on_who_made_what_and_where(at, phase):
    world = blind_world(phase, at)
    assert {role: told for role in UNNAMED if (told := leaks(world, role, change_names))} == {}


@pytest.mark.usefixtures("_asking_for_names")
@pytest.mark.parametrize(("phase", "blind"), [("rating", False), ("finished", True)])
def test_in_another_jam_and_after_the_results_names_are_found(at, phase, blind):
    assert leaks(blind_world(phase, at, blind=blind), "visitor", change_names)


@pytest.fixture
def _a_few_addresses(monkeypatch) -> None:
    """That the comparison finds something can be seen at few."""
    few = ("jam:front", "submissions:gallery", "ratings:results", "ratings:submission_results")
    found = [address for address in addresses() if address.name in few]
    monkeypatch.setitem(globals(), "addresses", lambda: found)


@pytest.mark.usefixtures("_a_few_addresses")
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


@pytest.mark.usefixtures("_a_few_addresses")
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


@pytest.mark.usefixtures("_a_few_addresses")
def test_a_planted_order_is_found(at, monkeypatch):
    world = World("rating", at)
    honest = gallery.submissions_of

    def by_stars(*args, **how):
        given = Score.objects.filter(rating__submission=OuterRef("pk")).order_by()
        given = given.values("rating__submission").annotate(n=Sum("stars")).values("n")
        return honest(*args, **how).order_by(Subquery(given), "pk")

    monkeypatch.setattr(gallery, "submissions_of", by_stars)
    assert f"/jams/{world.jam.slug}/submissions/?" in leaks(world, "visitor")


@pytest.mark.usefixtures("_a_few_addresses")
def test_a_planted_mail_is_found(at):
    world = World("rating", at)

    def change_and_mail(world: World, reader: User) -> None:
        change_secrets(world, reader)
        Message.objects.filter(user=reader).update(text=f"You have {stars()} stars")

    assert leaks(world, "stranger", change_and_mail) == ["mail"]
