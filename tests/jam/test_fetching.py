"""What we ask other houses for: only public places, only so much, only so long."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jam import fetching
from jam.fetching import NotFetched, ask, fetch

HOST = "papers.example.org"


class Handler(BaseHTTPRequestHandler):
    """A house that answers well, badly, slowly, or leads on."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.server.leads_to[path])
            self.end_headers()
        elif path == "/garbage":
            self.wfile.write(b"\x00 what is this\r\n\r\n")
        elif path == "/nothing":
            self.close_connection = True
        elif path in ("/slow-head", "/slow-body"):
            self.drip(in_body=path == "/slow-body")
        else:
            status = {"/gone": 410, "/no-head": 200}.get(path, 200)
            if path == "/no-head" and self.command == "HEAD":
                status = 405
            content = b"x" * 5000 if path == "/large" else self.path.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

    do_HEAD = do_GET

    def drip(self, in_body: bool) -> None:
        """A byte now and again, so that no single read waits for long."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if in_body else b"X-Long: "))
        for _second in range(100):
            time.sleep(0.05)
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def log_message(self, *args) -> None:
        self.server.seen.append(f"{self.command} {self.path} {self.headers.get('Host')}")


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.leads_to = [], {}
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """Which addresses a name leads to, one answer after the other; the last one holds."""
    known = {HOST: ["127.0.0.1"]}
    asked = socket.getaddrinfo

    def resolve(host: str, port: int, *args, **how):
        if host in known:
            addresses = known[host]
            host = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        elif not host.replace(".", "").isdigit() and ":" not in host:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return asked(host, port, *args, **how)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)
    return known


@pytest.fixture
def base(server, names, monkeypatch) -> str:
    """The address of the server, whose own IP address alone counts as public beside real ones."""
    public = fetching.is_public
    monkeypatch.setattr(
        fetching, "is_public", lambda address: address == "127.0.0.1" or public(address)
    )
    return f"http://{HOST}:{server.server_port}"


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("localhost", False),
    ],
)
def test_which_addresses_are_public(address, is_public):
    assert fetching.is_public(address) == is_public


@pytest.mark.parametrize(
    "address",
    [
        "",
        "papers.example.org",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://papers.example.org/",
        "gopher://papers.example.org/",
        "http://",
        "http:///path",
        "http://name:word@papers.example.org/",
        "http://papers.example.org@127.0.0.1/",
        "http://papers.example.org:25/",
        "http://papers.example.org:99999/",
        "http://papers.example.org:x/",
        "http://papers example.org/",
        "http://papers.example.org\\@127.0.0.1/",
        "http://[::1/",
        "http://" + "a" * 64 + ".example.org/",
        "http://papers.example.org/" + "a" * 2000,
    ],
)
def test_what_is_no_address_is_refused(names, address):
    with pytest.raises(NotFetched, match="address"):
        fetch(address, most=100)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0", "[::1]", "[::ffff:7f00:1]", "10.0.0.1",
     "169.254.169.254", "inside.example.org", "both.example.org", "localhost."],
)  # fmt: skip
def test_nothing_that_is_not_public_is_connected_to(names, monkeypatch, host):
    names["inside.example.org"] = ["192.168.0.7"]
    names["localhost."] = ["127.0.0.1"]
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.215.14", "10.0.0.1")
    ]
    resolve = fetching.socket.getaddrinfo
    monkeypatch.setattr(
        fetching.socket,
        "getaddrinfo",
        lambda host, *args, **how: both if "both" in host else resolve(host, *args, **how),
    )
    monkeypatch.setattr(fetching.socket.socket, "connect", lambda *args: pytest.fail("connected"))
    with pytest.raises(NotFetched, match="not_public"):
        fetch(f"http://{host}/", most=100)


def test_what_stands_at_an_address(server, base):
    found = fetch(f"{base}/a b/ä?q=ü&c=%20", most=100)
    assert (found.status, found.is_there) == (200, True)
    assert found.content_type == "text/plain; charset=utf-8"
    assert found.content == b"/a%20b/%C3%A4?q=%C3%BC&c=%20"
    assert server.seen == [f"GET /a%20b/%C3%A4?q=%C3%BC&c=%20 {HOST}:{server.server_port}"]
    gone = fetch(f"{base}/gone", most=100)
    assert (gone.status, gone.is_there) == (410, False)


def test_the_connection_goes_to_the_address_that_was_checked(server, base, names):
    names[HOST] = ["127.0.0.1", "10.0.0.1"]
    assert fetch(f"{base}/", most=100).is_there
    with pytest.raises(NotFetched, match="not_public"):
        fetch(f"{base}/", most=100)


def test_it_follows_where_an_address_leads(server, base):
    server.leads_to = {"/to/1": "2", "/to/2": f"{base}/here"}
    found = fetch(f"{base}/to/1", most=100)
    assert (found.address, found.content) == (f"{base}/here", b"/here")


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ("http://10.0.0.1/", "not_public"),
        ("http://inside.example.org/", "not_public"),
        ("//[::1]/", "not_public"),
        ("file:///etc/passwd", "address"),
        ("http://[::1/", "address"),
        ("http://nobody.example.org/", "unknown"),
        ("/to/there", "astray"),
    ],
)
def test_but_never_to_where_it_may_not_ask(server, base, names, target, refusal):
    names["inside.example.org"] = ["192.168.0.7"]
    server.leads_to = {"/to/there": target}
    for asking in (lambda address: fetch(address, most=100), ask):
        with pytest.raises(NotFetched, match=refusal):
            asking(f"{base}/to/there")


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/large", "too_large"),
        ("/garbage", "no_answer"),
        ("/nothing", "no_answer"),
        ("/slow-head", "too_slow"),
        ("/slow-body", "too_slow"),
    ],
)
def test_hostile_answers_end_in_words(base, path, refusal):
    began = time.monotonic()
    with pytest.raises(NotFetched, match=refusal) as caught:
        fetch(base + path, most=1000, seconds=0.4)
    assert caught.value.label.endswith(".")
    assert time.monotonic() - began < 2


def test_a_slow_resolver_is_left_behind(monkeypatch):
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **how: time.sleep(1))
    with pytest.raises(NotFetched, match="too_slow"):
        fetch(f"http://{HOST}/", most=100, seconds=0.1)


def test_nobody_listening_is_no_answer(server, base):
    server.server_close()
    with pytest.raises(NotFetched, match="no_answer"):
        fetch(f"{base}/", most=100)


@pytest.mark.parametrize(
    ("path", "status", "commands"),
    [("/here", 200, ["HEAD"]), ("/no-head", 200, ["HEAD", "GET"]), ("/gone", 410, ["HEAD", "GET"]),
     ("/large", 200, ["HEAD"])],
)  # fmt: skip
def test_asking_whether_something_is_there(server, base, path, status, commands):
    answer = ask(base + path)
    assert (answer.status, answer.content) == (status, b"")
    assert [line.split()[0] for line in server.seen] == commands


def test_a_host_shows_who_it_is(server, names, base, tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
         certificate, "-days", "3650", "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    address = f"https://{HOST}:{server.server_port}/here"
    with pytest.raises(NotFetched, match="insecure"):
        fetch(address, most=100)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(address, most=100).content == b"/here"
    names["other.example.org"] = ["127.0.0.1"]
    with pytest.raises(NotFetched, match="insecure"):
        fetch(address.replace(HOST, "other.example.org"), most=100)
