"""The Laporan Kesiapan: it says what the score says, completely, and breaks well."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Assessment, Stage, State
from reports import layout, pdf, register
from reports.register import Draft
from tests.assessment.samples import instrument
from tests.conftest import Cast
from tests.reports.conftest import fill, move_to


def html(made: Draft) -> str:
    return layout.html(made.document, made.fingerprint)


def source(made: Draft) -> pdf.Source:
    return pdf.Source(html(made), made.fingerprint[:32], made.document.data_at)


def rendered(assessment: Assessment) -> PdfReader:
    return PdfReader(BytesIO(pdf.render(source(register.draft(None, assessment)))))


def texts(reader: PdfReader) -> list[str]:
    """The text of each page in single spaces."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def marks(outline: Any, level: int = 0) -> list[tuple[int, str]]:
    """Bookmarks with their depth."""
    found: list[tuple[int, str]] = []
    for entry in outline:
        found += marks(entry, level + 1) if isinstance(entry, list) else [(level, entry.title)]
    return found


# ── one complete draft, read from its PDF ───────────────────────────────────
MOMENT = datetime(2026, 6, 12, 3, 32, tzinfo=UTC)
render_once = cache(pdf.render)


@pytest.fixture
def paper(filled: Assessment) -> PdfReader:
    """The report of the plausible unit; its moments are fixed, so that it is rendered once."""
    filled.answers.update(changed_at=MOMENT)
    Assessment.objects.filter(pk=filled.pk).update(created_at=MOMENT, state_since=MOMENT)
    made = register.draft(None, Assessment.objects.get(pk=filled.pk))
    return PdfReader(BytesIO(render_once(source(made))))


def test_the_cover_names_unit_stage_verdict_and_date_of_the_data(paper: PdfReader) -> None:
    cover = texts(paper)[0]
    assert "Kementerian Uji" in cover
    assert "Politeknik Uji" in cover
    assert "Menurut penilaian mandiri, memenuhi syarat nilai WBK" in cover
    assert "Nilai mandiri 84,71" in cover
    assert "12 Juni 2026, 10.32 WIB" in cover
    assert "113 dari 113 butir terisi" in cover
    assert "(versi 1)" in cover


def test_the_second_page_shows_all_requirements_of_the_own_target(paper: PdfReader) -> None:
    page = texts(paper)[1]
    assert page.count("Terpenuhi") == 12
    assert "▼ Kurang" not in page


def test_wbbm_fails_on_four_requirements_and_on_no_other(paper: PdfReader) -> None:
    page = texts(paper)[2]
    assert "belum memenuhi syarat nilai WBBM" in page
    table = page[page.index("Syarat nilai WBBM Diminta") : page.index("Nilai per area")]
    short = [row.split("Terpenuhi")[-1] for row in table.split("▼ Kurang")[:-1]]
    labels = ["Nilai total", "Pengungkit", "Penataan Tatalaksana", "Pelayanan Publik yang Prima"]
    assert len(short) == len(labels)
    assert all(label in row for label, row in zip(labels, short, strict=True))
    assert page.count("Terpenuhi") == 8


def test_every_page_says_what_it_belongs_to_and_that_a_draft_is_provisional(
    paper: PdfReader,
) -> None:
    pages = texts(paper)
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("Sementara" in page and "Kode keaslian data" in page for page in pages)
    assert all("Laporan Kesiapan WBK 2026" in page for page in pages[1:])
    assert all("Politeknik Uji" in page for page in pages)


def test_every_indicator_stands_once_among_the_answers_in_official_order(
    paper: PdfReader,
) -> None:
    pages = texts(paper)
    first = next(number for number, page in enumerate(pages) if "Jawaban per butir" in page)
    codes = re.findall(r"\b[AB](?:\.[IVXivx]+|\.\d|\.[a-h])+\b", " ".join(pages[first:]))
    found = [code for code in codes if code in instrument().indicators]
    assert found == list(instrument().indicators)  # those of Hasil, sub-components too, once


