"""Copy the front-end assets that we use from node_modules to static/vendor/ (`make vendor`).

Nothing is fetched at run time. Lines that name source maps are cut, since the storage with hashed
names would look for the maps; of the icons only those that a template names are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FONTS = {
    "inter": ("latin", "latin-ext", "cyrillic", "greek"),
    "bricolage-grotesque": ("latin", "latin-ext"),
    "jetbrains-mono": ("latin",),
}
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "katex/dist/katex.min.js": "katex/katex.min.js",
    "katex/dist/katex.min.css": "katex/katex.min.css",
}
ICON_NAMES = re.compile(r"""\{% icon ["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in (".css", ".js"):
        text = source.read_text()
        text = re.sub(r"\n?(/\*|//)# sourceMappingURL=.*?(\*/|$)", "", text)
        target.write_text(text.rstrip() + "\n")
    else:
        shutil.copyfile(source, target)


def icon_names() -> set[str]:
    """Names of the icons that templates and Python code ask for."""
    sources = [*ROOT.glob("templates/**/*.html")]
    for app in ("jam", "sites", "submissions", "ratings"):
        sources += ROOT.glob(f"{app}/**/*.py")
    return {
        first or second
        for source in sources
        for first, second in ICON_NAMES.findall(source.read_text())
    }


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
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        copy(MODULES / source, VENDOR / target)
    for font in sorted((MODULES / "katex/dist/fonts").glob("*.woff2")):
        copy(font, VENDOR / "katex/fonts" / font.name)
    # The stylesheet names older formats as well, which nothing here would ever load.
    katex = VENDOR / "katex/katex.min.css"
    katex.write_text(
        re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", katex.read_text())
    )
    for font, subsets in FONTS.items():
        for subset in subsets:
            name = f"{font}-{subset}-wght-normal.woff2"
            copy(MODULES / "@fontsource-variable" / font / "files" / name, VENDOR / "fonts" / name)
    (VENDOR / "icons.svg").write_text(sprite(icon_names()))

    packages = [
        "bootstrap", "bootstrap-icons", "katex",
        *(f"@fontsource-variable/{font}" for font in FONTS),
    ]  # fmt: skip
    lines = ["# Vendored", "", "Copied by `make vendor`; never edited by hand.", ""]
    lines += ["| package | version |", "|---|---|"]
    lines += [f"| {package} | {version(package)} |" for package in packages]
    lines += ["", "| file | SHA-256 |", "|---|---|"]
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"| {path.relative_to(VENDOR)} | `{digest}` |")
    (VENDOR / "VENDORED.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
