"""Files that must be refused: broken, foreign, or made to hurt whoever opens them."""

import io
import zipfile
from collections.abc import Mapping

from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks.build import Form, rewritten, save, shuffled

SHEET_PART = "xl/worksheets/sheet3.xml"
MEBI = 1024 * 1024


def workbook() -> bytes:
    return save(Form(sample_answers()).workbook())


def with_members(members: Mapping[str, bytes]) -> bytes:
    """A good workbook with more members, compressed."""
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def not_a_zip() -> bytes:
    return b"%PDF-1.7\n" + b"x" * 2000


def csv_by_another_name() -> bytes:
    return b"kode;jawaban\nA.I.1.i.a;Ya\n"


def plain_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("catatan.txt", "bukan buku kerja")
    return stream.getvalue()


def old_or_encrypted() -> bytes:
    """What Excel writes for .xls and for every file with a password: an OLE container."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)


def encrypted_member() -> bytes:
    data = bytearray(workbook())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def cut_off() -> bytes:
    data = workbook()
    return data[: len(data) // 2]


def wrong_checksum() -> bytes:
    data = bytearray(workbook())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 16 : at + 20] = b"\0\0\0\0"
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def broken_xml() -> bytes:
    return rewritten(workbook(), SHEET_PART, lambda xml: xml[: len(xml) // 2])


def zip_bomb() -> bytes:
    return with_members({"xl/media/bild.png": bytes(200 * MEBI)})


def xml_bomb() -> bytes:
    return with_members({"xl/lain.xml": b"<a>" + b" " * (9 * MEBI) + b"</a>"})


def xml_under_another_name() -> bytes:
    return with_members({"xl/media/bild.png": b"<a>" + b" " * (9 * MEBI) + b"</a>"})


def too_many_members() -> bytes:
    return with_members({f"xl/kosong{number}.bin": b"" for number in range(301)})


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "aaaaaaaaaa">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1 or str()};" * 10}">' for n in range(1, 9))
    + "]>"
)


def entity_bomb() -> bytes:
    return rewritten(
        workbook(),
        SHEET_PART,
        lambda xml: ENTITIES + xml.replace("PENGUNGKIT", "&b8;", 1),
    )


def outside_entity() -> bytes:
    return rewritten(
        workbook(),
        SHEET_PART,
        lambda xml: (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            + xml.replace("PENGUNGKIT", "&b;", 1)
        ),
    )


def declaration_in_utf16() -> bytes:
    """The same entities where a search for ASCII letters does not see them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == SHEET_PART:
                content = (ENTITIES + content.decode()).encode("utf-16")
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def million_rows() -> bytes:
    rows = "<row/>" * 1_000_000
    return rewritten(
        workbook(), SHEET_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>")
    )


def many_filled_rows() -> bytes:
    rows = "<row><c><v>1</v></c></row>" * 100_000
    return rewritten(
        workbook(), SHEET_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>")
    )


def slow_strings() -> bytes:
    """Shared strings that inflate to just below the limit and keep openpyxl busy for long."""
    strings = b"<si><r><t>a</t></r></si>" * 330_000
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    data = with_members({"xl/sharedStrings.xml": head + strings + b"</sst>"})
    return rewritten(
        data,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            "</Types>",
            '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats'
            '-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        ),
    )


def huge_texts() -> bytes:
    """Texts that are small in the file and millions of letters when they are given out."""
    cell = f'<row><c t="str"><v>{"x" * 32_000}</v></c></row>'
    return rewritten(
        workbook(), SHEET_PART, lambda xml: xml.replace("</sheetData>", cell * 200 + "</sheetData>")
    )


def too_large() -> bytes:
    return workbook() + bytes(10 * MEBI)


def missing_sheet() -> bytes:
    book = Form(sample_answers()).workbook()
    book.remove(book["LKE ZI"])
    book["Utama"].sheet_state = "visible"
    return save(book)


def other_workbook() -> bytes:
    """A spreadsheet that has nothing to do with the LKE."""
    book = Form(sample_answers()).workbook()
    sheet = book["LKE ZI"]
    sheet.title = "Anggaran"
    sheet.delete_rows(1, 300)
    sheet["A1"], sheet["B1"] = "Kegiatan", "Pagu"
    return save(book)


def shuffled_rows() -> bytes:
    """Rows of the whole sheet in another order: their letters mean nothing any more."""
    choices = [each for each in instrument().indicators.values() if each.is_choice]
    rows = [each for each in choices if each.code.startswith("A.I.")]
    return save(shuffled(Form(sample_answers()), rows))


REFUSED = (
    not_a_zip,
    csv_by_another_name,
    plain_zip,
    old_or_encrypted,
    encrypted_member,
    cut_off,
    wrong_checksum,
    broken_xml,
    zip_bomb,
    xml_bomb,
    xml_under_another_name,
    too_many_members,
    entity_bomb,
    outside_entity,
    declaration_in_utf16,
    million_rows,
    many_filled_rows,
    slow_strings,
    huge_texts,
    too_large,
    missing_sheet,
    other_workbook,
    shuffled_rows,
)
