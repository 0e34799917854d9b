"""An installation as docker-compose.yml describes it: it serves, it keeps its roles apart, it can
be renewed while it serves, and it can be lost and had back."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import threading
import time

import psycopg2
import pytest
import requests
import yaml

from jam.config.demo import files as demo_files
from tests.production.stack import COMPOSE, HOST, ROOT, Stack, wait_until

pytestmark = pytest.mark.stack
PDF = demo_files.report("Work", ["A"], "We asked", "We looked") + b"% more\n" * 250_000


def attempt(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def jam(stack) -> dict:
    return stack.python("people_with_drafts", "open", 6, 3600.0)


def test_a_draft_is_handed_in_through_everything(stack, jam):
    submission, session = next(iter(jam["sessions"].items()))
    path = f"/jams/open/submissions/{submission}"
    before = time.time()
    answer = stack.request("POST", f"{path}/hand-in/", session=session)
    assert answer.status_code == 302
    receipt = stack.request("GET", answer.headers["Location"], session=session)
    assert "SHA-256" in receipt.text
    [(arrived,)] = stack.query(
        "SELECT extract(epoch FROM arrived_at) FROM submissions_revision WHERE submission_id = %s",
        submission,
    )
    assert before - 0.1 <= float(arrived) <= time.time()
    # The worker sends the receipt soon, without waiting for a sweep.
    wait_until(lambda: stack.query("SELECT 1 FROM jam_message WHERE sent_at IS NOT NULL"), 20)


def test_what_nginx_says_cannot_be_forged(stack, jam):
    submission, session = list(jam["sessions"].items())[1]
    forged = {"X-Arrived": f"{time.time() - 100:.3f}", "X-Real-IP": "6.6.6.6"}
    before = time.time()
    path = f"/jams/open/submissions/{submission}/hand-in/"
    assert stack.request("POST", path, session=session, headers=forged).status_code == 302
    [(arrived,)] = stack.query(
        "SELECT extract(epoch FROM arrived_at) FROM submissions_revision WHERE submission_id = %s",
        submission,
    )
    assert float(arrived) >= before - 0.1


def test_files_come_from_nginx_to_those_who_may(stack, jam):
    (submission, session), (_other, stranger) = list(jam["sessions"].items())[2:4]
    path = f"/jams/open/submissions/{submission}"
    upload = stack.request(
        "POST", f"{path}/files/", session=session, file=("report.pdf", io.BytesIO(PDF))
    )
    assert upload.status_code == 302
    [(number, stored)] = stack.query(
        "SELECT id, content FROM submissions_file WHERE submission_id = %s", submission
    )
    file = stack.request("GET", f"{path}/files/{number}/", session=session)
    assert file.content == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "X-Accel-Redirect" not in file.headers
    assert "report.pdf" in file.headers["Content-Disposition"]
    assert stack.request("GET", f"{path}/files/{number}/", session=stranger).status_code == 404
    assert stack.request("GET", f"/_media/{stored}").status_code == 404


def test_a_file_comes_in_pieces_by_way_of_both_servers(stack, jam):
    submission, session = list(jam["sessions"].items())[1]
    state = stack.send_in_pieces(f"/jams/open/submissions/{submission}", session, "r.pdf", PDF)
    assert state["is_stored"]
    assert state["from"] == 1024 * 1024
    [(sha256,)] = stack.query(
        "SELECT sha256 FROM submissions_file WHERE submission_id = %s", submission
    )
    assert sha256 == hashlib.sha256(PDF).hexdigest()


def test_static_files_are_kept_by_browsers(stack):
    page = stack.request("GET", "/").text
    address = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1]
    style = stack.request("GET", address, headers={"Accept-Encoding": "gzip"})
    assert style.headers["Content-Encoding"] == "gzip"
    assert "immutable" in style.headers["Cache-Control"]
    assert style.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/jams/open/submissions/{}/edit/", 4_000_000, 413),
        ("/jams/open/submissions/{}/edit/", 2_500_000, 413),
        ("/jams/open/submissions/{}/files/", 140_000_000, 413),
    ],
)
def test_what_is_too_large_is_refused_in_words(stack, jam, path, size, status):
    submission, session = next(iter(jam["sessions"].items()))
    answer = stack.request(
        "POST", path.format(submission), session=session, form={"body": "x" * size}
    )
    assert answer.status_code == status
    assert "too large" in answer.text


def test_http_leads_to_https(stack):
    answer = stack.request("GET", "/jams/", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/jams/")


def test_nginx_ends_tls_itself_as_well(stack):
    stack.stop("nginx")
    stack.start_nginx("tls")
    try:
        secure = f"https://127.0.0.1:{stack.ports['https']}/"
        with requests.Session() as browser:
            browser.trust_env = False
            browser.verify = False
            browser.headers["Host"] = HOST
            page = wait_until(lambda: browser.get(secure))
            assert page.status_code == 200
            assert "Strict-Transport-Security" in page.headers
            plain = browser.get(f"http://127.0.0.1:{stack.ports['http']}/", allow_redirects=False)
            assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/")
    finally:
        stack.stop("nginx")
        stack.start_nginx()
        wait_until(lambda: stack.request("GET", "/nginx-answers").status_code == 204)


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE jam_act SET verb = 'nothing'",
        "DELETE FROM jam_act",
        "TRUNCATE jam_act",
        "UPDATE submissions_revision SET digest = ''",
        "DELETE FROM ratings_standing",
        "UPDATE ratings_results SET rule = 'mean'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('jam', '0', now())",
        "CREATE TABLE more (id integer)",
        "DROP TABLE jam_jam",
        "ALTER TABLE jam_act DISABLE TRIGGER ALL",
    ],
)
def test_the_applications_role_cannot(stack, forbidden):
    connection = psycopg2.connect(stack.settings_of("web-a")["DATABASE_URL"])
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(forbidden)
    connection.close()


def test_the_applications_role_notes_beside_what_was_handed_in(stack):
    connection = psycopg2.connect(stack.settings_of("web-a")["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM submissions_revision FOR UPDATE")
        cursor.execute("UPDATE submissions_revision SET names = names, search_index = search_index,"
                       " findings = findings")  # fmt: skip
    connection.rollback()
    connection.close()


def test_it_is_renewed_while_it_serves(stack, jam):
    """Each web server is ended in good order and started again, while people read and write."""
    submission, session = list(jam["sessions"].items())[4]
    path = f"/jams/open/submissions/{submission}/hand-in/"
    answers, ended = [], threading.Event()

    def use() -> None:
        while not ended.is_set():
            answers.append(stack.request("GET", "/jams/open/").status_code)
            answers.append(stack.request("POST", path, session=session).status_code)

    users = [threading.Thread(target=use) for _ in range(4)]
    for user in users:
        user.start()
    try:
        for service in ("web-a", "web-b"):
            stack.stop(service)
            stack.start_service(service)
            wait_until(lambda service=service: stack.answers(service))
        time.sleep(1)
    finally:
        ended.set()
        for user in users:
            user.join()
    print(f"{len(answers)} requests while both web servers were renewed")
    assert len(answers) > 50
    assert set(answers) == {200, 302}


def test_a_backup_restores_into_an_empty_place(stack, jam):
    owner = stack.settings_of("prepare")
    before = stack.manage("inventory", service="prepare")
    assert "submissions.File" in before
    folder = stack.run(["deploy/backup", str(stack.folder / "backups")], owner).strip()

    stack.query("CREATE DATABASE restored OWNER peerjam_owner")
    elsewhere = owner | {
        "DATABASE_URL": owner["DATABASE_URL"].removesuffix("peerjam") + "restored",
        "MEDIA_ROOT": str(stack.folder / "restored"),
    }
    after = stack.run(["deploy/restore", folder], elsewhere)
    assert after == before
    # Not over something that is there.
    again = attempt(["deploy/restore", folder], elsewhere)
    assert again.returncode == 1
    assert "not empty" in again.stderr

    # A file that has changed is found.
    stored, *_others = (stack.folder / "restored").rglob("*.pdf")
    stored.write_bytes(b"%PDF-1.4 something else")
    changed = subprocess.run(
        ["python", "manage.py", "inventory"],
        cwd=ROOT,
        env=elsewhere,
        capture_output=True,
        text=True,
    )
    assert changed.returncode == 1
    assert "(changed)" in changed.stderr
    # So is a backup that has.
    with open(f"{folder}/files.tar", "ab") as archive:
        archive.write(b"x")
    broken = attempt(["deploy/restore", folder], elsewhere)
    assert broken.returncode == 1
    assert "files.tar" in broken.stdout + broken.stderr


def test_a_line_of_either_log_names_the_request(stack):
    stack.request("GET", "/jams/no-such-jam/")
    line = wait_until(
        lambda: next(
            (line for line in stack.log("access").splitlines() if "/jams/no-such-jam/" in line),
            None,
        )
    )
    asked = json.loads(line)
    assert asked["status"] == 404
    assert asked["request_id"]
    ours = stack.log("web-a") + stack.log("web-b")
    [told] = [json.loads(line) for line in ours.splitlines() if asked["request_id"] in line]
    assert told["level"] == "warning"
    assert "ip" not in told


def test_the_compose_file_says_what_is_needed():
    services = COMPOSE["services"]
    for name in ("postgres", "redis", "web-a", "web-b", "nginx"):
        assert services[name]["healthcheck"], name
    # The application is reached by way of nginx alone.
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["web-a"]["networks"]["front"]["ipv4_address"] in str(services["nginx"])
    image = (ROOT / "Dockerfile").read_text()
    assert image.count("\nFROM ") + image.startswith("FROM ") == 2
    assert "\nUSER peerjam" in image
    # Whatever it wants of .env is explained there.
    wanted = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    explained = (ROOT / ".env.example").read_text()
    assert [name for name in wanted if name not in explained] == []
    assert yaml.safe_load((ROOT / "docker-compose.yml").read_text()) == COMPOSE


def test_a_healthy_container_says_so(stack: Stack):
    environment = {**stack.settings_of("web-a"), "PORT": str(stack.ports["web-a"])}
    stack.run(["python", "deploy/healthcheck.py"], environment)
    environment["PORT"] = str(stack.ports["redis"])
    assert attempt(["python", "deploy/healthcheck.py"], environment).returncode != 0
