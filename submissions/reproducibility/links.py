"""What an address says of itself: whether it is well formed, whose house it leads to, and whether
it names a version that stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class House(TextChoices):
    """Kinds of hosts that are known."""

    CODE = "code", _("code host")
    NOTEBOOK = "notebook", _("notebook host")
    VIDEO = "video", _("video host")
    DATA = "data", _("data archive")


class Fault(TextChoices):
    """What is wrong with an address."""

    MALFORMED = "malformed", _("This is not a web address.")
    LOCAL = "local", _("This address leads to a machine of your own, which nobody else can reach.")
    SECRET = "secret", _("This address has a name or a password in it. Take it out.")
    NOWHERE = "nowhere", _("This address leads to the host, not to a work on it.")


# Hosts, and the form of the path to a work on it.
_TWO = re.compile(r"/[^/]+/[^/]+")
_ONE = re.compile(r"/[^/]+")
HOUSES: dict[str, tuple[House, re.Pattern[str]]] = {
    "github.com": (House.CODE, _TWO),
    "gitlab.com": (House.CODE, _TWO),
    "bitbucket.org": (House.CODE, _TWO),
    "codeberg.org": (House.CODE, _TWO),
    "git.sr.ht": (House.CODE, _TWO),
    "huggingface.co": (House.CODE, _TWO),
    "gist.github.com": (House.CODE, _ONE),
    "archive.softwareheritage.org": (House.CODE, _ONE),
    "colab.research.google.com": (House.NOTEBOOK, _TWO),
    "mybinder.org": (House.NOTEBOOK, _TWO),
    "nbviewer.org": (House.NOTEBOOK, _TWO),
    "nbviewer.jupyter.org": (House.NOTEBOOK, _TWO),
    "deepnote.com": (House.NOTEBOOK, _ONE),
    "observablehq.com": (House.NOTEBOOK, _ONE),
    "kaggle.com": (House.NOTEBOOK, _TWO),
    "youtube.com": (House.VIDEO, _ONE),
    "youtube-nocookie.com": (House.VIDEO, _ONE),
    "youtu.be": (House.VIDEO, _ONE),
    "vimeo.com": (House.VIDEO, _ONE),
    "loom.com": (House.VIDEO, _TWO),
    "media.ccc.de": (House.VIDEO, _TWO),
    "doi.org": (House.DATA, re.compile(r"/10\.\d{4,9}/\S")),
    "zenodo.org": (House.DATA, _TWO),
    "figshare.com": (House.DATA, _TWO),
    "osf.io": (House.DATA, _ONE),
    "datadryad.org": (House.DATA, _TWO),
    "dataverse.harvard.edu": (House.DATA, _ONE),
    "openml.org": (House.DATA, _ONE),
    "archive.org": (House.DATA, _TWO),
    "pangaea.de": (House.DATA, _ONE),
}
_DATASETS = ("kaggle.com/datasets/", "huggingface.co/datasets/")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]*")
_LOCAL = re.compile(r"localhost|[\d.]+|\[.*\]|[^.]+|.*\.(?:local|localhost|internal|lan|home)")
_VERSION = re.compile(
    r"/(?:commit|commits|tree|blob|raw|src/commit|src/tag|rev|releases/tag|tags|tag|archive)/"
    r"(?:refs/tags/)?([^/?#]+)"
)
# A commit, or a tag that looks like a version. Branches move.
_FIXED = re.compile(r"[0-9a-f]{7,64}|v?\d+(?:\.\d+)+[\w.-]*|v\d+")


@dataclass(frozen=True)
class Address:
    """What is told of an address without asking anybody; `version` is the commit or tag in it."""

    url: str
    fault: Fault | None = None
    house: House | None = None
    version: str = ""


def look_at(url: Any) -> Address:
    """What the address says of itself."""
    url = url if isinstance(url, str) else ""
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return Address(url, Fault.MALFORMED)
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"]", url):
        return Address(url, Fault.MALFORMED)
    if "@" in parts.netloc:
        return Address(url, Fault.SECRET)
    if _LOCAL.fullmatch(host):
        return Address(url, Fault.LOCAL)
    if not _HOST.fullmatch(host):
        return Address(url, Fault.MALFORMED)
    known = HOUSES.get(host)
    if known is None:
        return Address(url, version=_version_in(parts))
    house, path = known
    if f"{host}{parts.path}".startswith(_DATASETS):
        house = House.DATA
    if not path.match(parts.path):
        return Address(url, Fault.NOWHERE, house)
    return Address(url, None, house, _version_in(parts))


def _version_in(parts: SplitResult) -> str:
    found = _VERSION.search(parts.path)
    version = found[1].removesuffix(".zip").removesuffix(".tar.gz") if found else ""
    return version if _FIXED.fullmatch(version) else ""
