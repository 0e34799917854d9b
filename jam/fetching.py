"""Asking another house for what stands at an address that somebody wrote down.

Whoever writes an address may want us to ask where only we can: so nothing is asked but public
addresses, by http or https, and the connection goes to the very address that was checked, whatever
the name leads to a moment later. What answers may be hostile as well: size and time are limited.

Whether anything may be asked at all is the operator's to say, and the caller's to know.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_REDIRECTS = 5
_LONGEST_ADDRESS = 2000
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_AT_ONCE = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
# Unicast addresses of the world, and those that lead to an IPv4 address by translation.
_WORLD = ipaddress.ip_network("2000::/3")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class FetchRefusal(TextChoices):
    """Why nothing was fetched."""

    ADDRESS = "address", _("This is not an address that can be asked for.")
    NOT_PUBLIC = "not_public", _("This address does not lead to a public place.")
    UNKNOWN = "unknown", _("There is no host of this name.")
    NO_ANSWER = "no_answer", _("The host did not answer as it should.")
    INSECURE = "insecure", _("The host could not show that it is who it says.")
    TOO_SLOW = "too_slow", _("The host took too long.")
    TOO_LARGE = "too_large", _("What stands there is too large.")
    ASTRAY = "astray", _("The address leads on and on to others.")


class NotFetched(Exception):
    """Nothing came; `refusal` is the named reason, with a label for people."""

    def __init__(self, refusal: FetchRefusal):
        super().__init__(refusal.value)
        self.refusal = refusal

    @property
    def label(self) -> str:
        return str(self.refusal.label)


@dataclass(frozen=True)
class Fetched:
    """An answer; `address` is where it was found in the end, `content` is as it came."""

    address: str
    status: int
    content_type: str
    content: bytes = b""

    @property
    def is_there(self) -> bool:
        return 200 <= self.status < 300


def fetch(address: str, *, most: int, seconds: float = 10) -> Fetched:
    """What stands at `address`, whatever the status of the answer.

    At most `most` bytes, within `seconds` for everything, redirects included. Raises NotFetched.
    """
    return _follow("GET", address, most, time.monotonic() + seconds)


def ask(address: str, *, seconds: float = 10) -> Fetched:
    """Whether something stands at `address`, without its content: by HEAD, and by GET where that
    is not answered well. Raises NotFetched."""
    deadline = time.monotonic() + seconds
    try:
        answer = _follow("HEAD", address, None, deadline)
    except NotFetched as refused:
        if refused.refusal != FetchRefusal.NO_ANSWER:
            raise
    else:
        if answer.is_there:
            return answer
    return _follow("GET", address, None, deadline)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the world's, and not of a house, a machine or a group."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        # With a scope ("fe80::1%eth0"), for one.
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _TRANSLATED:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip not in _WORLD or ip.sixtofour or ip.teredo:
            return False
    return ip.is_global and not ip.is_multicast


def _follow(method: str, address: str, most: int | None, deadline: float) -> Fetched:
    for _redirect in range(MOST_REDIRECTS + 1):
        answer, location = _ask_once(method, address, most, deadline)
        if location is None:
            return answer
        try:
            address = urljoin(address, location)
        except ValueError as error:
            raise NotFetched(FetchRefusal.ADDRESS) from error
    raise NotFetched(FetchRefusal.ASTRAY)


def _ask_once(
    method: str, address: str, most: int | None, deadline: float
) -> tuple[Fetched, str | None]:
    """The answer, and where it leads on to."""
    parts, host, port = _split(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "User-Agent": f"Peerjam (+{settings.SITE_URL})",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    with _understood():
        connection = _Connection(host, port, parts.scheme == "https", deadline)
        try:
            connection.request(method, quote(path, safe="/%:@!$&'()*+,;=~?"), headers=headers)
            response = connection.getresponse()
            status, kind = response.status, response.headers.get("Content-Type", "")
            location = response.headers.get("Location") if status in _REDIRECTS else None
            wants_content = most is not None and location is None
            content = _read(response, most) if wants_content else b""
        finally:
            connection.hang_up()
    return Fetched(address, status, kind, content), location


def _split(address: str) -> tuple[SplitResult, str, int]:
    """The parts of an address that may be asked, the host's name as the network knows it, and the
    port."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, KeyError) as error:
        raise NotFetched(FetchRefusal.ADDRESS) from error
    # Ports below 1024 belong to other services, which are not to be spoken to by way of us.
    odd = not (port in (80, 443) or port >= 1024) or "@" in parts.netloc
    if not _HOST.fullmatch(host) or odd or len(address) > _LONGEST_ADDRESS:
        raise NotFetched(FetchRefusal.ADDRESS)
    return parts, host, port


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    content = bytearray()
    while piece := response.read(_AT_ONCE):
        content += piece
        if len(content) > most:
            raise NotFetched(FetchRefusal.TOO_LARGE)
    return bytes(content)


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Say in our words what went wrong on the way."""
    try:
        yield
    except TimeoutError as error:
        raise NotFetched(FetchRefusal.TOO_SLOW) from error
    except ssl.SSLError as error:
        raise NotFetched(FetchRefusal.INSECURE) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched(FetchRefusal.NO_ANSWER) from error


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _addresses_of(host: str, port: int, deadline: float) -> list[tuple[Any, ...]]:
    """Where a host is to be found. A resolver knows no limit of time, so it is left behind."""
    pool = ThreadPoolExecutor(1)
    try:
        looking = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = looking.result(_left(deadline))
    except (socket.gaierror, UnicodeError) as error:
        raise NotFetched(FetchRefusal.UNKNOWN) from error
    finally:
        pool.shutdown(wait=False)
    # One that is not public is enough: nobody's name leads both into a house and out of it.
    if not found or not all(is_public(sockaddr[0]) for *_rest, sockaddr in found):
        raise NotFetched(FetchRefusal.NOT_PUBLIC)
    return found


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was checked, and keeps to a deadline, byte by byte."""

    def __init__(self, host: str, port: int, is_secure: bool, deadline: float):
        super().__init__(host, port)
        self.default_port = 443 if is_secure else 80
        self.is_secure, self.deadline = is_secure, deadline
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        found = _addresses_of(self.host, self.port, self.deadline)
        for number, (family, kind, protocol, _name, sockaddr) in enumerate(found, start=1):
            self.wire = socket.socket(family, kind, protocol)
            try:
                self.wire.settimeout(_left(self.deadline))
                self.wire.connect(sockaddr)
                break
            except OSError:
                self.wire.close()
                if number == len(found):
                    raise
        if self.is_secure:
            context = ssl.create_default_context()
            self.wire = context.wrap_socket(self.wire, server_hostname=self.host)
        self.sock = _Wire(self.wire, self.deadline)

    def hang_up(self) -> None:
        """Close the socket, which `close` leaves to the answer that is still being read."""
        self.close()
        if self.wire is not None:
            self.wire.close()


class _Wire(io.RawIOBase):
    """A socket of which every read and write has only what is left of the time."""

    def __init__(self, wire: socket.socket, deadline: float):
        self.wire, self.deadline = wire, deadline

    def sendall(self, content: bytes) -> None:
        self.wire.settimeout(_left(self.deadline))
        self.wire.sendall(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.wire.settimeout(_left(self.deadline))
        return self.wire.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        # One of its own, so that closing either leaves the other.
        return io.BufferedReader(_Wire(self.wire, self.deadline))
