"""Malformed requests and hostile uploads, made from a seed: nothing breaks, nothing hangs.

`make trial` (TRIAL=full) asks ten thousand requests and uploads two thousand files; the suite a
part of it.
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import time
import traceback
import zlib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from jam.config.demo import files as demo_files
from jam.config.wsgi import application
from submissions.models import File
from tests import trials
from tests.submissions.corpus import corpus
from tests.world import Address, Person, World, addresses

pytestmark = pytest.mark.django_db

REQUESTS = trials.asked(full=10_000, usual=2_000, sample=500)
UPLOADS = REQUESTS // 5
SLOWEST = 15  # seconds, on a machine that has other things to do as well
WHO = ("visitor", "stranger", "contributor", "site_organizer", "rater", "organizer", "superuser")
METHODS = ("GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS",
           "TRACE", "PROPFIND", "get", "\x00", "X" * 9000)  # fmt: skip

TEXTS = [
    "", " ", "\x00", "a\x00b", "\x1b[31m", "\u202efdp.exe", "\ufeff", "\ud800", "\udfff x",
    "Å" * 300, "漢字かな交じり文", "שלום עולם", "हिन्दी", "مرحبا", "👩🏽‍🚀🇩🇰🫣", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞a" * 200,
    "-1", "0", "1e309", "NaN", "Infinity", "9" * 30, "9" * 5000, "-9223372036854775809",
    "9223372036854775808", "2147483648", "٣", "²", "1_000", "0x10", "1.5", "1,5", "true", "None",
    "0000-00-00", "0001-01-01", "9999-12-31", "2030-02-30", "2030-05-03T25:61", "00:00", "24:00:00",
    "Nowhere/Land", "../../etc/passwd", "Europe/../UTC", "/etc", "XX", "' OR 1=1 --", '"><script>',
    "%s%n%(x)s", "{{ 7*7 }}", "{% load x %}", "${x}", "javascript:alert(1)", "http://[::1",
    "https://" + "a" * 3000, "https://xn--\u2603.example", "http://\x00/", "mailto:a@b", "a@b@c",
    "[" * 5000, "{" * 5000, "$" * 5000, "*" * 5000, "|" * 3000, "> " * 3000, "`" * 3001,
    "![](" * 2000, "[^1]" * 1000, "\\" * 5000, "- " * 3000, "\n" * 5000, "a" * 1_000_000,
    "<" * 100_000,
]  # fmt: skip
PATHS = [
    b"/\x00", b"/%00", b"/\xff\xfe", b"/\xed\xa0\x80/", b"//evil.example/", b"/..//../", b"/;/",
    b"/jams/\xe6\xbc\xa2/", b"/jams/" + b"a" * 8000 + b"/", b"/\r\nSet-Cookie: a=b", b"/static/../",
    b"/static/%2e%2e/manage.py", b"/static/\x00", b"/media/x", b"/admin/jam/jam/\x00/change/", b"",
    b"*", b"/admin/jam/jam/_5F_5f/change/", b"/accounts/confirm-email/\xc3\x28/", b"/\\", b"/%",
]  # fmt: skip
QUERIES = ["%", "=", "&&;", "a=%ff%00", "page=-1", "page=0", "page=" + "9" * 400, "page=\x00",
           "q=%00", "q=%ED%A0%80", "q=" + "a" * 9000, "site=" + "9" * 300, "site=²", "tag=%00",
           "criterion=%00", "when=%00", "next=//evil.example", "next=%00", "o=9.-9.x", "p=-1",
           "all=", "e=1", "_to_field=x", "_popup=1", "id__in=%00", "_changelist_filters=%00",
           "starts_at__year=99999", "starts_at__gte=x", "jam__id__exact=" + "9" * 30, "%00=%00",
           "a&" * 2000]  # fmt: skip
HEADERS = ["HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_AUTHORIZATION",
           "HTTP_HOST", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH",
           "HTTP_ORIGIN", "HTTP_RANGE", "HTTP_REFERER", "HTTP_USER_AGENT", "HTTP_X_ARRIVED",
           "HTTP_X_CSRFTOKEN", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO",
           "HTTP_X_REQUEST_ID", "HTTP_X_REQUESTED_WITH", "CONTENT_TYPE", "REMOTE_ADDR"]  # fmt: skip
COOKIES = ["sessionid=\x00", "sessionid=" + "a" * 9000, "csrftoken=x", "messages=x", "a=b;" * 3000,
           "messages=W10:x:y", "=;=;", "sessionid=../../x", "django_language=\x00"]  # fmt: skip
TYPES = ["application/json", "text/plain; charset=nonsense", "multipart/form-data",
         "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\x00",
         "multipart/mixed; boundary=x", "application/x-www-form-urlencoded; charset=utf-7", "\x00",
         "application/x-www-form-urlencoded; charset=utf-16", "image/svg+xml", ""]  # fmt: skip


class Fields(HTMLParser):
    """The fields of the forms of a page, with what stands in them."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "select", "textarea", "button") and (name := dict(attrs).get("name")):
            self.found[name] = dict(attrs).get("value") or ""


