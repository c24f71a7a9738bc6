"""The fonts that set-up makes."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from zi_portal.ui import fonts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    fonts.make(folder)
    return folder


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.file)
def test_a_font_has_the_signs_that_our_pages_use_and_its_weight(
    made: Path, face: fonts.Face
) -> None:
    font = TTFont(made / face.file)
    assert {ord(sign) for sign in "Az09éü−×÷≥≤→–…▼“”’\u00a0"} <= font.getBestCmap().keys()
    assert font["OS/2"].usWeightClass == face.weight
    assert "fvar" not in font


def test_a_font_is_small(made: Path) -> None:
    assert max(file.stat().st_size for file in made.glob("*.woff2")) <= 15 * 1024


def test_tabular_figures_change_digits_and_leave_text_alone(made: Path) -> None:
    font = TTFont(made / fonts.FACES[0].file)
    features = font["GSUB"].table.FeatureList.FeatureRecord
    lookups = font["GSUB"].table.LookupList.Lookup
    indices = {i for f in features if f.FeatureTag == "tnum" for i in f.Feature.LookupListIndex}
    changed = {
        k: v for i in indices for part in lookups[i].SubTable for k, v in part.mapping.items()
    }
    assert {"zero", "nine", "minus"} <= changed.keys()
    assert not {"space", "hyphen", "comma", "period"} & changed.keys()
    assert (
        len({font["hmtx"][glyph][0] for name, glyph in changed.items() if name != "plusminus"}) == 1
    )


def test_every_made_font_is_named_in_the_stylesheet(made: Path) -> None:
    css = (made / "fonts.css").read_text(encoding="utf-8")
    assert all(file.name in css for file in made.glob("*.woff2"))
    assert css.count("@font-face") == len(list(made.glob("*.woff2")))


def test_making_twice_does_the_work_once(made: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in made.iterdir()}
    assert fonts.make(made) is False
    assert {file: file.stat().st_mtime_ns for file in made.iterdir()} == before


def test_the_command_line_asks_for_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert fonts.main([]) == 2
    assert "Pemakaian" in capsys.readouterr().err
