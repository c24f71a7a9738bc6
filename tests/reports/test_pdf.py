"""HTML to PDF in a child process: same bytes, archival form, nothing fetched."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import pdf
from reports.pdf import RenderError, Source

DATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PAGE = """<!doctype html><html lang="id"><head><title>Judul uji</title>
<meta name="dcterms.created" content="2026-01-02T03:04:05+00:00">
<link rel="stylesheet" href="fonts/fonts.css"><link rel="stylesheet" href="css/tokens.css">
<link rel="stylesheet" href="css/report.css"></head><body>
<section class="cover" data-report="R" data-unit="U" data-state="" data-code="K">
<h1>Satu</h1></section>
<h2>Bagian dua</h2><p>Isi {body}</p></body></html>"""


def made(body: str) -> bytes:
    return pdf.render(Source(PAGE.replace("{body}", body), "ab" * 16, DATED))


@cache
def plain() -> bytes:
    """One document for all tests that only look at it."""
    return made("")


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def test_two_children_make_the_same_bytes_of_the_same_document() -> None:
    assert made("") == plain()


def test_it_is_built_as_an_archival_tagged_file_with_title_language_and_bookmarks() -> None:
    reader = read(plain())
    root = reader.root_object
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp
    assert root["/Lang"] == "id"
    assert "/StructTreeRoot" in root
    assert root["/OutputIntents"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Judul uji"
    assert [entry.title for entry in reader.outline] == ["Bagian dua"]  # by report.css


def test_it_bears_the_date_of_the_data_and_no_other() -> None:
    reader = read(plain())
    assert reader.metadata is not None
    assert reader.metadata.creation_date == DATED
    assert reader.metadata.modification_date in {None, DATED}


def test_all_fonts_are_embedded() -> None:
    reader = read(plain())
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)


@contextmanager
def listener() -> Iterator[tuple[str, list[object]]]:
    """A server that notes every connection; (address, connections)."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    seen: list[object] = []
    done = threading.Event()

    def accept() -> None:
        while not done.is_set():
            try:
                connection, address = server.accept()
            except TimeoutError:
                continue
            seen.append(address)
            connection.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", seen
    finally:
        done.set()
        thread.join()
        server.close()


FETCHING = {
    "image": '<img src="{url}">',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "import": "<style>@import url({url});</style>",
    "background": "<style>body {{ background: url({url}) }}</style>",
    "font": "<style>@font-face {{ font-family: F; src: url({url}) }} p {{ font: 9pt F }}</style>",
    "attachment": '<link rel="attachment" href="{url}"><a rel="attachment" href="{url}">a</a>',
    "object": '<object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>',
    "svg": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/>'
    '<use href="{url}#a"/></svg>',
    "base": '<base href="{url}"><img src="y.png">',
}


@pytest.mark.parametrize("way", FETCHING)
def test_nothing_is_fetched_from_disk_or_network(way: str, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>RAHASIA</text></svg>'
    )
    with listener() as (address, seen):
        markup = FETCHING[way].format(url=address) + FETCHING[way].format(url=secret.as_uri())
        reader = read(made(markup))
    assert seen == []
    assert "RAHASIA" not in "".join(page.extract_text() for page in reader.pages)
    assert not reader.attachments
    assert not any(page.images for page in reader.pages)


def test_the_listener_does_notice_a_connection() -> None:
    with listener() as (address, seen):
        socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0]))).close()
        threading.Event().wait(0.5)
    assert len(seen) == 1


def test_a_static_file_that_reports_do_not_need_is_refused_too() -> None:
    reader = read(made('<img src="img/zi.svg"><link rel="stylesheet" href="css/base.css">'))
    assert not any(page.images for page in reader.pages)


def test_a_child_that_fails_is_an_error_and_no_file() -> None:
    with pytest.raises(RenderError):
        pdf.render(Source(PAGE, "no hexadecimal digits", DATED))


def test_whoever_waits_can_stop_the_work() -> None:
    class Enough(Exception):
        pass

    def tick() -> None:
        raise Enough

    with pytest.raises(Enough):
        pdf.render(Source(PAGE.replace("{body}", "<p>panjang</p>" * 20000), "ab" * 16, DATED), tick)
