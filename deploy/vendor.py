"""Copy the front-end assets that we use from node_modules to static/vendor/ (`make vendor`).

Nothing is fetched at run time. Lines that name source maps are cut, since the storage with hashed
names would look for the maps. Only what is used is kept, so run it again after naming a new icon
or a class of Bootstrap's: of the icons those that a template names, of Bootstrap the rules whose
classes occur somewhere in templates or code, of the fonts the weights and characters needed.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from world import world

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
BUILD = Path(tempfile.mkdtemp())
VENDOR = ROOT / "static" / "vendor"
APPS = ("jam", "sites", "submissions", "ratings")

FONTS = {
    "inter": ("latin", "latin-ext", "cyrillic", "greek"),
    "bricolage-grotesque": ("latin", "latin-ext"),
    "jetbrains-mono": ("latin",),
}
# What is drawn into pictures and certificates, where no browser brings letters of its own: a file
# for each script, which no page loads.
DRAWN = {
    "inter": ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext"),
    "bricolage-grotesque": ("latin", "latin-ext", "vietnamese"),
    "noto-sans": ("latin-ext", "cyrillic-ext", "greek-ext"),
    **{
        f"noto-sans-{script}": (script,)
        for script in (
            "arabic", "armenian", "bengali", "devanagari", "ethiopic", "georgian", "gujarati",
            "gurmukhi", "hebrew", "kannada", "khmer", "lao", "malayalam", "myanmar", "sinhala",
            "tamil", "telugu", "thai",
        )
    },
    "noto-sans-jp": ("japanese",),
    "noto-sans-kr": ("korean",),
    "noto-sans-sc": ("chinese-simplified",),
    "noto-sans-tc": ("chinese-traditional",),
    "noto-emoji": ("emoji",),
}  # fmt: skip
# One Polish name should not cost the whole of extended Latin: Europe's letters are a file of their
# own (the ranges are those of tokens.css). Code has one weight.
NEAR = (*range(0x100, 0x180), *range(0x218, 0x21C))
FAR = (*range(0x180, 0x218), *range(0x21C, 0x2CD), *range(0x1E00, 0x1F00), *range(0x20A0, 0x20C1))
CUTS = {
    "inter-latin-near": ("inter-latin-ext", NEAR, None),
    "inter-latin-ext": ("inter-latin-ext", FAR, None),
    "jetbrains-mono-latin": ("jetbrains-mono-latin", range(0x20, 0x2300), 400),
}
CUT = """
const [source, target, weight, ...signs] = process.argv.slice(1);
const { readFileSync, writeFileSync } = require("fs");
const options = { targetFormat: "woff2", variationAxes: weight ? { wght: +weight } : {} };
require("subset-font")(readFileSync(source), String.fromCodePoint(...signs.map(Number)), options)
  .then((font) => writeFileSync(target, font));