class Attacker:
    """Makes requests and sends them; what breaks is kept in `broken`."""

    def __init__(self, world: World, seed: str):
        self.world, self.random = world, random.Random(seed)
        self.fields: dict[tuple[str, str], dict[str, Any]] = {}
        self.broken: list[str] = []
        self.asked = 0
        self.csrf = Person(enforce_csrf_checks=True)
        self.errors: list[BaseException] = []
        got_request_exception.connect(self.note, weak=True)

    def note(self, **kwargs: Any) -> None:
        self.errors.append(sys.exc_info()[1])

    def text(self) -> str:
        text = self.random.choice(TEXTS)
        if self.random.random() < 0.2:
            text += chr(self.random.randrange(0x110000)) + self.random.choice(TEXTS)[:1000]
        return text

    def path(self, address: Address) -> bytes:
        if self.random.random() < 0.05:
            return self.random.choice(PATHS)
        values = dict(self.world.values)
        if self.random.random() < 0.3:
            key = self.random.choice(list(values))
            values[key] = self.text()[:500]
        path = address.path(values)
        if self.random.random() < 0.2:
            path = re.sub(r"\d+", lambda _m: self.random.choice(["0", "9" * 30, "-1"]), path)
        return path.encode("utf-8", "surrogatepass")

    def data(self, role: str, address: Address) -> dict[str, Any]:
        """What a form of the page posts, some of it replaced."""
        if (role, address.name) not in self.fields:
            response = self.world.clients[role].get(self.world.path(address))
            # Pictures and certificates have no form.
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            page = response.getvalue().decode() if is_page else ""
            self.fields[role, address.name] = Fields(page).found
        data = self.fields[role, address.name] | self.world.posted(address.name)
        for name in list(data):
            if self.random.random() < 0.2:
                data[name] = self.text()
        if self.random.random() < 0.3:
            data[self.text()[:50] or "x"] = self.text()
        return data

    def body(self, data: dict[str, Any]) -> tuple[bytes, str]:
        plain = {k: v for k, v in data.items() if isinstance(v, (str, int))}
        kind = self.random.random()
        if kind < 0.6:
            pairs = {k: str(v).encode("utf-8", "surrogatepass") for k, v in plain.items()}
            body = urlencode({k.encode("utf-8", "surrogatepass"): v for k, v in pairs.items()})
            return body.encode(), "application/x-www-form-urlencoded"
        if kind < 0.85:
            clean = {re.sub("[\ud800-\udfff]", "?", k): v for k, v in data.items()}
            clean = {k: re.sub("[\ud800-\udfff]", "?", v) if isinstance(v, str) else v
                     for k, v in clean.items()}  # fmt: skip
            body = encode_multipart(BOUNDARY, clean)
            if self.random.random() < 0.5:
                body = self.garbled(body)
            return body, MULTIPART_CONTENT
        if kind < 0.95:
            return json.dumps(plain).encode(), "application/json"
        return self.random.randbytes(500), self.random.choice(TYPES)

    def garbled(self, content: bytes) -> bytes:
        """The content cut off, or with bytes of it changed."""
        if not content:
            return b"\x00"
        if self.random.random() < 0.4:
            return content[: self.random.randrange(len(content))]
        changed = bytearray(content)
        for _ in range(self.random.randrange(1, 20)):
            changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return bytes(changed)

    def request(self) -> None:
        """One request that is malformed in some way."""
        choice = self.random.choice
        address, role, method = choice(addresses()), choice(WHO), choice(METHODS)
        body, content_type = b"", ""
        if method in ("POST", "PUT", "PATCH"):
            body, content_type = self.body(self.data(role, address))
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": self.path(address).decode("latin-1"),
            "QUERY_STRING": choice(QUERIES) if self.random.random() < 0.3 else "",
            "CONTENT_TYPE": choice(TYPES) if self.random.random() < 0.05 else content_type,
            # A number in any case: servers refuse others.
            "CONTENT_LENGTH": str(len(body) + choice([0] * 20 + [-1, 1, 1000, 10**9])),
            "wsgi.input": io.BytesIO(body),
        }
        for _ in range(self.random.choice([0, 0, 1, 3])):
            # As servers hand headers on: bytes as Latin 1.
            text = self.text().encode("utf-8", "surrogatepass").decode("latin-1")
            environ[choice(HEADERS)] = re.sub("[\r\n]", " ", text)
        client = self.world.clients[role]
        if self.random.random() < 0.1:
            client, environ["HTTP_COOKIE"] = self.csrf, choice(COOKIES)
        self.send(
            client, environ, f"{role} {method[:9]} {address.name} {environ['PATH_INFO'][:80]}"
        )

    def send(
        self,
        client: Person,
        environ: dict[str, Any],
        told: str,
        check: Callable[[], None] | None = None,
    ) -> None:
        # Of the processor, since the machine may be busy with others.
        began = time.process_time()
        with transaction.atomic():
            try:
                response = client.request(**environ)
            except SuspiciousOperation:
                # The request could not be made; jam/config/wsgi.py refuses it.
                response = HttpResponse(status=400)
            if response.streaming:
                b"".join(response.streaming_content)
            if check:
                check()
            transaction.set_rollback(True)
        took = time.process_time() - began
        self.asked += 1
        if response.status_code >= 500:
            error = self.errors[-1]
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            where = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)
            self.broken.append(f"{self.asked} {told}: 500 {error!r:.200} {where}")
        if took > SLOWEST:
            self.broken.append(f"{self.asked} {told}: {took:.1f} s")


