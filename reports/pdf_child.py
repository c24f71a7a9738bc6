"""The child process that lays out one document: a request (JSON) on stdin, the PDF on stdout.

It runs without Django, database or secrets, within limits of memory and time, and reads nothing
but the files that its request names. Started by reports.pdf alone.
"""

import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 180
#: A name that never resolves (RFC 6761): the address under which our static files are known here.
BASE_URL = "https://portal.invalid/"
CONTENT_TYPES = {".css": "text/css", ".woff2": "font/woff2"}


class OwnFilesFetcher(URLFetcher):
    """Gives the named static files and data: addresses. Everything else, be it on disk or on the
    network, is refused."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._files = {BASE_URL + name: Path(path) for name, path in files.items()}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = self._files.get(url)
        if path is None:
            return super().fetch(url, headers)  # refuses all but data:
        content_type = CONTENT_TYPES[path.suffix]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


def limit_resources() -> None:
    """No document may take the machine along."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def render(request: dict[str, Any]) -> bytes:
    """The PDF of a request: `html`, `identifier` (32 hex digits), `files` (name → path)."""
    document = HTML(
        string=request["html"],
        base_url=BASE_URL,
        url_fetcher=OwnFilesFetcher(request["files"]),
    )
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a", pdf_identifier=bytes.fromhex(request["identifier"])
    )
    return pdf


def main() -> None:
    limit_resources()
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    sys.stdout.buffer.write(render(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
