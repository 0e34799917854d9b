"""Archives that explode, lie, lead elsewhere, or are something else."""

from __future__ import annotations

import io
import stat
import zipfile

from tests.submissions.corpus import Awkward

README = b"# Circuits\n\nRun `python probe.py`.\n"


def packed(*files: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def in_itself(times: int) -> bytes:
    content = packed(("a.txt", b"hello"))
    for _ in range(times):
        content = packed(("inner.zip", content))
    return content


def forty_two() -> bytes:
    """Sixteen archives of sixteen archives of sixteen … of a file of zeros."""
    content = packed(("zeros", bytes(1_000_000)))
    for _ in range(4):
        content = packed(*[(f"{n}.zip", content) for n in range(16)])
    return content


def overlapping() -> bytes:
    """Two entries of the list lead to the same bytes."""
    content = packed(("aa.txt", b"hello" * 50), ("bb.txt", b"hello" * 50))
    listed = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", listed + 1)
    changed = bytearray(content)
    changed[second + 42 : second + 46] = bytes(4)
    return bytes(changed)


def understated() -> bytes:
    """The list says five bytes where there are five million."""
    content = packed(("a.txt", bytes(5_000_000)))
    right = (5_000_000).to_bytes(4, "little")
    assert content.count(right) == 2
    return content.replace(right, (5).to_bytes(4, "little"))


def with_password() -> bytes:
    content = bytearray(packed(("secret.txt", b"hello")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def of_more_than_4_gb() -> bytes:
    """The end of a large archive stands before the end of a small one."""
    content = packed(("a.txt", b"hello"))
    end = content.index(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def named_as_others_do() -> bytes:
    """A name in UTF-8 without the sign that it is."""
    content = packed(("README-\u00fc.md".encode().decode("latin-1"), README))
    # Python writes the sign for whatever is not ASCII, and encodes anew.
    wrong = "README-\u00fc.md".encode().decode("latin-1").encode()
    changed = bytearray(content.replace(wrong, b"README-\xc3\xbc.md" + b"\xc2\xa0"))
    changed[7] = 0
    changed[changed.index(b"PK\x01\x02") + 9] = 0
    return bytes(changed)


FILES = [
    Awkward("code.zip", lambda: packed(("README.md", README), ("probe.py", b"print(1)")),
            kind="archive"),
    Awkward("not-packed.zip", lambda: packed(("a.bin", bytes(9000)), how=zipfile.ZIP_STORED),
            kind="archive"),
    Awkward("with-an-archive.zip", lambda: in_itself(1), kind="archive"),
    Awkward("with-a-model.zip", lambda: packed(("model.pt", of_more_than_4_gb())), kind="archive"),
    Awkward("name-without-sign.zip", named_as_others_do, kind="archive"),
    Awkward("zeros.zip", lambda: packed(("zeros", bytes(60_000_000))), refused="times as large"),
    Awkward("many-zeros.zip", lambda: packed(*[(f"{n}", bytes(9_000_000)) for n in range(40)]),
            refused="times as large"),
    Awkward("in-itself.zip", lambda: in_itself(5), refused="too deep in others"),
    Awkward("forty-two.zip", forty_two, refused="too deep in others"),
    Awkward("overlapping.zip", overlapping, refused="share the same bytes"),
    Awkward("understated.zip", understated, refused="larger than it pretends"),
    Awkward("leads-up.zip", lambda: packed(("../../etc/passwd", b"x")), refused="leads out of"),
    Awkward("leads-up-backwards.zip", lambda: packed(("..\\..\\x.dll", b"x")),
            refused="leads out of"),
    Awkward("absolute.zip", lambda: packed(("/etc/passwd", b"x")), refused="leads out of"),
    Awkward("on-a-drive.zip", lambda: packed(("C:/x", b"x")), refused="leads out of"),
    Awkward("misleading.zip", lambda: packed(("gpj\u202eexe.py", b"x")), refused="leads out of"),
    Awkward("link.zip", lambda: packed((entry("here", stat.S_IFLNK | 0o777), b"/etc/passwd")),
            refused="symbolic link"),
    Awkward("password.zip", with_password, refused="password"),
    Awkward("zip64.zip", of_more_than_4_gb, refused="zip64"),
    Awkward("of-many-files.zip", lambda: packed(*[(f"{n}", b"") for n in range(2100)]),
            refused="more than 2000 files"),
    Awkward("rare-packing.zip", lambda: packed(("a.txt", b"hello"), how=zipfile.ZIP_LZMA),
            refused="not everybody can unpack"),
    Awkward("empty.zip", packed, refused="is empty"),
    Awkward("folders-alone.zip", lambda: packed((entry("a/"), b"")), refused="is empty"),
    Awkward("cut-off.zip", lambda: packed(("a.txt", b"hello" * 999))[:60], refused="cut off"),
    Awkward("bytes-changed.zip", lambda: packed(("a.txt", b"hello"), how=zipfile.ZIP_STORED)
            .replace(b"hello", b"hullo"), refused="not what its list says"),
    Awkward("appended.zip", lambda: packed(("a.txt", b"x")) + packed(("b.txt", b"y")),
            refused="before the archive"),
    Awkward("essay.docx", lambda: packed(("[Content_Types].xml", b"<x/>"), ("word/a.xml", b"")),
            refused="office program"),
    Awkward("code.tar.gz", lambda: b"\x1f\x8b\x08\x00" + bytes(100), refused="neither a PDF"),
]  # fmt: skip
