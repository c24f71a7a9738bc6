"""Files that must be read rightly, whatever people and programs did to them: each gives the sample
answers, but for the indicators that it says cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assessment.workbook.writing import Source, write
from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks import second
from tests.assessment.workbooks.build import SHEET, Form, moved, rewritten, save, shuffled
from tests.assessment.workbooks.hostile import with_members
from tests.assessment.workbooks.sheets import written


@dataclass(frozen=True)
class Good:
    """A file, and the indicators of which it must say that they cannot be read."""

    make: Callable[[], bytes]
    unreadable: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.make.__name__


def published_form() -> bytes:
    return Form(sample_answers(), notes=True).filled()


def inserted_rows() -> bytes:
    return Form(sample_answers(), at=moved(3, 9, 25, 61, 130, 179, 203, by=2)).filled()


def inserted_column() -> bytes:
    book = Form(sample_answers()).workbook()
    book[SHEET].insert_cols(9)
    return save(book)


def renamed_sheet() -> bytes:
    book = Form(sample_answers()).workbook()
    book[SHEET].title = "LKE Poltek"
    return save(book)


def cleared_types() -> bytes:
    book = Form(sample_answers()).workbook()
    for code in ("A.I.1.i.b", "A.I.5.ii.a", "B.I.b"):
        book[SHEET][Form({}).cell(code, "J")] = None
    return save(book)


def layout_of_2026() -> bytes:
    return second.filled(sample_answers())


def our_export() -> bytes:
    made_at = datetime(2026, 3, 1, tzinfo=UTC)
    answers = written(sample_answers())
    return write(instrument(), Source("tanda", "POLTEK", 2026, made_at, answers, {}))


def other_sheets_around() -> bytes:
    book = Form(sample_answers()).workbook()
    for number in range(8):
        sheet = book.create_sheet(f"Rekap {number}", 0)
        sheet["B2"], sheet["H2"], sheet["K2"] = "Penilaian", "Bobot", "Jawaban"
        for row in range(3, 60):
            sheet[f"K{row}"] = "A"
    return save(book)


def macro() -> bytes:
    """What Excel saves as .xlsm: the macro is never looked at."""
    data = with_members({"xl/vbaProject.bin": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)})
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    enabled = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    default = (
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    return rewritten(
        data,
        "[Content_Types].xml",
        lambda xml: xml.replace(main, enabled).replace("</Types>", default),
    )


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def external_link() -> bytes:
    """A reference to a workbook elsewhere: it is not followed, and nothing of it is needed."""
    data = with_members(
        {
            "xl/externalLinks/externalLink1.xml": (
                '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                f'<externalBook xmlns:r="{RELATIONS}" r:id="rId1"/></externalLink>'
            ).encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="rId1" Type="{RELATIONS}/externalLinkPath"'
                ' Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
            ).encode(),
        }
    )
    data = rewritten(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(
            "</Relationships>",
            f'<Relationship Id="rIdX" Type="{RELATIONS}/externalLink"'
            ' Target="externalLinks/externalLink1.xml"/></Relationships>',
        ),
    )
    return rewritten(
        data,
        "[Content_Types].xml",
        lambda xml: xml.replace(
            "</Types>",
            '<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/></Types>',
        ),
    )


def formula_in_an_input_cell() -> bytes:
    form = Form(sample_answers())
    book = form.workbook()
    book[SHEET][form.cell("A.I.1.i.b")] = "=[1]Lain!A1"
    book[SHEET][form.cell("A.II.4.i.a.tercapai")] = "=7+1"
    return save(book)


def shuffled_rows_of_one_area() -> bytes:
    """Rows of an area in another order, letters repeated: none of them is guessed."""
    return save(shuffled(Form(sample_answers()), instrument().area("A.I.1").indicators))


ACCEPTED = (
    Good(published_form),
    Good(inserted_rows),
    Good(inserted_column),
    Good(renamed_sheet),
    Good(cleared_types),
    Good(layout_of_2026),
    Good(our_export),
    Good(other_sheets_around),
    Good(macro),
    Good(external_link),
    Good(formula_in_an_input_cell, frozenset({"A.I.1.i.b", "A.II.4.i.a"})),
    Good(
        shuffled_rows_of_one_area,
        frozenset(each.code for each in instrument().area("A.I.1").indicators),
    ),
)