def test_bookmarks_lead_to_sections_aspects_and_areas(paper: PdfReader) -> None:
    outline = marks(paper.outline)
    assert [title.replace("\u2002", " ") for level, title in outline if level == 0] == [
        "1 Hasil", "2 Syarat nilai WBBM", "3 Nilai per area", "4 Jawaban per butir",
    ]  # fmt: skip
    assert [title for level, title in outline if level == 1] == ["Pemenuhan", "Reform", "Hasil"]
    areas = [title.split()[0] for level, title in outline if level == 2]
    assert areas == [area.code for area in instrument().areas]


def test_table_heads_repeat_and_no_heading_row_ends_a_page(paper: PdfReader) -> None:
    subcomponents = instrument().subcomponents.values()
    names = [node.name for node in (*instrument().areas, *subcomponents)]
    pages = [page.extract_text().splitlines() for page in paper.pages]
    first = next(n for n, lines in enumerate(pages) if any("Jawaban per butir" in x for x in lines))
    for lines in pages[first:]:
        assert any(line.startswith("Kode") for line in lines)
        body = lines[: next(n for n, line in enumerate(lines) if "Laporan Kesiapan WBK" in line)]
        assert not any(name in body[-1] for name in names)


def test_no_text_is_smaller_than_six_and_a_half_points(paper: PdfReader) -> None:
    sizes = set()

    def note(text: str, outer: list[float], inner: list[float], _: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(outer[3] * inner[3]), 2))

    for page in paper.pages:
        page.extract_text(visitor_text=note)
    assert min(sizes) >= 6.5


def test_the_same_data_give_the_same_bytes(filled: Assessment) -> None:
    first = source(register.draft(None, Assessment.objects.get(pk=filled.pk)))
    second = source(register.draft(None, Assessment.objects.get(pk=filled.pk)))
    assert first == second
    assert pdf.render(first) == pdf.render(second)


def test_hostile_and_endless_texts_are_printed_as_text(assessment: Assessment) -> None:
    script = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    endless = "Sangat panjang. " * 1240
    notes = {
        "A.I.1.i.a": script,
        "A.I.1.i.b": endless,
        "A.I.1.ii.a": "x" * 4000,
        "A.I.1.ii.b": "\n".join(f"baris {n}" for n in range(200)),
        "A.I.1.ii.c": "\N{RIGHT-TO-LEFT OVERRIDE}kebalik عربي 😀",
    }
    fill(assessment, notes)
    assessment.unit.name = "Unit <b>Tebal</b> & Co"
    assessment.unit.save()
    reader = rendered(Assessment.objects.get(pk=assessment.pk))
    whole = " ".join(texts(reader))
    assert script in whole
    assert "Unit <b>Tebal</b> & Co" in whole
    assert whole.count("panjang.") == endless.count("panjang.")
    assert "baris 199" in whole
    assert not any(page.images for page in reader.pages)
    # What follows the endless notes still stands on its page.
    assert "B.II.a" in whole


