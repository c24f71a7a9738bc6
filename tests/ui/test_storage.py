"""collectstatic: one stylesheet with Bootstrap inside, hashed and compressed."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.test import override_settings

from zi_portal.ui.finders import PackageFilesFinder, package_files
from zi_portal.ui.storage import BundledStaticFilesStorage

STATIC = Path(__file__).resolve().parents[2] / "static"


def collect(folder: Path) -> BundledStaticFilesStorage:
    """Copies our static files and those of packages, as collectstatic does, and processes them."""
    with override_settings(STATICFILES_DIRS=[STATIC]):
        found = [*FileSystemFinder().list([]), *PackageFilesFinder().list([])]
    storage = BundledStaticFilesStorage(location=str(folder), base_url="/static/")
    paths: dict[str, Any] = {}
    for name, source in found:
        with source.open(name) as file:
            storage.save(name, ContentFile(file.read()))
        paths[name] = (storage, name)
    for name, _, outcome in storage.post_process(paths):
        assert not isinstance(outcome, Exception), name
    return storage


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> BundledStaticFilesStorage:
    return collect(tmp_path_factory.mktemp("static"))


def text(storage: BundledStaticFilesStorage, name: str) -> str:
    return Path(storage.path(storage.stored_name(name))).read_text(encoding="utf-8")


def test_the_theme_is_one_file_with_bootstrap_in_the_lowest_layer(
    collected: BundledStaticFilesStorage,
) -> None:
    theme = text(collected, "css/theme.css")
    assert "@import" not in theme
    order = theme.index("@layer bootstrap, tokens")
    assert order < theme.index("@layer bootstrap {") < theme.index("@layer tokens {")
    assert "Bootstrap  v5" in theme
    assert "--zi-canvas" in theme


def test_what_went_into_a_bundle_is_not_published_again(
    collected: BundledStaticFilesStorage,
) -> None:
    names = {path.name for path in Path(collected.location).rglob("*.css")}
    assert {name.split(".")[0] for name in names} == {"theme", "admin", "report"}


def test_no_source_map_is_asked_for(collected: BundledStaticFilesStorage) -> None:
    assert "sourceMappingURL" not in text(collected, "css/theme.css")
    assert "sourceMappingURL" not in text(collected, "vendor/htmx.min.js")


def test_every_address_in_a_stylesheet_leads_to_a_file(
    collected: BundledStaticFilesStorage,
) -> None:
    for sheet in ("css/theme.css", "css/admin.css"):
        folder = Path(collected.path(collected.stored_name(sheet))).parent
        addresses = re.findall(r'url\("?([^")]+)"?\)', text(collected, sheet))
        assert [
            a for a in addresses if not a.startswith("data:") and not (folder / a).exists()
        ] == []


def test_the_theme_is_published_compressed(collected: BundledStaticFilesStorage) -> None:
    whole = Path(collected.path(collected.stored_name("css/theme.css")))
    packed = whole.with_name(whole.name + ".gz")
    assert packed.stat().st_size < 60_000 < whole.stat().st_size


def test_a_theme_without_fonts_still_bundles(tmp_path: Path) -> None:
    with override_settings(BASE_DIR=tmp_path):  # nothing was made below it
        assert "fonts/fonts.css" not in package_files()
        theme = text(collect(tmp_path / "static"), "css/theme.css")
    assert "@font-face" not in theme
    assert "@layer tokens {" in theme


def test_an_import_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    storage = BundledStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    storage.save("css/theme.css", ContentFile(b'@import url("absent.css") layer(pages);'))
    with pytest.raises(ValueError, match=r"css/absent\.css"):
        list(storage.post_process({"css/theme.css": (storage, "css/theme.css")}))


def test_an_address_keeps_its_target_when_it_moves_into_the_theme(tmp_path: Path) -> None:
    storage = BundledStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    storage.save("css/theme.css", ContentFile(b'@import url("pages/a.css") layer(pages);'))
    storage.save("css/pages/a.css", ContentFile(b".a { background: url(../../img/a.svg); }"))
    storage.save("img/a.svg", ContentFile(b"<svg/>"))
    names = ("css/theme.css", "css/pages/a.css", "img/a.svg")
    list(storage.post_process({name: (storage, name) for name in names}))
    assert re.search(r'url\("\.\./img/a\.\w+\.svg"\)', text(storage, "css/theme.css"))


def test_packages_give_only_what_we_use() -> None:
    given = {name for name, _ in PackageFilesFinder().list([]) if not name.startswith("fonts/")}
    assert given == {"vendor/bootstrap.min.css", "vendor/htmx.min.js"}
    assert PackageFilesFinder().find("vendor/bootstrap.min.css.map") is None
