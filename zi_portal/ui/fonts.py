"""The portal's fonts: small static WOFF2 files cut from the installed Inter.

`python -m zi_portal.ui.fonts DIR` writes one file per weight and `fonts.css`, which names them.
Nothing is committed: script/bootstrap runs this into build/fonts, which the finder serves as
static `fonts/…`; the PDF engine reads the same files. Without them pages use the system's fonts.
"""

import hashlib
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import fontpkg_inter
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SOURCE = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"

# Basic Latin and Latin-1 (Indonesian needs no more), and the signs that our pages use.
CHARACTERS = (
    "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)]))
    + "\u2002\u2007\u2009\u202f"  # spaces: en, figure, thin, narrow no-break
    + "–—‘’“”„…•′″‹›€→←↑↓−≈≠≤≥▲▼●○✓✗"
)
FEATURES = ["kern", "mark", "ccmp", "tnum"]
# fmt: off
TABULAR = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
           "plus", "minus", "plusminus"}
# fmt: on


@dataclass(frozen=True, slots=True)
class Face:
    """One file: a weight at an optical size (14 = text, 32 = display)."""

    family: str
    weight: int
    optical_size: int

    @property
    def file(self) -> str:
        return f"{self.family.lower().replace(' ', '-')}-{self.weight}.woff2"

    @property
    def css(self) -> str:
        return (
            f'@font-face {{ font-family: "{self.family}"; font-style: normal; '
            f"font-weight: {self.weight}; font-display: swap; "
            f'src: url("{self.file}") format("woff2"); }}'
        )


FACES = (
    *(Face("Inter", weight, 14) for weight in (400, 500, 600, 700)),
    *(Face("Inter Display", weight, 32) for weight in (600, 700)),
)


def _keep_tabular_figures_only(font: TTFont) -> None:
    """Inter's `tnum` also widens hyphens, commas, brackets and spaces to the width of a digit.

    Our pages set all text in tabular figures, so only digits and signs may change.
    """
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for table_or_link in table.LookupList.Lookup[index].SubTable:
                    part = getattr(table_or_link, "ExtSubTable", table_or_link)
                    part.mapping = {k: v for k, v in part.mapping.items() if k in TABULAR}


def _subset(font: TTFont) -> None:
    """Reduces `font` to our characters and layout features, in place."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [1, 2, 3, 4, 6, 13, 14]  # names and licence
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(text=CHARACTERS)
    cutter.subset(font)


def _stamp() -> str:
    """Changes when the result would: with this file or the installed font."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(SOURCE.read_bytes())
    return digest.hexdigest()


def make(folder: Path) -> bool:
    """Writes the fonts into `folder`; returns False when they are there already."""
    stamp = folder / "stamp"
    current = _stamp()
    if stamp.exists() and stamp.read_text(encoding="ascii") == current:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    variable = TTFont(SOURCE)
    _keep_tabular_figures_only(variable)
    _subset(variable)  # first, so that only some 230 glyphs are instantiated six times
    reduced = BytesIO()
    variable.save(reduced)
    for face in FACES:
        font = instancer.instantiateVariableFont(
            TTFont(BytesIO(reduced.getvalue())), {"wght": face.weight, "opsz": face.optical_size}
        )
        font.flavor = "woff2"
        font.save(folder / face.file)
    (folder / "fonts.css").write_text(
        "\n".join(face.css for face in FACES) + "\n", encoding="utf-8"
    )
    stamp.write_text(current, encoding="ascii")
    return True


def main(arguments: list[str]) -> int:
    """Command line: the folder to write to."""
    if len(arguments) != 1:
        sys.stderr.write("Pemakaian: python -m zi_portal.ui.fonts FOLDER\n")
        return 2
    make(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
