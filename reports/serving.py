"""Files that never lie in a served folder: how one goes out, whole or in part."""

import re
from collections.abc import Callable
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"/\\|?*]+')


def file_name(title: str, extension: str) -> str:
    """A title as a name that every system can store: no signs of paths, no control characters."""
    stem = " ".join(_NOT_IN_NAMES.sub(" ", title.replace(",", "")).split())[:150].rstrip(". ")
    return f"{stem}.{extension}"


def part_wanted(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """First and last byte of the part that the request asks for; None when it is the whole file,
    or not asked for in a way that we serve (RFC 9110, 14.2: then the whole is the answer)."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or not asked:
        return None
    first = int(asked[1])
    last = min(int(asked[2] or size), size - 1)
    return None if first > last or (first, last) == (0, size - 1) else (first, last)


def attachment(
    opened: Callable[[], IO[bytes]],
    *,
    name: str,
    content_type: str,
    size: int,
    part: tuple[int, int] | None,
) -> HttpResponseBase:
    """The response that hands a private file over: to be saved, not shown, by nobody in between."""
    response: HttpResponseBase
    if part is None:
        response = FileResponse(opened(), content_type=content_type)
        response["Content-Length"] = str(size)
    else:
        first, last = part
        with opened() as file:
            file.seek(first)
            content = file.read(last - first + 1)
        response = HttpResponse(content, content_type=content_type, status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
