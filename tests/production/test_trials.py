"""Trials of an installation: the rush at the deadline, and what fails around it.

In the suite each comes with a few random moments; `make trial` (TRIAL=full) has twenty and more,
and prints its figures. Each trial is also run with a planted fault, of which it must fail.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from jam.config.demo import files as demo_files
from tests.production.rush import Sent, rush
from tests.production.stack import CSRF, ROOT, Stack, wait_until

pytestmark = pytest.mark.stack

IS_FULL = os.environ.get("TRIAL") == "full"
MOMENTS = 20 if IS_FULL else 2
SEED = int(os.environ.get("SEED", "1"))
FAULTY = {"DJANGO_SETTINGS_MODULE": "tests.production.faulty"}
# Requests that are sent so shortly before the deadline may be read by nginx after it; and nginx
# looks at its clock once for all that it reads together.
ON_THE_WAY, TICK = 0.03, 0.02

_slugs = (f"trial-{number}" for number in range(10**6))


@pytest.fixture
def dice() -> random.Random:
    return random.Random(SEED)


def say(text: str) -> None:
    print(f"\n  {text}", flush=True)


@contextmanager
def planted(stack: Stack, fault: str, *services: str, **environment: str) -> Iterator[None]:
    """The services with a fault, and afterwards without."""
    stack.restart(*services, **FAULTY, FAULT=fault, **environment)
    try:
        yield
    finally:
        stack.restart(*services)


def handing_in(stack: Stack, slug: str, submission: str, session: str) -> bytes:
    """A hand-in as a browser sends it."""
    headers = {
        **stack.headers(),
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": "0",
        "Connection": "close",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /jams/{slug}/submissions/{submission}/hand-in/ HTTP/1.1\r\n{lines}\r\n".encode()


def is_taken(sent: Sent) -> bool:
    return sent.status == 302 and "/receipts/" in sent.location


# -- the rush ----------------------------------------------------------------------------------


def at_the_deadline(stack: Stack, dice: random.Random, number: int, seconds: float) -> None:
    """`number` hand-ins at random instants of the last `seconds`, and a fifth as many after."""
    slug = next(_slugs)
    late = number // 5
    # Time enough to make the rows and to open the connections.
    begin = 6 + number / 100
    made = stack.python("people_with_drafts", slug, number + late, begin)
    deadline = made["deadline"]
    requests = {}
    for place, (submission, session) in enumerate(made["sessions"].items()):
        instant = deadline - dice.random() * seconds if place < number else (
            deadline + TICK + dice.random() * seconds
        )  # fmt: skip
        requests[submission] = (instant, handing_in(stack, slug, submission, session))
    assert time.time() < deadline - seconds - 1, "making the rows took too long"
    answers = rush(stack.ports["http"], requests)

    stamps: dict[str, list[float]] = {submission: [] for submission in requests}
    for submission, stamp in stack.query(
        "SELECT r.submission_id, extract(epoch FROM arrived_at)::float FROM submissions_revision r"
        " JOIN submissions_submission s ON s.id = r.submission_id WHERE s.jam_id = %s",
        made["jam"],
    ):
        stamps[str(submission)].append(stamp)
    in_time = [sent for sent in answers if sent.at < deadline]
    refused = [s for s in in_time if not is_taken(s) and s.at < deadline - ON_THE_WAY]
    taken_late = [s for s in answers if s.at >= deadline + TICK and is_taken(s)]
    wrong_rows = [s for s in answers if len(stamps[s.name]) != int(is_taken(s))]
    delays = sorted(stamps[s.name][0] - s.at for s in answers if is_taken(s)) or [0.0]
    close = [sent for sent in in_time if sent.at >= deadline - ON_THE_WAY]
    say(
        f"{len(in_time)} hand-ins in the last {seconds} s: {len(refused)} refused; "
        f"{len(answers) - len(in_time)} after it: {len(taken_late)} taken; "
        f"{len(wrong_rows)} without exactly their row. Of {len(close)} in the last "
        f"{ON_THE_WAY * 1000:.0f} ms {sum(map(is_taken, close))} were taken. "
        f"Stamps came {delays[len(delays) // 2] * 1000:.0f} ms after sending, at most "
        f"{delays[-1] * 1000:.0f} ms; the last answer came {max(s.seconds for s in answers):.1f} s "
        "after."
    )
    assert Counter(sent.status for sent in answers) == {302: len(answers)}
    assert refused == []
    assert taken_late == []
    assert wrong_rows == []


@pytest.mark.parametrize(
    ("number", "seconds"), [(500, 0.5), (1000, 2.0)] if IS_FULL else [(150, 0.5)]
)
def test_none_on_time_is_refused_and_none_late_is_taken(stack, dice, number, seconds):
    at_the_deadline(stack, dice, number, seconds)


def test_it_is_the_stamp_that_does_it(stack, dice):
    """Judged when they are carried out, requests that queued are refused."""
    stack.restart("web-a", "web-b", TRUSTED_PROXIES="10.0.0.1", SECURE_TLS="0")
    try:
        with pytest.raises(AssertionError, match="refused == |Sent"):
            at_the_deadline(stack, dice, 500 if IS_FULL else 150, 0.5)
    finally:
        stack.restart("web-a", "web-b")


@pytest.mark.parametrize("minutes", [10, -10])
def test_a_clock_that_is_wrong_by_ten_minutes_changes_nothing(stack, dice, minutes):
    wrong = {"PYTHONPATH": f"{ROOT}/tests/production/clock", "CLOCK_IS_OFF": str(60 * minutes)}
    stack.restart("web-a", "web-b", "worker", **wrong)
    try:
        at_the_deadline(stack, dice, 200 if IS_FULL else 60, 0.5)
        # Nothing is closed before its time, nor left open.
        soon, due = next(_slugs), next(_slugs)
        stack.python("people_with_drafts", soon, 3, -60)
        stack.python("people_with_drafts", due, 3, -125)
        stack.send("submissions.close_due")
        wait_until(lambda: closings(stack, due) == 1, 20, "closing what is due")
        assert closings(stack, soon) == 0
        fault = planted(stack, "trusts_its_own_clock", "web-a", "web-b", **wrong)
        with fault, pytest.raises(AssertionError):
            at_the_deadline(stack, dice, 40, 0.5)
    finally:
        stack.restart("web-a", "web-b", "worker")


# -- killing -----------------------------------------------------------------------------------


def closings(stack: Stack, slug: str) -> int:
    [(number,)] = stack.query(
        "SELECT count(*) FROM submissions_closing c JOIN jam_jam j ON j.id = c.jam_id"
        " WHERE j.slug = %s",
        slug,
    )
    return number


def what_is_closed(stack: Stack, slug: str) -> tuple[int, int, int, int]:
    """Closings, frozen submissions, revisions and receipts of a jam."""
    [counted] = stack.query(
        "SELECT (SELECT count(*) FROM submissions_closing WHERE jam_id = j.id),"
        " (SELECT count(frozen_id) FROM submissions_submission WHERE jam_id = j.id),"
        " (SELECT count(*) FROM submissions_revision r JOIN submissions_submission s"
        "  ON s.id = r.submission_id WHERE s.jam_id = j.id),"
        " (SELECT count(*) FROM jam_message m JOIN submissions_revision r"
        "  ON m.key = 'receipt:' || r.id JOIN submissions_submission s ON s.id = r.submission_id"
        "  WHERE s.jam_id = j.id)"
        " FROM jam_jam j WHERE j.slug = %s",
        slug,
    )
    return counted


def what_is_published(stack: Stack, slug: str) -> tuple[int, int]:
    """Results and standings of a jam."""
    [counted] = stack.query(
        "SELECT (SELECT count(*) FROM ratings_results WHERE jam_id = j.id),"
        " (SELECT count(*) FROM ratings_standing t JOIN ratings_results r ON r.id = t.results_id"
        "  WHERE r.jam_id = j.id) FROM jam_jam j WHERE j.slug = %s",
        slug,
    )
    return counted


def killed_at_random_moments(
    stack: Stack,
    dice: random.Random,
    moments: int,
    *,
    task: str,
    make: Callable[[str], object],
    look: Callable[[Stack, str], tuple[int, ...]],
    whole: tuple[int, ...],
    **environment: str,
) -> None:
    """Kill the worker at random moments of a freezing: there is nothing of it, or all."""
    nothing = tuple(0 for _ in whole)

    def begin() -> str:
        slug = next(_slugs)
        make(slug)
        stack.send(task)
        return slug

    # Once without, to know how long it takes.
    slug = begin()
    began = time.monotonic()
    wait_until(lambda: look(stack, slug)[0], 60, task)
    takes = time.monotonic() - began
    assert look(stack, slug) == whole
    found = Counter()
    for _ in range(moments):
        slug = begin()
        time.sleep(dice.random() * takes * 1.3)
        stack.stop("worker", signal.SIGKILL)
        # PostgreSQL notices that the other side is gone.
        time.sleep(0.5)
        state = look(stack, slug)
        found["whole" if state == whole else "nothing" if state == nothing else "in part"] += 1
        assert state in (nothing, whole)
        stack.start_service("worker", **environment)
        stack.send(task, 3)
        wait_until(lambda slug=slug: look(stack, slug)[0], 60, task)
        time.sleep(0.2)
        assert look(stack, slug) == whole
    say(f"worker killed at {moments} moments of {task} ({takes:.1f} s): {dict(found)}")


CLOSING = 200


def closing_trial(stack: Stack, dice: random.Random, moments: int, **environment: str) -> None:
    killed_at_random_moments(
        stack, dice, moments,
        task="submissions.close_due",
        make=lambda slug: stack.python("people_with_drafts", slug, CLOSING, -150),
        look=what_is_closed, whole=(1, CLOSING, CLOSING, CLOSING), **environment,
    )  # fmt: skip


def publishing_trial(stack: Stack, dice: random.Random, moments: int, **environment: str) -> None:
    killed_at_random_moments(
        stack, dice, moments,
        task="ratings.freeze_due",
        make=lambda slug: stack.python("rated", slug, 60, 40),
        # On five criteria and overall.
        look=what_is_published, whole=(1, 60 * 6), **environment,
    )  # fmt: skip


def test_a_worker_that_is_killed_while_closing(stack, dice):
    closing_trial(stack, dice, MOMENTS)


def test_a_worker_that_is_killed_while_publishing(stack, dice):
    publishing_trial(stack, dice, MOMENTS)


@pytest.mark.parametrize("trial", [closing_trial, publishing_trial])
def test_freezing_in_pieces_would_be_found_out(stack, dice, trial):
    with planted(stack, "freezes_in_pieces", "worker"), pytest.raises(AssertionError):
        trial(stack, dice, 20, **FAULTY, FAULT="freezes_in_pieces")


def children(process: subprocess.Popen) -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    return [int(line) for line in told.stdout.split()]


def using(
    stack: Stack, number: int, disturb: Callable[[], None], users: int = 6
) -> tuple[Counter, int]:
    """Have people hand in, one after the other, while something is disturbed; then hold what was
    acknowledged against what is there. Returns the statuses and how many were acknowledged."""
    slug = next(_slugs)
    made = stack.python("people_with_drafts", slug, number, 3600.0)
    waiting = list(made["sessions"].items())
    answers: dict[str, int] = {}

    def use() -> None:
        while waiting and not ended.is_set():
            submission, session = waiting.pop()
            path = f"/jams/{slug}/submissions/{submission}/hand-in/"
            answers[submission] = stack.request("POST", path, session=session).status_code
            if answers[submission] == 503:
                # As the page says.
                time.sleep(0.3)

    ended = threading.Event()
    people = [threading.Thread(target=use) for _ in range(users)]
    for person in people:
        person.start()
    try:
        disturb()
    finally:
        ended.set()
        for person in people:
            person.join()
    # What was on its way when it was disturbed is written or not.
    time.sleep(0.5)
    kept = {
        str(submission)
        for (submission,) in stack.query(
            "SELECT submission_id FROM submissions_revision r JOIN submissions_submission s"
            " ON s.id = r.submission_id WHERE s.jam_id = %s",
            made["jam"],
        )
    }
    acknowledged = {submission for submission, status in answers.items() if status == 302}
    assert acknowledged - kept == set()
    return Counter(answers.values()), len(acknowledged)


def web_servers_killed(stack: Stack, dice: random.Random, moments: int) -> None:
    healthy: list[float] = []

    def kill() -> None:
        for _ in range(moments):
            time.sleep(0.3 + dice.random() * 0.5)
            victims = children(stack.processes["web-a"]) + children(stack.processes["web-b"])
            for victim in dice.sample(victims, 2):
                os.kill(victim, signal.SIGKILL)
            began = time.monotonic()
            wait_until(lambda: stack.answers("web-a") and stack.answers("web-b"), 30)
            healthy.append(time.monotonic() - began)

    statuses, acknowledged = using(stack, 60 * moments, kill)
    say(
        f"two of four web processes killed at {moments} moments: {dict(statuses)}, "
        f"{acknowledged} acknowledged and all of them there; "
        f"healthy again within {max(healthy):.1f} s"
    )
    assert set(statuses) <= {302, 503}


def test_web_processes_that_are_killed_while_handing_in(stack, dice):
    web_servers_killed(stack, dice, MOMENTS)


def test_an_answer_before_the_work_would_be_found_out(stack, dice):
    fault = planted(stack, "answers_before_it_has_written", "web-a", "web-b")
    with fault, pytest.raises(AssertionError):
        web_servers_killed(stack, dice, 8)


# -- PostgreSQL, Redis, beats, the disk --------------------------------------------------------


def database_restarted(stack: Stack, dice: random.Random, moments: int) -> None:
    healthy: list[float] = []

    def restart() -> None:
        for _ in range(moments):
            time.sleep(0.5 + dice.random())
            # In good order, or as after a crash.
            number = dice.choice([signal.SIGINT, signal.SIGQUIT])
            stack.stop("postgres", number)
            time.sleep(dice.random())
            stack.start_postgres()
            began = time.monotonic()
            wait_until(lambda: stack.request("GET", "/readyz").status_code == 200, 30)
            healthy.append(time.monotonic() - began)

    statuses, acknowledged = using(stack, 120 * moments, restart)
    say(
        f"PostgreSQL restarted at {moments} moments: {dict(statuses)}, {acknowledged} "
        f"acknowledged and all of them there; healthy again within {max(healthy):.1f} s"
    )
    assert set(statuses) <= {302, 503}
    assert acknowledged


def test_a_database_that_is_restarted(stack, dice):
    database_restarted(stack, dice, MOMENTS)


def test_a_500_for_a_database_that_is_away_would_be_found_out(stack, dice):
    fault = planted(stack, "takes_every_failure_for_its_own", "web-a", "web-b")
    with fault, pytest.raises(AssertionError):
        database_restarted(stack, dice, 2)


def redis_is_away_across_the_deadline(stack: Stack, dice: random.Random) -> tuple[float, float]:
    """Stop Redis shortly before submissions are to be frozen, and start it, empty, after; returns
    the longest answer meanwhile and how long the closing took to follow."""
    closing, open_jam = next(_slugs), next(_slugs)
    stack.python("people_with_drafts", closing, 20, -118 + 2 * dice.random())
    made = stack.python("people_with_drafts", open_jam, 12, 3600.0)
    stack.stop("redis", signal.SIGKILL)
    longest = 0.0
    try:
        for submission, session in made["sessions"].items():
            began = time.monotonic()
            path = f"/jams/{open_jam}/submissions/{submission}/hand-in/"
            assert stack.request("POST", path, session=session).status_code == 302
            assert stack.request("GET", f"/jams/{open_jam}/").status_code == 200
            longest = max(longest, time.monotonic() - began)
        assert stack.request("GET", "/readyz").status_code == 200
        time.sleep(2 + 3 * dice.random())
    finally:
        stack.start_redis()
    began = time.monotonic()
    wait_until(lambda: closings(stack, closing), 125, "closing after Redis came back")
    return longest, time.monotonic() - began


def test_redis_away_across_the_deadline(stack, dice):
    """With sweeps that come sooner than each minute; in full once as they are."""
    if IS_FULL:
        longest, followed = redis_is_away_across_the_deadline(stack, dice)
        say(f"without Redis answers took {longest:.2f} s; closing came {followed:.0f} s after")
    stack.restart("beat", "worker", **FAULTY, SWEEP_SECONDS="4")
    try:
        trials = [redis_is_away_across_the_deadline(stack, dice) for _ in range(MOMENTS)]
    finally:
        stack.restart("beat", "worker")
    say(
        f"{MOMENTS} times, with sweeps each 4 s: answers within "
        f"{max(longest for longest, _ in trials):.2f} s, closing within "
        f"{max(followed for _, followed in trials):.0f} s; started again: {stack.revived}"
    )


def test_needing_the_broker_would_be_found_out(stack, dice):
    with planted(stack, "needs_the_broker", "web-a", "web-b"), pytest.raises(AssertionError):
        redis_is_away_across_the_deadline(stack, dice)


def swept_twenty_times_at_once(
    stack: Stack, dice: random.Random, moments: int, **environment: str
) -> None:
    for service in ("worker-2", "beat-2"):
        more = {**FAULTY, "SWEEP_SECONDS": "1", **environment}
        stack.start_service(service[:-2], name=service, **more)
    told = {name: len(stack.log(name)) for name in ("worker", "worker-2")}
    [(last,)] = stack.query("SELECT coalesce(max(id), 0) FROM jam_message")
    mails = f"SELECT count(*) FROM jam_message WHERE id > {last}"
    try:
        for _ in range(moments):
            closing, publishing = next(_slugs), next(_slugs)
            stack.python("people_with_drafts", closing, 30, -150)
            stack.python("rated", publishing, 10, 5)
            for task in ("submissions.close_due", "ratings.freeze_due", "jam.send_mail_due"):
                stack.send(task, 20)
            wait_until(lambda c=closing: closings(stack, c), 60)
            wait_until(lambda p=publishing: what_is_published(stack, p)[0], 60)
            wait_until(lambda: stack.query(f"{mails} AND sent_at IS NULL") == [(0,)], 60, "mails")
            assert what_is_closed(stack, closing) == (1, 30, 30, 30)
            assert what_is_published(stack, publishing) == (1, 10 * 6)
        [(twice,)] = stack.query(f"{mails} AND attempts > 1")
        faults = sum(
            stack.log(name)[seen:].count('"level": "error"') for name, seen in told.items()
        )
        say(
            f"two beats, two workers and twenty deliveries, {moments} times: one snapshot each, "
            f"{twice} mails sent twice, {faults} errors"
        )
        assert (twice, faults) == (0, 0)
    finally:
        for service in ("worker-2", "beat-2"):
            stack.stop(service, signal.SIGKILL)


def test_two_beats_and_twenty_deliveries(stack, dice):
    swept_twenty_times_at_once(stack, dice, MOMENTS)


def test_counting_again_would_be_found_out(stack, dice):
    with planted(stack, "counts_again", "worker"), pytest.raises(AssertionError):
        swept_twenty_times_at_once(stack, dice, 4, FAULT="counts_again")


def uploads_to_a_full_disk(stack: Stack) -> None:
    """Reports are uploaded until the disk is full, and after; then there is room again."""
    made = stack.python("people_with_drafts", next(_slugs), 1, 3600.0)
    [(submission, session)] = made["sessions"].items()
    [(slug,)] = stack.query("SELECT slug FROM jam_jam WHERE id = %s", made["jam"])
    path = f"/jams/{slug}/submissions/{submission}"

    def upload(number: int, size: int) -> str:
        # What nobody reads makes it as large as it has to be.
        report = demo_files.report(f"{number}", ["A"], "We", "asked") + b"%" * size
        answer = stack.request("POST", f"{path}/files/", session=session, file=("r.pdf", report))
        assert answer.status_code == 302
        said = answer.cookies.get_dict()
        return stack.request("GET", f"{path}/edit/", session=session, cookies=said).text

    taken = [
        size for n, size in enumerate([2_600_000, 1_000_000]) if "is stored" in upload(n, size)
    ]
    refused = [upload(10 + n, size) for n, size in enumerate([4_000_000, 2_000_000, 3_000_000])]
    assert all("There is no room for it" in page for page in refused)
    # In pieces: those that are here stay, and it goes on with the next when it is tried again.
    large = demo_files.report("In pieces", ["A"], "We", "asked") + b"%" * 3_000_000
    first, second = (stack.send_in_pieces(path, session, "r.pdf", large) for _ in range(2))
    assert first == second
    assert first["status"] == 507
    assert "There is no room for it" in first["error"]
    # Nothing else fails, and nothing is left of what was refused.
    saved = stack.request(
        "POST", f"{path}/edit/", session=session,
        form={"title": "Still here", "version": "0", "links-TOTAL_FORMS": "0",
              "links-INITIAL_FORMS": "0"},
    )  # fmt: skip
    assert saved.status_code == 302
    stored = [f for f in (stack.folder / "files/media/submissions").rglob("*") if f.is_file()]
    assert len(stored) == len(taken)
    say(
        f"full disk: {len(taken)} reports taken, {len(refused)} refused in words, nothing left over"
    )


@pytest.fixture
def small_disk(stack) -> Iterator[None]:
    media = stack.folder / "files/media"
    media.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "none", str(media)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs to be allowed to mount a small disk")
    yield
    subprocess.run(["umount", str(media)], check=True)


def test_a_full_disk(stack, small_disk):
    uploads_to_a_full_disk(stack)


def test_a_full_disk_that_is_not_known_would_be_found_out(stack, small_disk):
    fault = planted(stack, "knows_no_full_disk", "web-a", "web-b")
    with fault, pytest.raises(AssertionError):
        uploads_to_a_full_disk(stack)
