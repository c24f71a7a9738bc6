"""collectstatic: one stylesheet with Bootstrap inside, hashed and compressed."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import override_settings

from zi_portal.ui.finders import PackageFilesFinder, package_files
from zi_portal.ui.storage import BundledStaticFilesStorage


def collect(folder: Path) -> BundledStaticFilesStorage:
    """What collectstatic makes of our static files and those of packages."""
    with override_settings(
        STATIC_ROOT=folder,
        STORAGES={"staticfiles": {"BACKEND": "zi_portal.ui.storage.BundledStaticFilesStorage"}},
        STATICFILES_FINDERS=[
            "django.contrib.staticfiles.finders.FileSystemFinder",
            "zi_portal.ui.finders.PackageFilesFinder",
        ],
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    return BundledStaticFilesStorage(location=str(folder), base_url="/static/")


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
    for sheet in ("css/theme.css",):
        folder = Path(collected.path(collected.stored_name(sheet))).parent
        addresses = re.findall(r'url\("?([^")]+)"?\)', text(collected, sheet))
        assert [
            a for a in addresses if not a.startswith("data:") and not (folder / a).exists()
        ] == []


def test_the_theme_is_published_compressed(collected: BundledStaticFilesStorage) -> None:
    whole = Path(collected.path(collected.stored_name("css/theme.css")))
    packed = whole.with_name(whole.name + ".gz")
    assert packed.stat().st_size < 60_000 < whole.stat().st_size


def test_collecting_again_changes_nothing(tmp_path: Path) -> None:
    first = text(collect(tmp_path), "css/theme.css")
    assert text(collect(tmp_path), "css/theme.css") == first


def test_a_theme_without_fonts_still_bundles(tmp_path: Path) -> None:
    with override_settings(BASE_DIR=tmp_path):  # nothing was made below it
        assert "fonts/fonts.css" not in package_files()
        theme = text(collect(tmp_path / "static"), "css/theme.css")
    assert "@font-face" not in theme
    assert "@layer tokens {" in theme


def bundled(folder: Path, sources: dict[str, bytes]) -> BundledStaticFilesStorage:
    """Processes files that lie in a folder of their own, as a finder offers them."""
    source = FileSystemStorage(location=str(folder / "source"))
    for name, content in sources.items():
        source.save(name, ContentFile(content))
    storage = BundledStaticFilesStorage(location=str(folder / "root"), base_url="/static/")
    for name, content in sources.items():
        storage.save(name, ContentFile(content))
    list(storage.post_process({name: (source, name) for name in sources}))
    return storage


def test_an_import_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"css/absent\.css"):
        bundled(tmp_path, {"css/theme.css": b'@import url("absent.css") layer(pages);'})


def test_an_address_keeps_its_target_when_it_moves_into_the_theme(tmp_path: Path) -> None:
    storage = bundled(
        tmp_path,
        {
            "css/theme.css": b'@import url("pages/a.css") layer(pages);',
            "css/pages/a.css": b".a { background: url(../../img/a.svg); }",
            "img/a.svg": b"<svg/>",
        },
    )
    assert re.search(r'url\("\.\./img/a\.\w+\.svg"\)', text(storage, "css/theme.css"))


def test_packages_give_only_what_we_use() -> None:
    given = {name for name, _ in PackageFilesFinder().list([]) if not name.startswith("fonts/")}
    assert given == {"vendor/bootstrap.min.css", "vendor/htmx.min.js"}
    assert PackageFilesFinder().find("vendor/bootstrap.min.css.map") is None
