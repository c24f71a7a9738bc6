"""What is checked of an uploaded workbook before anything opens it.

Limits: the file ≤ 10 MB, ≤ 300 members, its XML ≤ 8 MB and everything together ≤ 32 MB, counted
while inflating, because what a zip declares about itself is only a claim. Standard library only:
this runs in the reading child process.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

FILE_LIMIT = 10 * 1024 * 1024
MEMBER_LIMIT = 300
XML_LIMIT = 8 * 1024 * 1024
INFLATED_LIMIT = 32 * 1024 * 1024

_CHUNK = 64 * 1024
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP_MAGIC = b"PK\x03\x04"
_ENCRYPTED_FLAG = 0x1
_XML_NAMES = (".xml", ".rels", ".vml")
# A byte order mark of UTF-8, and white space before the first tag.
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*<")
_DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = len(b"<!DOCTYPE") - 1

NOT_A_WORKBOOK = "Berkas ini bukan buku kerja Excel (.xlsx)."
BROKEN = "Berkas ini rusak dan tidak dapat dibuka; simpan ulang dari aplikasinya, lalu coba lagi."
TOO_LARGE = "Berkas ini melebihi 10 MB."
TOO_COMPLEX = "Isi berkas ini terlalu besar untuk sebuah LKE; hapus lembar yang tidak diperlukan."
BUSY = "Berkas ini belum selesai dibaca dalam batas waktunya; coba lagi sebentar."
PROTECTED = (
    "Berkas ini dikunci dengan kata sandi atau berformat Excel lama (.xls); "
    "simpan tanpa kata sandi sebagai .xlsx."
)
UNSAFE = "Berkas ini memuat deklarasi XML yang tidak diizinkan; simpan ulang sebagai .xlsx."


class WorkbookRefused(Exception):
    """The file cannot be taken; the message is one Indonesian sentence for the person."""


def check_outside(data: bytes) -> None:
    """Raise WorkbookRefused for what the size and the first bytes already tell."""
    if len(data) > FILE_LIMIT:
        raise WorkbookRefused(TOO_LARGE)
    if data.startswith(_OLE_MAGIC):
        raise WorkbookRefused(PROTECTED)
    if not data.startswith(_ZIP_MAGIC):
        raise WorkbookRefused(NOT_A_WORKBOOK)


def check_inside(data: bytes) -> None:
    """Raise WorkbookRefused unless the zip keeps every limit and holds plain, harmless XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MEMBER_LIMIT:
                raise WorkbookRefused(TOO_COMPLEX)
            if "[Content_Types].xml" not in archive.namelist():
                raise WorkbookRefused(NOT_A_WORKBOOK)
            _check_members(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise WorkbookRefused(BROKEN) from error


def _check_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    inflated = xml = 0
    for member in members:
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise WorkbookRefused(PROTECTED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookRefused(BROKEN)
        is_xml, tail = False, b""
        for index, chunk in enumerate(_chunks(archive, member)):
            if index == 0:
                is_xml = _is_xml(member, chunk)
            inflated += len(chunk)
            xml += len(chunk) if is_xml else 0
            if inflated > INFLATED_LIMIT or xml > XML_LIMIT:
                raise WorkbookRefused(TOO_COMPLEX)
            if is_xml and _DECLARATIONS.search(tail + chunk):
                raise WorkbookRefused(UNSAFE)
            tail = chunk[-_OVERLAP:]


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _is_xml(member: zipfile.ZipInfo, start: bytes) -> bool:
    """By content, whatever the name: a part is found by its relation, not by its extension.

    What is called XML must look like it in UTF-8, as spreadsheet programs write it; any other
    encoding could hide a declaration from the search above.
    """
    looks = _XML_START.match(start) is not None
    if member.filename.lower().endswith(_XML_NAMES) and not looks:
        raise WorkbookRefused(BROKEN)
    return looks
