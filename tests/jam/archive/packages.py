"""Archives for tests: written, opened, changed, taken in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jam.archive import taking_in, writing
from jam.archive.reading import Package
from jam.models import Jam
from tests.factories import MOMENTS

Files = dict[str, bytes]


def written(jam: Jam) -> bytes:
    target = io.BytesIO()
    writing.write(jam, target)
    return target.getvalue()


def taken(
    archive: bytes, slug: str = "", moment: datetime = MOMENTS["finished"]
) -> taking_in.Taken:
    package = Package(io.BytesIO(archive))
    package.check()
    return taking_in.take_in(
        package=package, slug=slug or package.slug, origin="a test", moment=moment
    )


def opened(archive: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def rows_of(archive: bytes, path: str) -> list[dict[str, Any]]:
    """The rows of a table in JSON lines."""
    return [json.loads(line) for line in opened(archive)[path].splitlines()]


def zipped(files: Files, compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def changed(archive: bytes, change: Callable[[Files], None], *, sealed: bool = True) -> bytes:
    """The archive with its files changed, and with sizes and hashes that fit, if `sealed`."""
    files = opened(archive)
    change(files)
    if sealed:
        told = json.loads(files[writing.DESCRIPTOR])
        for resource in told["resources"]:
            if (content := files.get(resource["path"])) is not None:
                resource["bytes"] = len(content)
                resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        files[writing.DESCRIPTOR] = json.dumps(told).encode()
    return zipped(files)
