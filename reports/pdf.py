"""HTML to PDF: the one place that knows WeasyPrint.

Each document is laid out in a child process, so that neither its memory nor its time, nor a fault
in the layout engine, touches the web process or the worker. The same HTML, identifier and date give
the same bytes.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.contrib.staticfiles import finders

from zi_portal.ui.finders import package_files

logger = logging.getLogger(__name__)

TIME_LIMIT_SECONDS = 240.0
WAIT_SECONDS = 0.5
STYLESHEETS = ("css/tokens.css", "css/report.css")
"""What a document may refer to by name, beside the portal's fonts."""
_PASSED_ON = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class RenderError(Exception):
    """The document could not be laid out; the reason is in the log."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a PDF is made from. `identifier`: 32 hex digits that stand for the content; `dated`:
    the moment that the file bears, which is that of the data, not of the making."""

    html: str
    identifier: str
    dated: datetime


def render(source: Source, tick: Callable[[], None] = lambda: None) -> bytes:
    """Lay out a document. `tick` is called about twice a second meanwhile and may raise, which
    stops the work. Raises RenderError when the child fails or takes too long."""
    request = {"html": source.html, "identifier": source.identifier, "files": _files()}
    with tempfile.TemporaryDirectory(prefix="zi-pdf-") as scratch:
        # A file, not a pipe: `communicate` loses what it has not sent when its timeout ends.
        asked = Path(scratch) / "request.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        with asked.open("rb") as stdin:
            child = subprocess.Popen(
                [sys.executable, "-m", "reports.pdf_child"],
                cwd=settings.BASE_DIR,
                env=_environment(source.dated, scratch),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl+C reaches the worker, which decides
            )
        try:
            pdf, errors = _wait(child, tick)
        finally:
            child.kill()
            child.wait()
    said = errors.decode(errors="replace")[-4000:].strip()
    if child.returncode != 0 or not pdf.startswith(b"%PDF-"):
        logger.error("The PDF child ended with %s: %s", child.returncode, said)
        raise RenderError
    if said:
        logger.warning("The PDF child said: %s", said)
    return pdf


def _wait(child: "subprocess.Popen[bytes]", tick: Callable[[], None]) -> tuple[bytes, bytes]:
    """Wait for what the child writes, ticking."""
    end = monotonic() + TIME_LIMIT_SECONDS
    while monotonic() < end:
        try:
            return child.communicate(timeout=WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            tick()
    logger.error("The PDF child took longer than %s s", TIME_LIMIT_SECONDS)
    raise RenderError


def _files() -> dict[str, str]:
    """Name → path. The portal's fonts may not have been made; then the system's serve."""
    fonts = {n: str(path) for n, path in package_files().items() if n.startswith("fonts/")}
    return {**fonts, **{name: str(finders.find(name)) for name in STYLESHEETS}}


def _environment(dated: datetime, scratch: str) -> dict[str, str]:
    """No secrets; and nothing that differs from one run to the next ends up in the file."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **passed_on,
        "TMPDIR": scratch,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": str(int(dated.astimezone(UTC).timestamp())),
    }