def heard(node: Any) -> Iterator[str]:
    """The alternative texts of the figures below a node of the structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from heard(each)
    elif isinstance(node, dict):
        if "/Alt" in node:
            yield node["/Alt"]
        if "/K" in node:
            yield from heard(node["/K"])


def test_charts_can_be_heard(paper: PdfReader) -> None:
    said = list(heard(paper.root_object["/StructTreeRoot"]["/K"]))
    assert any(text.startswith("Capaian enam area: Manajemen Perubahan") for text in said)
    assert "Nilai total 84,71 dari 100; syarat WBK 75, WBBM 85" in said


# ── states that need no PDF to be told ──────────────────────────────────────
def test_an_empty_draft_is_incomplete_before_anything_else(assessment: Assessment) -> None:
    page = html(register.draft(None, assessment))
    assert '<p class="headline">Belum lengkap</p>' in page
    assert page.count("<b>Belum dijawab</b>") == 113
    assert "▼ Kurang" not in page  # open, not failed
    assert page.count("Belum: di bawah syarat") == 2  # below the table of either target
    assert 'data-state="Sementara"' in page


def test_a_sheet_with_gaps_says_so_first_and_shows_points_beneath(assessment: Assessment) -> None:
    fill(assessment, skip=60)
    page = html(register.draft(None, assessment))
    assert '<p class="headline">Belum lengkap</p>' in page
    assert "60 dari 113 butir belum dijawab" in page
    assert "53 dari 113 butir terisi" in page
    assert page.count("<b>Belum dijawab</b>") == 60


def test_a_submitted_sheet_is_no_longer_provisional(submitted: Assessment) -> None:
    assert "Sementara" not in html(register.draft(None, submitted))


def test_an_emptied_indicator_shows_its_reason(assessment: Assessment) -> None:
    fill(assessment, skip=1)
    row = assessment.answers.create(
        stage=Stage.UNIT,
        code=list(instrument().indicators)[-1],
        empty_reason="Survei belum dilaksanakan <i>tahun ini</i>",
        changed_at=assessment.created_at,
    )
    page = html(register.draft(None, assessment))
    assert row.code in page
    assert "113 dari 113 butir terisi, 1 di antaranya dikosongkan dengan alasan" in page
    assert page.count('<td class="num">0/1</td>') == 0
    assert "Belum: di bawah" not in page
    assert "Dikosongkan dengan alasan (nilai 0)" in page
    assert "Survei belum dilaksanakan &lt;i&gt;tahun ini&lt;/i&gt;" in page


# ── stages ──────────────────────────────────────────────────────────────────
SECRET_NOTE = "CATATAN-RAHASIA-TPI"


def judge(assessment: Assessment) -> None:
    """TPI changes one answer, with a note."""
    change = Change("A.I.1.i.a", value={"choice": "Tidak"}, note=SECRET_NOTE)
    answering.record(OPERATOR, assessment, Stage.TPI, [change])


def test_tpi_is_not_in_the_units_report_before_it_is_released(
    cast: Cast, submitted: Assessment
) -> None:
    before = register.draft(cast.team_head, submitted)
    judge(submitted)
    after = register.draft(cast.team_head, submitted)
    assert SECRET_NOTE not in html(after)
    assert after.fingerprint == before.fingerprint
    assert not after.document.shows_tpi


def test_the_evaluator_sees_both_columns_and_who_has_not_been_judged(
    cast: Cast, submitted: Assessment
) -> None:
    judge(submitted)
    made = register.draft(cast.evaluator, submitted)
    page = html(made)
    assert made.document.shows_tpi
    assert SECRET_NOTE in page
    assert "TPI menilai 1 dari 113 butir" in page
    assert page.count("belum dinilai") == 112
    assert "Menurut penilaian mandiri" in page  # the latest released stage leads


def test_the_released_evaluation_leads_for_everyone(cast: Cast, submitted: Assessment) -> None:
    judge(submitted)
    move_to(submitted, State.TPI_CLOSED)
    page = html(register.draft(cast.member, submitted))
    assert "Menurut evaluasi TPI" in page
    assert SECRET_NOTE in page


# ── fingerprint ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("change", [
    Change("A.I.1.i.a", value={"choice": "Tidak"}),
    Change("A.I.1.i.a", note="Penjelasan lain"),
])  # fmt: skip
def test_any_change_of_the_data_changes_their_fingerprint(
    filled: Assessment, change: Change
) -> None:
    before = register.draft(None, filled).fingerprint
    answering.record(OPERATOR, filled, Stage.UNIT, [change])
    assert register.draft(None, filled).fingerprint != before


def test_the_fingerprint_is_that_of_the_data_not_of_the_moment(filled: Assessment) -> None:
    one = register.draft(None, Assessment.objects.get(pk=filled.pk))
    two = register.draft(None, Assessment.objects.get(pk=filled.pk))
    assert one.fingerprint == two.fingerprint
    assert len(one.fingerprint) == 64
