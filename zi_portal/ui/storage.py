"""Static files in production: one stylesheet, hashed names, compressed copies."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Stylesheets that pages link; all others exist to be imported by these.
BUNDLES = ("css/theme.css", "css/admin.css")

# `@import url("name") layer(name);` as ours are written; the layer may be absent.
_IMPORT = re.compile(r'@import url\("(?P<url>[^":]+)"\)(?: layer\((?P<layer>[\w.]+)\))?;')
_URL = re.compile(r"""url\((?P<quote>["']?)(?P<url>(?!data:|[a-z]+:|/|#)[^"')]+)(?P=quote)\)""")
# Needed inside the imported file only, or wrong in the middle of another one.
_DROPPED = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=[^*]*\*/')


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Writes what a stylesheet imports into it, then hashes and compresses as usual.

    Each import becomes the layer that it names, in its place, so the order of the cascade is the
    same as in development. The imported files themselves are not published a second time.
    """

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        if not options.get("dry_run"):
            imported = {
                source for name in BUNDLES if name in paths for source in self._bundle(name)
            }
            for source in imported:
                self.delete(source)
            paths = {name: value for name, value in paths.items() if name not in imported}
        yield from super().post_process(paths, **options)

    def _bundle(self, name: str) -> set[str]:
        """Replaces the imports of the stylesheet `name`; returns the names that went into it."""
        imported: set[str] = set()

        def inline(match: re.Match[str]) -> str:
            source = posixpath.normpath(posixpath.join(posixpath.dirname(name), match["url"]))
            if not self.exists(source):
                # The fonts are made at set-up; without them pages use the system's own.
                if source.startswith("fonts/"):
                    return ""
                raise ValueError(f"{name} imports {source}, which does not exist")
            imported.add(source)
            css = _rebase(_DROPPED.sub("", self._read(source)), source, name).strip()
            return f"@layer {match['layer']} {{\n{css}\n}}" if match["layer"] else css

        bundle = _IMPORT.sub(inline, self._read(name))
        self.delete(name)
        self._save(name, ContentFile(bundle.encode("utf-8")))
        return imported

    def _read(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode("utf-8"))


def _rebase(css: str, source: str, target: str) -> str:
    """Relative addresses in `css`, written for the file `source`, as seen from `target`."""

    def rewrite(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), match["url"]))
        return f'url("{posixpath.relpath(path, posixpath.dirname(target))}")'

    return _URL.sub(rewrite, css)
