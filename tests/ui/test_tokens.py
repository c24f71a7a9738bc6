"""The palette: readable in both themes, and no class that Bootstrap means otherwise."""

import pytest

from tests.ui.css import CSS, class_names, contrast, light_tokens, paired_tokens
from zi_portal.ui.finders import package_files

SURFACES = ["canvas", "surface", "sunken", "hover"]
# What is written on what: 4.5:1 (WCAG 2.2, 1.4.3).
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in SURFACES),
    *(("accent", ground) for ground in (*SURFACES, "accent-soft")),
    *(("accent-strong", ground) for ground in (*SURFACES, "accent-soft")),
    *((tone, ground) for tone in ("ok", "warn", "bad") for ground in (*SURFACES, f"{tone}-soft")),
    *(("ink", f"{tone}-soft") for tone in ("ok", "warn", "bad", "accent")),
    *(("ink-2", f"{tone}-soft") for tone in ("ok", "warn", "bad", "accent")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("surface", "ink-2"),
    *(("h-ink", f"h{step}") for step in range(1, 6)),
    ("h-low", "h1"),
    ("h-low", "h2"),
]
# Edges that show where a control is, shapes that carry meaning, the focus ring: 3:1 (1.4.11).
SHAPES = [
    *(("control", ground) for ground in ("canvas", "surface")),
    *(("focus", ground) for ground in (*SURFACES, "accent-soft")),
    *((tone, "surface") for tone in ("accent", "ok", "warn", "bad")),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable_on_its_ground(ink: str, ground: str, theme: int) -> None:
    pairs = paired_tokens()
    assert contrast(pairs[ink][theme], pairs[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_a_shape_stands_out_from_its_ground(shape: str, ground: str, theme: int) -> None:
    pairs = paired_tokens()
    assert contrast(pairs[shape][theme], pairs[ground][theme]) >= 3


def test_black_on_white_is_the_largest_contrast() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


def test_the_fallback_is_the_light_theme() -> None:
    assert light_tokens() == {name: light for name, (light, _) in paired_tokens().items()}


# Bootstrap's own components that we restyle on purpose.
OURS_TOO = {
    "btn", "btn-primary", "btn-sm", "form-control", "form-control-sm", "form-label", "form-select",
    "form-select-sm", "form-check-input", "small", "visually-hidden",
}  # fmt: skip


def test_no_class_of_ours_means_something_else_in_bootstrap() -> None:
    bootstrap = class_names(package_files()["vendor/bootstrap.min.css"].read_text(encoding="utf-8"))
    beside_it = [s for s in CSS.glob("*.css") if s.name not in {"admin.css", "report.css"}]
    sheets = [*beside_it, *CSS.glob("pages/*.css")]
    ours = set().union(*(class_names(s.read_text(encoding="utf-8")) for s in sheets))
    assert "btn" in bootstrap
    assert ours & bootstrap <= OURS_TOO


def test_every_page_stylesheet_is_part_of_the_theme() -> None:
    theme = (CSS / "theme.css").read_text(encoding="utf-8")
    missing = [s.name for s in CSS.glob("pages/*.css") if f'url("pages/{s.name}")' not in theme]
    assert missing == []
