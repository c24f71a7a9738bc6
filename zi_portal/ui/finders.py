"""Static files that come out of installed packages: the few we need, under our own names."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, overload

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"Package {name} is not installed")
    return Path(spec.origin).parent


def fonts_dir() -> Path:
    """Where `python -m zi_portal.ui.fonts` writes; may not exist."""
    return Path(settings.BASE_DIR) / "build" / "fonts"


def package_files() -> dict[str, Path]:
    """Static name → file. The rest of those packages (maps, variants, other versions) stays out:
    collecting and compressing it would take many times as long as all our own files."""
    made = {f"fonts/{file.name}": file for file in sorted(fonts_dir().glob("*.woff2"))}
    if (face := fonts_dir() / "fonts.css").exists():
        made["fonts/fonts.css"] = face
    return {
        "vendor/bootstrap.min.css": _package("django_include_bootstrap")
        / "static/css/bootstrap.min.css",
        "vendor/htmx.min.js": _package("django_htmx") / "static/django_htmx/htmx-2.min.js",
        **made,
    }


class _MappedStorage(FileSystemStorage):
    """Read access to files that lie elsewhere and have another name there."""

    def __init__(self, mapped: dict[str, Path]) -> None:
        super().__init__()
        self.mapped = mapped

    def path(self, name: str) -> str:
        return str(self.mapped[name])


class PackageFilesFinder(BaseFinder):
    """Offers `package_files()` to runserver, WhiteNoise and collectstatic."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing is configured, so nothing can be configured wrongly."""
        return []

    @overload
    def find(self, path: str, find_all: Literal[False] = ...) -> str | None: ...
    @overload
    def find(self, path: str, find_all: Literal[True]) -> list[str]: ...

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str] | None:
        found = package_files().get(path.replace("\\", "/"))
        if find_all:
            return [] if found is None else [str(found)]
        return None if found is None else str(found)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, _MappedStorage]]:
        mapped = package_files()
        storage = _MappedStorage(mapped)
        for name in mapped:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, storage
