"""Static files in production: one stylesheet, hashed names, compressed copies."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

THEME = "css/theme.css"

# `@import url("name") layer(name);` as theme.css writes it; the layer may be absent.
_IMPORT = re.compile(r'@import url\("(?P<url>[^":]+)"\)(?: layer\((?P<layer>[\w.]+)\))?;')
_URL = re.compile(r"""url\((?P<quote>["']?)(?P<url>(?!data:|[a-z]+:|/|#)[^"')]+)(?P=quote)\)""")
# Needed inside the imported file only, or wrong in the middle of another one.
_DROPPED = re.compile(r'@charset "[^"]*";|/\*# sourceMappingURL=[^*]*\*/')


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Writes what theme.css imports into it, then hashes and compresses as usual.

    Each import becomes the layer that it names, in its place, so the order of the cascade is the
    same as in development. The imported files themselves are not published a second time.
    """

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        if THEME in paths and not options.get("dry_run"):
            imported = self._bundle(paths)
            paths = {name: at for name, at in paths.items() if name not in imported}
            # The parent, too, reads each file where `paths` says: the theme from here on ours.
            paths[THEME] = (self, THEME)
        yield from super().post_process(paths, **options)

    def _bundle(self, paths: dict[str, Any]) -> set[str]:
        """Writes the theme with its imports; removes and returns the names that went into it.

        Reads what the finders found, not what an earlier run left behind: that is bundled already.
        """
        imported: set[str] = set()

        def inline(match: re.Match[str]) -> str:
            source = posixpath.normpath(posixpath.join(posixpath.dirname(THEME), match["url"]))
            if source not in paths:
                # The fonts are made at set-up; without them pages use the system's own.
                if source.startswith("fonts/"):
                    return ""
                raise ValueError(f"{THEME} imports {source}, which does not exist")
            imported.add(source)
            css = _rebase(_DROPPED.sub("", _read(source, paths)), source, THEME).strip()
            return f"@layer {match['layer']} {{\n{css}\n}}" if match["layer"] else css

        bundle = _IMPORT.sub(inline, _read(THEME, paths))
        for name in (THEME, *imported):
            self.delete(name)
        self._save(THEME, ContentFile(bundle.encode("utf-8")))
        return imported


def _read(name: str, paths: dict[str, Any]) -> str:
    """A collected file as its finder has it: `paths` maps names to (storage, name there)."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode("utf-8"))


def _rebase(css: str, source: str, target: str) -> str:
    """Relative addresses in `css`, written for the file `source`, as seen from `target`."""

    def rewrite(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), match["url"]))
        return f'url("{posixpath.relpath(path, posixpath.dirname(target))}")'

    return _URL.sub(rewrite, css)