@pytest.mark.parametrize("phase", ["making", "rating", "finished"])
def test_malformed_requests_are_refused_and_nothing_breaks(at, settings, without_log, phase):
    settings.ACCOUNT_RATE_LIMITS = False
    attacker = Attacker(World(phase, at), phase)
    for _ in range(REQUESTS // 3):
        attacker.request()
    assert not attacker.broken, "\n".join(attacker.broken)


def test_a_request_that_django_cannot_take_in_is_refused():
    environ = Person()._base_environ(
        QUERY_STRING="a&" * 2000, CONTENT_TYPE="text/plain; charset=utf-8"
    )
    began = []
    application(environ, lambda status, headers: began.append(status))
    assert began == ["400 Bad Request"]


@pytest.mark.parametrize(
    ("path", "query", "data"),
    [
        ("jam/jam/add/", "", {"organizers": "x"}),
        ("jam/jam/add/", "", {"organizers": "9" * 30}),
        ("jam/jam/1/change/", "", {"judges-0-user": "x"}),
        ("jam/jam/1/change/", "", {"schedule-TOTAL_FORMS": "9999"}),
        ("submissions/submission/", "jam__id__exact=" + "9" * 30, None),
        ("usersessions/usersession/", "q=x", None),
    ],
)
def test_what_broke_once_is_taken(at, without_log, path, query, data):
    attacker = Attacker(World("making", at), "once")
    client = attacker.world.clients["superuser"]
    path = f"/admin/{path}".replace("/1/", f"/{attacker.world.jam.pk}/")
    body = b""
    if data:
        body = urlencode(Fields(client.get(path).content.decode()).found | data).encode()
    environ = {
        "REQUEST_METHOD": "POST" if data else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    attacker.send(client, environ, path)
    assert attacker.broken == []


def test_what_breaks_is_noticed(at, without_log, monkeypatch):
    attacker = Attacker(World("making", at), "planted")
    monkeypatch.setattr("jam.views.jams.CancelView.act", lambda self: 1 / 0)
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/jams/night/cancel/"}
    attacker.send(attacker.world.clients["participant"], environ, "planted")
    assert "ZeroDivisionError" in attacker.broken[0]


# -- uploads ---------------------------------------------------------------------------------

# Types that a browser runs nothing of, and the ends of names that go with them.
HARMLESS = {
    "application/pdf": ".pdf",
    "application/x-ipynb+json": ".ipynb",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": (".jpg", ".jpeg"),
}
SCRIPT = b"<script>document.title='run'</script>"
NAMES = ["figure.png", "a.svg", "a.html", "a.png.html", "a.php", ".htaccess", "\u202egnp.exe", "",
         "../../../x.png", "..\\..\\x", "a\x00.png", "a" * 5000 + ".png", "CON.png", "漢字.pdf",
         "a\r\nX: y.png", "a;b=c.png", ".", " ", "<script>.png"]  # fmt: skip


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    checked = kind + content
    return len(content).to_bytes(4) + checked + zlib.crc32(checked).to_bytes(4)


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    head = chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x01\0\0\0\0")
    return (
        b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def picture(kind: str, **how: Any) -> bytes:
    drawn = io.BytesIO()
    Image.effect_mandelbrot((60, 40), (-2, -1, 1, 1), 20).save(drawn, kind, **how)
    return drawn.getvalue()


def notebook(*cells: Any, **more: Any) -> bytes:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}
    ).encode()


def seeds() -> list[bytes]:
    """Files that are what they seem, and files that are not."""
    zeros = zlib.compress(bytes(30_000_000), 9)
    whole = [picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO")]
    whole += [picture("GIF", save_all=True, append_images=[Image.new("L", (60, 40))] * 300)]
    whole += [picture("JPEG", comment=SCRIPT), picture("PNG", icc_profile=SCRIPT * 100)]
    whole += [demo_files.report("Work", ["A"], "We asked", "We looked")]
    run = {"cell_type": "code", "source": [], "outputs": [{"data": {"text/html": SCRIPT.decode()}}]}
    whole += [notebook(), notebook(run), notebook(None, 1, [], {}), notebook(nbformat=True)]
    polyglots = [file + SCRIPT for file in whole] + [SCRIPT + file for file in whole]
    polyglots += [b"GIF89a/*" + SCRIPT + b"*/=1;", b"%PDF-" + SCRIPT, b"\xef\xbb\xbf {" + SCRIPT]
    bombs = [
        png(6300, 6300, zeros),
        png(2**31 - 1, 2**31 - 1, zeros),
        png(1, 40_000_000, zeros),
        png(10, 10, zeros, chunk(b"zTXt", b"a\0\0" + zeros), chunk(b"iCCP", b"a\0\0" + zeros)),
        picture("GIF").replace(b"\x3c\0\x28\0", b"\xff\xff\xff\xff"),
        zeros,
        b"{" * 200_000,
        b'{"cells":' + b"[" * 200_000,
        b'{"nbformat":' + b"9" * 100_000 + b',"cells":[]}',
        notebook(*["x"] * 100_000),
    ]
    texts = [SCRIPT, b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'>" + SCRIPT + b"</svg>",
             b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>', b"<?php ?>", b"",
             b"\0" * 100, b"MZ\x90", b"PK\x03\x04", b"{}", b"[]", b'{"nbformat":4,"cells":{}}',
             b"%PDF-", b"\xff\xfe{\0", b"RIFF\xff\xff\xff\xffWEBPVP8 "]  # fmt: skip
    awkward = [content for content in (a.make() for a in corpus()) if len(content) < 200_000]
    return whole + polyglots + bombs + texts + awkward


def test_hostile_uploads_are_refused_or_made_harmless(at, without_log):
    world = World("making", at)
    attacker, made = Attacker(world, "uploads"), seeds()
    path = world.path(next(a for a in addresses() if a.name == "submissions:upload"))
    reader, stored = world.clients["contributor"], []

    def look() -> None:
        """Whatever was stored, no browser runs anything of it."""
        for file in File.objects.exclude(pk=world.file.pk):
            stored.append(file)
            assert file.name.lower().endswith(HARMLESS[file.content_type])
            response = reader.get(path + f"{file.pk}/")
            assert response["Content-Type"] == file.content_type
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
            if response["Content-Disposition"].startswith("inline"):
                # Drawn anew.
                assert SCRIPT not in b"".join(response.streaming_content)
                assert file.content_type.startswith("image/")

    for turn in range(UPLOADS):
        content = made[turn] if turn < len(made) else attacker.random.choice(made)
        if turn >= len(made) and attacker.random.random() < 0.7:
            content = attacker.garbled(content)
        name = attacker.random.choice(NAMES).encode()
        star = b"; filename*=" + attacker.random.choice(
            [b"UTF-8''%ff%00.png", b"x-no''a", b"''", b"'"]
        )
        head = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"'
        body = (b"--x\r\n" + head + (star if attacker.random.random() < 0.1 else b"")
                + b"\r\nContent-Type: text/html\r\n\r\n" + content + b"\r\n--x--\r\n")  # fmt: skip
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        attacker.send(reader, environ, f"{name[:30]} {content[:30]}", look)
    assert not attacker.broken, "\n".join(attacker.broken)
    assert {file.kind for file in stored} == set(File.Kind.values)
