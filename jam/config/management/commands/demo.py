from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from jam.config.demo.logins import LOGINS, PASSWORD


class Command(BaseCommand):
    help = "Run the demonstration: migrations, data, web server, worker and beat, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        self.children: list[subprocess.Popen] = []
        self.refuse_a_taken_port(host, port)
        try:
            call_command("migrate", verbosity=0)
            call_command("seed_demo")
            self.start(host, port)
            self.wait_until_it_answers(host, port)
            self.tell(host, port)
            while all(child.poll() is None for child in self.children):
                time.sleep(0.3)
            raise CommandError("A part of the demonstration stopped by itself; see above.")
        except Stopped:
            self.stdout.write("\nStopping. Everything is kept in var/.")
        finally:
            self.end_children()

    def refuse_a_taken_port(self, host: str, port: int) -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {host}:{port} ({error.strerror}). "
                    f"Choose another port: make demo PORT={port + 1}"
                ) from error

    def start(self, host: str, port: int) -> None:
        bracketed = f"[{host}]" if ":" in host else host
        environment = {
            **os.environ,
            "DEBUG": "0",
            "LOCAL": "1",
            "SECRET_KEY": self.secret_key(),
            # On all interfaces the machine may be called by any of its names.
            "ALLOWED_HOSTS": "*"
            if host in ("0.0.0.0", "::")  # noqa: S104
            else f"localhost,127.0.0.1,[::1],{bracketed}",
            "SITE_URL": f"http://localhost:{port}",
            "DEFAULT_FROM_EMAIL": "Peerjam <peerjam@localhost>",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "--app", "jam.config", "--quiet"]
        for command in (
            [*python, "gunicorn", "jam.config.wsgi", "--bind", f"{bracketed}:{port}",
             "--workers", "2", "--threads", "4", "--log-level", "warning"],
            [*celery, "worker", "--pool", "threads", "--concurrency", "2",
             "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
            [*celery, "beat", "--loglevel", "WARNING",
             "--pidfile", "", "--schedule", str(settings.VAR_DIR / "beat")],
        ):  # fmt: skip
            # A session of its own, so that Ctrl-C comes to us alone and the end is in order.
            child = subprocess.Popen(
                command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
            )
            self.children.append(child)

    def secret_key(self) -> str:
        """A key of this demonstration's own, kept, so that log-ins outlive a restart."""
        path = settings.VAR_DIR / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(64))
        return path.read_text()

    def wait_until_it_answers(self, host: str, port: int) -> None:
        name = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104
        name = f"[{name}]" if ":" in name else name
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _attempt in range(300):
            if any(child.poll() is not None for child in self.children):
                return
            try:
                with opener.open(f"http://{name}:{port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)

    def tell(self, host: str, port: int) -> None:
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
        lines = [
            "",
            f"  Peerjam runs at  http://{name}:{port}/",
            "",
            f"  Log in with one of these; the password is always  {PASSWORD}",
            *(f"    {email:<34} {role}" for email, _name, role in LOGINS),
            "",
            "  Mails are printed here. Ctrl-C stops everything; the next start goes on from here.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def stop(self, number: int, frame: object) -> None:
        raise Stopped

    def end_children(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for child in self.children:
            child.terminate()
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


class Stopped(Exception):
    """Someone pressed Ctrl-C."""