"""
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "katex/dist/katex.min.js": "katex/katex.min.js",
    "katex/dist/katex.min.css": "katex/katex.min.css",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet.markercluster/dist/leaflet.markercluster.js": "leaflet/markercluster.js",
    "leaflet.markercluster/dist/MarkerCluster.css": "leaflet/markercluster.css",
    # For browsers of the last years, too; the page of the reader and its worker, and no more.
    "pdfjs-dist/legacy/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
    "pdfjs-dist/legacy/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
}
ICON_NAMES = re.compile(r"""\{% icon ["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in (".css", ".js", ".mjs"):
        text = source.read_text()
        text = re.sub(r"\n?(/\*|//)# sourceMappingURL=.*?(\*/|$)", "", text)
        target.write_text(text.rstrip() + "\n")
    else:
        shutil.copyfile(source, target)


def icon_names() -> set[str]:
    """Names of the icons that templates and Python code ask for."""
    return {
        first or second
        for source in our_sources()
        for first, second in ICON_NAMES.findall(source.read_text())
    }


def our_sources() -> list[Path]:
    sources = [*ROOT.glob("templates/**/*.html")]
    for app in APPS:
        sources += ROOT.glob(f"{app}/**/*.py")
    return sources


def words_in_use() -> set[str]:
    """Every word that could be the name of a class, in our sources and in crispy-forms'."""
    sources = [*our_sources(), *ROOT.glob("static/js/*.js")]
    for package in ("crispy_bootstrap5", "crispy_forms"):
        folder = Path(str(importlib.resources.files(package)))
        sources += [*folder.rglob("*.html"), *folder.rglob("*.py")]
    return {word for source in sources for word in re.findall(r"[\w-]+", source.read_text())}


def only_used(css: str, words: set[str]) -> str:
    """The rules all of whose classes occur; media queries that end up empty go as well."""
    css = re.sub(r"/\*(?!!).*?\*/", "", css, flags=re.S)
    kept, at = [], 0
    while (brace := css.find("{", at)) >= 0:
        head, end, depth = css[at:brace], brace + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        body, at = css[brace + 1 : end - 1], end
        name = re.sub(r"^(\s*(@charset[^;]*;|/\*.*?\*/))*\s*", "", head, flags=re.S)
        if name.startswith(("@media", "@supports")):
            body = only_used(body, words)
        elif not name.startswith("@"):
            # A comma within :not(…) or :is(…) does not part selectors.
            selectors = re.split(r",(?![^(]*\))", name)
            used = [s for s in selectors if set(re.findall(r"\.([a-zA-Z_][\w-]*)", s)) <= words]
            head = head.removesuffix(name) + ",".join(used)
            body = body if used else ""
        if body:
            kept.append(f"{head}{{{body}}}")
    return "".join(kept)


# Bootstrap comes once for each direction of writing; with logical properties one does for both.
SIDES = {"left": "start", "right": "end"}


def logical(css: str) -> str:
    """The rules with start and end in place of left and right."""
    for side, name in SIDES.items():
        css = re.sub(rf"(margin|padding|border)-{side}(?=[-:])", rf"\1-inline-{name}", css)
        css = re.sub(rf"border-top-{side}-radius", f"border-start-{name}-radius", css)
        css = re.sub(rf"border-bottom-{side}-radius", f"border-end-{name}-radius", css)
        css = re.sub(rf"text-align:{side}", f"text-align:{name}", css)
        css = re.sub(rf"(float|clear):{side}", rf"\1:inline-{name}", css)
        css = re.sub(rf"(?<=[;{{]){side}:", f"inset-inline-{name}:", css)
    return css


def cut_fonts() -> None:
    """Cut from the vendored fonts those that are too heavy as they come."""
    fonts = BUILD / "fonts"
    sources = {source: fonts / f"{source}-wght-normal.woff2" for source, _, _ in CUTS.values()}
    with tempfile.TemporaryDirectory() as folder:
        for path in sources.values():
            shutil.move(path, folder)
        for name, (source, signs, weight) in CUTS.items():
            target = fonts / f"{name}-{weight or 'wght'}-normal.woff2"
            given = [str(Path(folder) / sources[source].name), str(target), str(weight or "")]
            command = ["node", "-e", CUT, *given, *map(str, signs)]
            subprocess.run(command, cwd=ROOT, check=True)


def copy_drawn_fonts() -> None:
    """Copy the fonts for drawing, with the licence that has to go with them."""
    holders = []
    for font, subsets in DRAWN.items():
        package = MODULES / "@fontsource" / font
        holder, _blank, terms = (package / "LICENSE").read_text().partition("\n\n")
        holders.append(f"{font}: {holder}")
        for subset in subsets:
            weight = 700 if font == "bricolage-grotesque" else 400
            name = f"{font}-{subset}-{weight}-normal.woff2"
            copy(package / "files" / name, BUILD / "fonts/drawn" / name)
    (BUILD / "fonts/drawn/OFL.txt").write_text("\n".join([*holders, "", terms]))


def put_in_place() -> None:
    """Replace files one at a time, so that a running site never finds the folder empty."""
    fresh = {path.relative_to(BUILD) for path in BUILD.rglob("*") if path.is_file()}
    for name in sorted(fresh):
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != (BUILD / name).read_bytes():
            shutil.copyfile(BUILD / name, target)
    for path in VENDOR.rglob("*"):
        if path.is_file() and path.relative_to(VENDOR) not in fresh:
            path.unlink()
    shutil.rmtree(BUILD)


def sprite(names: set[str]) -> str:
    """One SVG with a symbol for each icon."""
    symbols = []
    for name in sorted(names):
        svg = (MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
        inner = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1)).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inner}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n{body}\n</svg>\n'


def version(package: str) -> str:
    return json.loads((MODULES / package / "package.json").read_text())["version"]


def main() -> None:
    for source, target in FILES.items():
        copy(MODULES / source, BUILD / target)
    bootstrap = BUILD / "bootstrap/bootstrap.min.css"
    bootstrap.write_text(logical(only_used(bootstrap.read_text(), words_in_use())) + "\n")
    for font in sorted((MODULES / "katex/dist/fonts").glob("*.woff2")):
        copy(font, BUILD / "katex/fonts" / font.name)
    # The stylesheet names older formats as well, which nothing here would ever load.
    katex = BUILD / "katex/katex.min.css"
    katex.write_text(
        re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", katex.read_text())
    )
    # Its pictures are of markers and layers that we draw ourselves.
    leaflet = BUILD / "leaflet/leaflet.css"
    leaflet.write_text(re.sub(r"[^{}]*\{[^{}]*url\([^{}]*\}", "", leaflet.read_text()))
    (BUILD / "world.svg").write_text(world(MODULES / "world-atlas"))
    for font, subsets in FONTS.items():
        for subset in subsets:
            name = f"{font}-{subset}-wght-normal.woff2"
            copy(MODULES / "@fontsource-variable" / font / "files" / name, BUILD / "fonts" / name)
    cut_fonts()
    copy_drawn_fonts()
    (BUILD / "icons.svg").write_text(sprite(icon_names()))

    packages = [
        "bootstrap", "bootstrap-icons", "katex", "leaflet", "leaflet.markercluster", "pdfjs-dist",
        "world-atlas",
        *(f"@fontsource-variable/{font}" for font in FONTS),
        *(f"@fontsource/{font}" for font in DRAWN),
    ]  # fmt: skip
    lines = ["# Vendored", "", "Copied by `make vendor`; never edited by hand.", ""]
    lines += ["| package | version |", "|---|---|"]
    lines += [f"| {package} | {version(package)} |" for package in packages]
    lines += ["", "| file | SHA-256 |", "|---|---|"]
    for path in sorted(BUILD.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"| {path.relative_to(BUILD)} | `{digest}` |")
    (BUILD / "VENDORED.md").write_text("\n".join(lines) + "\n")
    put_in_place()


if __name__ == "__main__":
    main()
