"""All templates of the portal: strict CSP, and icons that exist."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from zi_portal.ui.icons import icon

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_TAGS = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)


class Inline(HTMLParser):
    """Collects what a policy without 'unsafe-inline' would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "style":
            self.found.append("<style>")
        if tag == "script" and "src" not in named and named.get("type") != "application/json":
            self.found.append("<script> without src")
        self.found += [name for name in named if name == "style" or name.startswith("on")]
        self.found += [name for name in named if name.startswith("hx-on")]
        self.found += [f"{name}={value}" for name, value in attrs if "javascript:" in (value or "")]


def inline(markup: str) -> list[str]:
    parser = Inline()
    parser.feed(_TAGS.sub("", markup))
    return parser.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_script_style_or_handler(path: Path) -> None:
    assert inline(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>x()</script>",
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<p {% if a %}onclick="x()"{% endif %}>',
        '<p hx-on:click="x()">',
    ],
)
def test_the_walk_notices_what_it_looks_for(markup: str) -> None:
    assert inline(markup)


def test_data_blocks_and_files_are_allowed() -> None:
    assert inline('<script type="application/json">{}</script><script src="a.js"></script>') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_icon_of_a_template_exists(path: Path) -> None:
    for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")):
        assert icon(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    markup = path.read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href|hx-get|hx-post)="(?:https?:)?//', markup)
