"""Copy the browser libraries that are used from npm's packages into `static/vendor/`, and write down their hashes.

Run it after changing a version in `package.json`; it needs npm, the application itself does not:

    cd frontend && npm install --ignore-scripts && python vendor.py

`vendored.json` then holds each file's package, version and SHA-256, and `tests/front/test_vendored.py` checks that what
is served is what was written down.
"""

import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "static" / "vendor"

FILES = {
    "tabler.min.css": ("@tabler/core", "dist/css/tabler.min.css"),
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "cytoscape.min.mjs": ("cytoscape", "dist/cytoscape.esm.min.mjs"),
    "uplot.iife.min.js": ("uplot", "dist/uPlot.iife.min.js"),
    "uplot.min.css": ("uplot", "dist/uPlot.min.css"),
}
# Serif for what is read, sans for what is worked with; a face is fetched only where a page has its letters.
FONTS = {
    "@fontsource-variable/source-sans-3": ("wght.css",),
    "@fontsource-variable/source-serif-4": ("wght.css", "wght-italic.css"),
}
SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)
FONT_FILE = re.compile(r"url\(\./files/((?:[a-z]+-)+\d-(.+)-wght-[a-z]+\.woff2)\)")
LICENCES = {
    "LICENSE.source-sans-3.txt": ("@fontsource-variable/source-sans-3", "LICENSE"),
    "LICENSE.source-serif-4.txt": ("@fontsource-variable/source-serif-4", "LICENSE"),
    "LICENSE.tabler-icons.txt": ("@tabler/icons", "LICENSE"),
    "LICENSE.htmx.txt": ("htmx.org", "LICENSE"),
    "LICENSE.cytoscape.txt": ("cytoscape", "LICENSE"),
    "LICENSE.uplot.txt": ("uplot", "LICENSE"),
}
# axe only checks our pages in tests, so it is kept beside them and never served.
TEST_FILES = {"axe.min.js": ("axe-core", "axe.min.js"), "LICENSE.axe.txt": ("axe-core", "LICENSE")}
TEST_TARGET = HERE.parent / "tests" / "front" / "vendor"
SPRITE = "icons.svg"
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*")
WRAPPED_PATH = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def version_of(package):
    """The installed version of an npm package."""
    return json.loads((MODULES / package / "package.json").read_text())["version"]


def without_source_map(content):
    """Drop the pointer to a map that is not vendored; the manifest storage would refuse the file for it."""
    return SOURCE_MAP.sub(b"\n", content)


def sprite(names):
    """One SVG file with a `<symbol>` per icon, from the outline icons of Tabler."""
    symbols = []
    for name in names:
        drawing = WRAPPED_PATH.search((MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()).group(1)
        drawing = drawing.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(drawing.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'.format("\n".join(symbols)).encode()


def faces(package):
    """The `@font-face` rules of a font for the subsets that are kept, and the names of the files they load."""
    rules, names = [], []
    for sheet in FONTS[package]:
        for rule in FACE.findall((MODULES / package / sheet).read_text()):
            name, subset = FONT_FILE.search(rule).groups()
            if subset in SUBSETS:
                rules.append(rule.replace("./files/", ""))
                names.append(name)
    return rules, names


def place_fonts():
    """Write each font's files and its style sheet, and return their lines for `vendored.json`."""
    for package in FONTS:
        rules, names = faces(package)
        yield place(TARGET, f"{package.split('/')[1]}.css", "\n".join(rules).encode() + b"\n", package)
        for name in names:
            yield place(TARGET, name, (MODULES / package / "files" / name).read_bytes(), package)


def place(target, name, content, package):
    """Write one file and return its line for `vendored.json`."""
    target.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(content)
    path = (target / name).relative_to(HERE.parent).as_posix()
    return path, {
        "package": package,
        "version": version_of(package),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def main():
    icons = (HERE / "icons.txt").read_text().split()
    lines = [place(TARGET, SPRITE, sprite(icons), "@tabler/icons"), *place_fonts()]
    for target, files in ((TARGET, FILES | LICENCES), (TEST_TARGET, TEST_FILES)):
        for name, (package, source) in files.items():
            content = without_source_map((MODULES / package / source).read_bytes())
            lines.append(place(target, name, content, package))
    (HERE / "vendored.json").write_text(json.dumps(dict(sorted(lines)), indent=2) + "\n")


if __name__ == "__main__":
    main()
