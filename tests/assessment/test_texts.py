"""The texts that explain each question: guidance and expected evidence of the official instrument.

What makes a text good is for a reader to say; these tests refuse what makes one worthless.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations

import pytest

from assessment.instrument import Evidence, Indicator
from tests.assessment.samples import instrument

INDICATORS = tuple(instrument().indicators.values())
EVIDENCE: tuple[tuple[str, Evidence], ...] = tuple(
    (indicator.code, piece) for indicator in INDICATORS for piece in indicator.evidence
)
each_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda each: each.code)

#: The kinds of evidence, as `domain.md` §7 and the upload name them.
KINDS = {
    "SK", "SOP", "laporan", "notula", "daftar hadir", "foto", "tangkapan layar", "rekap data",
    "surat", "tautan",
}  # fmt: skip
#: Kinds that record one event, so that nothing of them can stay in force.
EVENT_KINDS = {"laporan", "notula", "daftar hadir", "foto", "tangkapan layar"}

#: What could stand beside any question, addresses the reader, or is not this product's word.
EMPTY_PHRASES = (
    "dan lain-lain", "dan lainnya", "dan sebagainya", "dll", "dsb", "dst",
    "sesuai ketentuan", "sesuai peraturan", "ketentuan yang berlaku", "peraturan perundang",
    "dokumen pendukung", "data dukung terkait", "bukti pendukung", "bukti terkait", "terkait",
    "yang relevan", "yang memadai", "yang diperlukan lainnya", "sebagaimana mestinya",
    "secara optimal", "secara efektif dan efisien", "dengan baik", "semaksimal mungkin",
    "pastikan", "silakan", "perlu diperhatikan", "penting untuk", "guna mendukung",
    "dalam rangka", "anda", "eviden", "evidence", "opsi", "skor", "soal",
)  # fmt: skip
EMPTY = re.compile(rf"\b(?:{'|'.join(map(re.escape, EMPTY_PHRASES))})\b", re.IGNORECASE)

#: Words that any sentence needs; they say nothing about its subject.
COMMON_WORDS = {
    "yang", "dari", "pada", "untuk", "dengan", "atau", "serta", "bila", "bukan", "tidak", "sudah",
    "belum", "lebih", "dalam", "satu", "setiap", "semua", "seluruh", "unit", "kerja", "hanya",
    "saja", "masih", "sampai", "oleh", "juga", "sebagai", "adalah", "kepada",
}  # fmt: skip


def subject_words(text: str) -> set[str]:
    return {
        word
        for word in re.findall(r"[a-z]+", text.lower())
        if len(word) > 3 and word not in COMMON_WORDS
    }


def alike(one: str, other: str, bound: float) -> bool:
    """Whether two texts agree in more than `bound` (0..1) of their letters, in order."""
    matcher = SequenceMatcher(None, one.lower(), other.lower(), autojunk=False)
    return (
        matcher.real_quick_ratio() > bound
        and matcher.quick_ratio() > bound
        and matcher.ratio() > bound
    )


def pairs_alike(texts: list[tuple[str, str]], bound: float) -> list[tuple[str, str]]:
    """The codes of all (code, text) that are alike. Only texts that share a third of their words
    are compared letter by letter."""
    words = [(code, text, subject_words(text)) for code, text in texts]
    return [
        (code, other_code)
        for (code, one, mine), (other_code, other, theirs) in combinations(words, 2)
        if 3 * len(mine & theirs) >= min(len(mine), len(theirs)) and alike(one, other, bound)
    ]


# --- guidance ----------------------------------------------------------------------------------


@each_indicator
def test_guidance_is_one_sentence_of_readable_length(indicator: Indicator) -> None:
    assert 80 <= len(indicator.guidance) <= 240
    assert indicator.guidance.endswith(".")
    assert not re.search(r"[.?!]\s", indicator.guidance.replace("SP4N-LAPOR! ", ""))
    assert indicator.guidance[0].isupper()


@each_indicator
def test_guidance_says_more_than_the_question_and_its_criteria(indicator: Indicator) -> None:
    own = [indicator.text, *(option.criterion for option in indicator.options)]
    words = subject_words(indicator.guidance)
    repeated = words & subject_words(" ".join(own))
    assert len(words) >= 8
    assert len(repeated) <= len(words) * 2 / 5, sorted(repeated)
    assert not any(alike(indicator.guidance, text, 0.6) for text in own)


@each_indicator
def test_guidance_of_a_scale_names_the_answer_it_decides(indicator: Indicator) -> None:
    """On a Ya/Tidak question a sentence may also do so by naming what does not count."""
    if indicator.is_choice and indicator.type != "ya_tidak":
        keys = [option.key for option in indicator.options]
        assert re.search(rf"\b({keys[0]}|{keys[1]})\b", indicator.guidance)


@each_indicator
def test_guidance_names_no_answer_that_the_question_lacks(indicator: Indicator) -> None:
    named = set(re.findall(r"\b(?:[A-E]|Ya|Tidak)\b", indicator.guidance))
    assert named <= {option.key for option in indicator.options}


def test_guidance_of_counts_and_indices_says_what_does_not_count() -> None:
    for indicator in INDICATORS:
        if not indicator.is_choice:
            assert re.search(r"\b(tidak|bukan)\b", indicator.guidance), indicator.code


def test_no_two_guidances_are_nearly_equal() -> None:
    guidances = [(indicator.code, indicator.guidance) for indicator in INDICATORS]
    assert pairs_alike(guidances, 0.6) == []


def test_guidances_do_not_all_begin_alike() -> None:
    """A form begins every line alike; people do not."""
    first_words = Counter(indicator.guidance.split()[0] for indicator in INDICATORS)
    assert max(first_words.values()) <= 10, first_words.most_common(3)


# --- expected evidence -------------------------------------------------------------------------


@each_indicator
def test_every_question_names_two_to_five_pieces_of_evidence(indicator: Indicator) -> None:
    assert 2 <= len(indicator.evidence) <= 5
    for piece in indicator.evidence:
        assert piece.kind in KINDS
        assert piece.validity in {"berlaku", "kegiatan", "tren"}
        assert 35 <= len(piece.text) <= 130, piece.text
        assert piece.text[0].isupper()
        assert not piece.text.endswith(".")


def test_a_record_of_an_event_does_not_stay_in_force() -> None:
    for code, piece in EVIDENCE:
        assert not (piece.kind in EVENT_KINDS and piece.validity == "berlaku"), (code, piece)


def test_no_piece_of_evidence_is_named_twice() -> None:
    texts = [(code, piece.text) for code, piece in EVIDENCE]
    assert len({text.lower() for _, text in texts}) == len(texts)
    assert pairs_alike(texts, 0.85) == []


# --- both --------------------------------------------------------------------------------------


@each_indicator
def test_no_text_is_an_empty_phrase(indicator: Indicator) -> None:
    for text in (indicator.guidance, *(piece.text for piece in indicator.evidence)):
        assert not EMPTY.search(text), text


@each_indicator
def test_texts_are_cleanly_written(indicator: Indicator) -> None:
    for text in (indicator.guidance, *(piece.text for piece in indicator.evidence)):
        assert text == " ".join(text.split())
        assert not re.search(r"\s[,.;:!?)]|\(\s|[\"']|--|\d%", text), text
        assert text.count("(") == text.count(")")
        assert text.count("“") == text.count("”")


@pytest.mark.parametrize(
    "sentence",
    [
        "Lampirkan dokumen pendukung sesuai ketentuan.",
        "Unggah eviden yang relevan.",
        "Pastikan kegiatan terlaksana dengan baik.",
    ],
)
def test_an_empty_sentence_would_be_refused(sentence: str) -> None:
    assert EMPTY.search(sentence)


def test_a_mere_restatement_would_be_refused() -> None:
    indicator = instrument().indicator("A.I.1.i.a")
    restated = "Unit kerja harus sudah membentuk tim yang bertugas membangun Zona Integritas."
    assert alike(restated, indicator.text, 0.6)
