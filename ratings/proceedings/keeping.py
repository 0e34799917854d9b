"""Building the zip, and keeping it until something in it changes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.core.files import File as DjangoFile
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import translation

from jam.models import Jam
from ratings.models import Results
from ratings.proceedings.site import entries
from submissions.models import File, Submission

# To be raised whenever the proceedings look otherwise.
EDITION = 1
FOLDER = "proceedings"
# Proceedings of so many submissions, and so many bytes of files, are built by the request that
# asks for them; larger ones by the worker.
AT_ONCE, LIGHT = 40, 100 * 1024 * 1024
# What is compressed already.
PACKED = (".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".zip", ".gz", ".pdf")


def write(results: Results, target: IO[bytes]) -> int:
    """Write the zip of the proceedings; how many files are in it. Memory does not grow with them.

    The same results, submissions and files give the same bytes: all carry the day of the results.
    """
    top = f"{results.jam.slug}-proceedings"
    stamp = results.frozen_at.timetuple()[:6]
    sums: list[tuple[str, str]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(path: str, pieces) -> str:
            info = zipfile.ZipInfo(f"{top}/{path}", stamp)
            info.external_attr = 0o644 << 16
            is_packed = path.lower().endswith(PACKED)
            info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            digest = hashlib.sha256()
            with archive.open(info, "w", force_zip64=True) as written:
                for piece in pieces:
                    digest.update(piece)
                    written.write(piece)
            return digest.hexdigest()

        # In the language of the site, whoever asks: it is kept for everybody.
        with translation.override(settings.LANGUAGE_CODE):
            for path, pieces in entries(results):
                sums.append((add(path, pieces), path))
        lines = (f"{digest}  {path}\n".encode() for digest, path in sums)
        add("SHA256SUMS", lines)
    return len(sums) + 1


def path_of(results: Results) -> str:
    """Where the zip is kept: a name that changes with whatever would change its content."""
    jam = results.jam
    there = Submission.objects.filter(jam=jam, frozen__isnull=False).order_by("pk")
    told = [EDITION, settings.VERSION, settings.SITE_URL, results.pk, jam.title, jam.tagline,
            jam.description, jam.hue, list(jam.hosts.values_list("name", flat=True)),
            list(jam.prizes.values_list("title", "awards__submission")),
            list(there.values_list("pk", "frozen", "correction", "track", "withdrawn_at",
                                   "disqualified_at"))]  # fmt: skip
    digest = hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()
    return f"{FOLDER}/{jam.slug}-{digest[:24]}.zip"


def is_light(jam: Jam) -> bool:
    """Whether a request may build them."""
    count = Submission.objects.filter(jam=jam, frozen__isnull=False)[: AT_ONCE + 1].count()
    if count > AT_ONCE:
        return False
    files = File.objects.filter(revisions__frozen_for__jam=jam)
    return files.aggregate(size=Coalesce(Sum("size"), 0))["size"] <= LIGHT


def build(results: Results) -> str:
    """Build the zip, unless it is there, and keep it in place of older ones; its name."""
    path = path_of(results)
    if default_storage.exists(path):
        return path
    with TemporaryFile() as built:
        write(results, built)
        built.seek(0)
        kept = default_storage.save(path, DjangoFile(built))
    older = f"{results.jam.slug}-"
    for name in default_storage.listdir(FOLDER)[1]:
        # A slug may begin with another one: what follows it is 24 digits.
        is_own = name.startswith(older) and len(name) == len(path) - len(FOLDER) - 1
        if is_own and f"{FOLDER}/{name}" != kept:
            default_storage.delete(f"{FOLDER}/{name}")
    return kept
