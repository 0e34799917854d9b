"""What docker-compose.yml describes, run as plain processes: the same commands, the same settings,
the same nginx.conf, with a PostgreSQL and a Redis of its own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg2
import requests
import yaml
from celery import Celery

from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "jams.example.org"
CSRF = "c" * 32
NOTHING: Mapping[str, str] = MappingProxyType({})
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PROGRAMS = [
    "/usr/sbin",
    *sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")),
]
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], *PROGRAMS])


def missing_programs() -> list[str]:
    """Programs that a stack needs and this machine has not."""
    needed = ["nginx", "initdb", "pg_dump", "redis-server", "openssl"]
    return [name for name in needed if not shutil.which(name, path=PATH)]


def wait_until(true: Callable[[], Any], seconds: float = 30, what: str = "") -> Any:
    """What `true` returns once it is; an error other than AssertionError counts as not yet."""
    end = time.monotonic() + seconds
    while True:
        try:
            if found := true():
                return found
        except (OSError, psycopg2.Error):
            pass
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what or true}")
        time.sleep(0.05)


class Stack:
    """An installation in a folder of its own; `fault` plants one (see `faults.py`)."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="peerjam-stack-"))
        self.folder.chmod(0o755)
        self.ports = {
            name: free_port() for name in ("postgres", "redis", "web-a", "web-b", "http", "https")
        }
        self.processes: dict[str, subprocess.Popen] = {}
        # What ended by itself and was started again, as the compose file's `restart` says.
        self.revived: list[str] = []
        self.ended = threading.Event()
        threading.Thread(target=self.keep_running, daemon=True).start()
        self.passwords = {
            name: secrets.token_urlsafe(24)
            for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD")
        }
        # What an operator writes into .env.
        self.dot_env = {
            **self.passwords,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": HOST,
            "EMAIL_URL": f"filemail://{self.folder}/mail",
            "FRONT": "behind",
            "WEB_CONCURRENCY": "2",
        }
        for name in ("files", "certificates", "etc", "log", "tmp", "nginx"):
            (self.folder / name).mkdir()

    # -- what the compose file says -----------------------------------------------------------

    def here(self, text: str) -> str:
        """A text of the compose file or of nginx's, as it is on this machine."""
        text = re.sub(
            r"\$\{(\w+)(?:[:]([-?])([^}]*))?\}",
            lambda m: self.dot_env.get(m[1], m[3] if m[2] == "-" else ""),
            re.sub(r"^/tmp\b", f"{self.folder}/tmp", text),
        )
        for theirs, ours in {
            "@postgres:5432": f"@127.0.0.1:{self.ports['postgres']}",
            "//redis:6379": f"//127.0.0.1:{self.ports['redis']}",
            "172.30.57.10": "127.0.0.1",
            "172.30.57.11:8000": f"127.0.0.1:{self.ports['web-a']}",
            "172.30.57.12:8000": f"127.0.0.1:{self.ports['web-b']}",
            "/var/peerjam": f"{self.folder}/files",
            "/certificates": f"{self.folder}/certificates",
            "/etc/nginx/conf.d": f"{self.folder}/etc",
            "/var/cache/nginx": f"{self.folder}/nginx",
            "/var/run/nginx.pid": f"{self.folder}/nginx.pid",
            "/dev/stdout": f"{self.folder}/log/access",
            "/dev/stderr": f"{self.folder}/log/nginx",
        }.items():
            text = text.replace(theirs, ours)
        return text

    def settings_of(self, service: str) -> dict[str, str]:
        """The environment of a service of the compose file."""
        said = COMPOSE["services"][service]["environment"]
        return {
            "PATH": PATH,
            "LANG": "C.UTF-8",
            **self.dot_env,
            **{name: self.here(value) for name, value in said.items()},
        }

    def command_of(self, service: str) -> list[str]:
        return [self.here(part) for part in COMPOSE["services"][service]["command"]]

    # -- starting and ending ------------------------------------------------------------------

    def start(self) -> Stack:
        self.start_postgres()
        self.run(
            ["deploy/create-roles"],
            {
                "PATH": PATH,
                **self.passwords,
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.ports["postgres"]),
                "PGPASSWORD": self.passwords["POSTGRES_PASSWORD"],
            },
        )
        self.start_redis()
        self.run(self.command_of("prepare"), self.settings_of("prepare"))
        for service in ("web-a", "web-b", "worker", "beat"):
            self.start_service(service)
        self.start_nginx()
        wait_until(lambda: self.answers("web-a") and self.answers("web-b"), what="web servers")
        return self

    def run(self, command: list[str], environment: dict[str, str], **options: Any) -> str:
        """Run a command of the repository to its end; what it says."""
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, **options
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def spawn(
        self, name: str, command: list[str], environment: dict[str, str], **more: Any
    ) -> None:
        with (self.folder / "log" / name).open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **more,
            )
        process.again = lambda: self.spawn(name, command, environment, **more)
        self.processes[name] = process

    def keep_running(self) -> None:
        while not self.ended.wait(0.5):
            for name, process in list(self.processes.items()):
                if process.poll() is not None and self.processes.get(name) is process:
                    self.revived.append(name)
                    process.again()

    def start_service(self, service: str, name: str = "", **environment: str) -> None:
        """Start a service of the compose file that runs our program."""
        if service.startswith("web"):
            environment["BIND"] = f"127.0.0.1:{self.ports[service]}"
        settings = {**self.settings_of(service), **environment}
        self.spawn(name or service, self.command_of(service), settings)

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        """End a process and all that it has started."""
        process = self.processes.pop(name)
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self, *services: str, **environment: str) -> None:
        for service in services:
            if service in self.processes:
                self.stop(service, signal.SIGKILL)
            self.start_service(service, **environment)
        wait_until(lambda: all(self.answers(s) for s in services if s.startswith("web")))

    def end(self) -> None:
        self.ended.set()
        for name in list(self.processes):
            self.stop(name, signal.SIGINT if name == "postgres" else signal.SIGKILL)
        shutil.rmtree(self.folder)

    def as_postgres(self) -> dict[str, Any]:
        """PostgreSQL does not run as root."""
        return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}

    def start_postgres(self) -> None:
        data = self.folder / "postgres"
        if not data.exists():
            data.mkdir()
            if os.geteuid() == 0:
                shutil.chown(data, "postgres", "postgres")
            password = self.folder / "tmp" / "password"
            password.write_text(self.passwords["POSTGRES_PASSWORD"])
            self.run(
                ["initdb", "--pgdata", str(data), "--username", "postgres", "--encoding", "UTF8",
                 "--auth", "scram-sha-256", "--pwfile", str(password), "--locale", "C.UTF-8"],
                {"PATH": PATH},
                **self.as_postgres(),
            )  # fmt: skip
        self.spawn(
            "postgres",
            [shutil.which("postgres", path=PATH), "-D", str(data), "-k", str(data), "-p",
             str(self.ports["postgres"]), "-c", "listen_addresses=127.0.0.1"],
            {"PATH": PATH},
            **self.as_postgres(),
        )  # fmt: skip
        wait_until(lambda: self.query("SELECT 1", database="postgres"), what="PostgreSQL")

    def start_redis(self) -> None:
        command = [*self.command_of("redis"), "--port", str(self.ports["redis"])]
        more = ["--bind", "127.0.0.1", "--dir", str(self.folder / "tmp")]
        self.spawn("redis", command + more, {"PATH": PATH})

    def start_nginx(self, front: str = "") -> None:
        settings = self.settings_of("nginx")
        settings["HTTP_LISTEN"] = f"127.0.0.1:{self.ports['http']}"
        settings["HTTPS_LISTEN"] = f"127.0.0.1:{self.ports['https']}"
        front = front or self.dot_env["FRONT"]
        for name, result in (
            ("common.inc", "common.inc"),
            ("site.inc", "site.inc"),
            (f"{front}.conf", "default.conf"),
        ):
            text = (ROOT / f"deploy/nginx/{name}.template").read_text()
            # As envsubst does in nginx's image: of the variables there are, and no others.
            text = re.sub(r"\$\{(\w+)\}", lambda m: settings.get(m[1], m[0]), text)
            (self.folder / "etc" / result).write_text(text)
        main = self.here((ROOT / "deploy/nginx/nginx.conf").read_text())
        if os.geteuid() == 0:
            # The folders of tests are closed to others.
            main = "user root;\n" + main
        (self.folder / "etc/nginx").write_text(main)
        self.spawn(
            "nginx",
            [shutil.which("nginx", path=PATH), "-c", str(self.folder / "etc/nginx"),
             "-g", "daemon off;"],
            {"PATH": PATH},
        )  # fmt: skip

    # -- looking ------------------------------------------------------------------------------

    def answers(self, name: str) -> bool:
        """Whether a web server answers, asked past nginx."""
        address = f"http://127.0.0.1:{self.ports[name]}/healthz"
        try:
            return requests.get(address, headers={"Host": HOST}, timeout=5).ok
        except OSError:
            return False

    def request(
        self, method: str, path: str, *, session: str = "", form: Any = None,
        headers: Mapping[str, str] = NOTHING, cookies: Mapping[str, str] = NOTHING,
        timeout: float = 130, **files: Any,
    ) -> requests.Response:  # fmt: skip
        """Ask through nginx, as a browser would that reached us by TLS; no redirect is followed."""
        cookies = {"csrftoken": CSRF, **cookies}
        if session:
            cookies["sessionid"] = session
        with requests.Session() as browser:
            browser.trust_env = False
            return browser.request(
                method, f"http://127.0.0.1:{self.ports['http']}{path}",
                headers={**self.headers(), **headers}, cookies=cookies, data=form,
                files=files or None, allow_redirects=False, timeout=timeout,
            )  # fmt: skip

    def send_in_pieces(self, path: str, session: str, name: str, content: bytes) -> dict[str, Any]:
        """Upload to the submission at `path` as static/js/upload.js does; the last answer."""
        digest = hashlib.sha256(content).hexdigest()
        announced = {"name": name, "size": len(content), "sha256": digest}
        state = self.request("POST", f"{path}/uploads/", session=session, form=announced).json()
        uploads = f"{path}/uploads/{state.get('id')}/"
        while "error" not in state and not state["is_stored"]:
            offset = state["received"]
            answer = self.request(
                "PUT", f"{uploads}?offset={offset}", session=session,
                form=content[offset : offset + state["piece"]],
                headers={"Content-Type": "application/octet-stream"},
            )  # fmt: skip
            state = {**answer.json(), "status": answer.status_code, "from": offset}
        return state

    def headers(self) -> dict[str, str]:
        return {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Origin": f"https://{HOST}",
            "X-CSRFToken": CSRF,
        }

    def query(self, sql: str, *arguments: Any, database: str = "peerjam") -> list[tuple]:
        """What the database says, to its superuser."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.ports["postgres"],
            user="postgres",
            password=self.passwords["POSTGRES_PASSWORD"],
            dbname=database,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, arguments or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def manage(self, *arguments: str, service: str = "web-a", **environment: str) -> str:
        """Run a command of manage.py as a service would."""
        settings = {**self.settings_of(service), **environment}
        return self.run([sys.executable, "manage.py", *arguments], settings)

    def python(self, script: str, *arguments: Any) -> Any:
        """Run a function of `seeding.py` in the installation's own process; what it returns."""
        told = self.run(
            [sys.executable, "-m", "tests.production.seeding", script, json.dumps(arguments)],
            self.settings_of("web-a"),
        )
        return json.loads(told.splitlines()[-1])

    def send(self, task: str, times: int = 1) -> None:
        """Ask the workers for a task, so many times."""
        with Celery(broker=self.here("redis://redis:6379/0")) as app:
            for _ in range(times):
                app.send_task(task)

    def log(self, name: str) -> str:
        return (self.folder / "log" / name).read_text(errors="replace")
