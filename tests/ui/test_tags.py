"""Filters and tags that templates write with."""

import datetime as dt
import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from defusedxml.ElementTree import fromstring
from django import forms
from django.template import engines
from django.utils import timezone


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


MOMENT = dt.datetime(2025, 6, 11, 17, 32, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "12 Juni 2025, 00.32 WIB"),
        ("Asia/Makassar", "12 Juni 2025, 01.32 WITA"),
        ("Asia/Jayapura", "12 Juni 2025, 02.32 WIT"),
    ],
)
def test_a_moment_is_written_in_the_portals_zone_with_its_name(zone: str, written: str) -> None:
    with timezone.override(zone):
        assert rendered("{{ at|waktu }}", at=MOMENT) == written


def test_the_date_of_a_moment_depends_on_the_zone() -> None:
    with timezone.override("Asia/Jakarta"):
        assert rendered("{{ at|tanggal }} {{ at|jam }}", at=MOMENT) == "12 Juni 2025 00.32"


def test_a_plain_date_is_written_as_it_is() -> None:
    assert rendered("{{ day|tanggal }}", day=dt.date(2025, 6, 11)) == "11 Juni 2025"


def test_what_has_not_happened_is_written_as_nothing() -> None:
    assert rendered("{{ no|tanggal }}{{ no|jam }}{{ no|waktu }}", no=None) == ""


def test_figures_are_written_the_indonesian_way() -> None:
    source = "{{ points|points }} · {{ ratio|percent }} · {{ gap|signed }}"
    written = rendered(
        source, points=Fraction(7899, 100), ratio=Fraction(508, 1000), gap=Fraction(-92, 10)
    )
    assert written == "78,99 · 50,8\u00a0% · −9,20"


# ── save state ──────────────────────────────────────────────────────────────
def test_an_answer_saved_today_says_the_time() -> None:
    now = timezone.now()
    shown = fromstring(rendered('{% save_state "tersimpan" at %}', at=now))
    written = f"{timezone.localtime(now):%H.%M}"
    assert "".join(shown.itertext()).strip() == f"Tersimpan {written}"
    assert shown.find("svg") is not None


def test_an_answer_saved_earlier_says_the_day() -> None:
    with timezone.override("Asia/Jakarta"):
        shown = fromstring(rendered('{% save_state "tersimpan" at %}', at=MOMENT))
    assert "".join(shown.itertext()).strip() == "Tersimpan 12 Juni 2025"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("belum", "Belum dijawab"),
        ("menyimpan", "Menyimpan…"),
        ("luring", "Tidak tersambung, disimpan saat tersambung"),
        ("gagal", "Gagal disimpan"),
        ("bentrok", "Bentrok, pilih jawaban"),
        ("terkunci", "Terkunci"),
    ],
)
def test_every_state_has_words_beside_its_icon(state: str, words: str) -> None:
    shown = fromstring(rendered("{% save_state state %}", state=state))
    assert "".join(shown.itertext()).strip() == words
    assert shown.find("svg").get("aria-hidden") == "true"


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendered('{% save_state "selesai" %}')


# ── form fields ─────────────────────────────────────────────────────────────
class Form(forms.Form):
    name = forms.CharField(label="Nama", help_text="Nama lengkap.")
    agree = forms.BooleanField(label="Setuju")
    kind = forms.ChoiceField(label="Jenis", choices=[("a", "A"), ("b", "B")])


def field(name: str, data: dict[str, str] | None = None, extra: str = "") -> str:
    return rendered("{% field form." + name + extra + " %}", form=Form(data))


def attributes(markup: str, tag: str) -> dict[str, str | None]:
    """Those of the first `tag` in `markup`."""
    found: list[dict[str, str | None]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda name, attrs: found.append(dict(attrs)) if name == tag else None  # type: ignore[method-assign]
    parser.feed(markup)
    return found[0]


def test_a_field_ties_label_and_help_to_its_control() -> None:
    markup = field("name")
    control = attributes(markup, "input")
    assert attributes(markup, "label")["for"] == control["id"]
    assert f'id="{control["aria-describedby"]}">Nama lengkap.<' in markup
    assert "aria-invalid" not in control


def test_a_refused_field_says_why_beside_itself() -> None:
    markup = field("name", {"name": ""})
    control = attributes(markup, "input")
    assert control["aria-invalid"] == "true"
    _, error = (control["aria-describedby"] or "").split()
    assert f'<div id="{error}"><p class="err">' in markup


def test_label_help_and_attributes_can_be_replaced() -> None:
    markup = field("name", extra=' label="NIP" help_text="" autocomplete="username"')
    assert ">NIP</label>" in markup
    assert attributes(markup, "input")["autocomplete"] == "username"
    assert "Nama lengkap" not in markup
    assert "aria-describedby" not in markup


def test_a_check_box_stands_within_its_label() -> None:
    assert re.search(
        r"<label [^>]*><input type=\"checkbox\"[^>]*><span>Setuju</span>", field("agree")
    )


def test_a_choice_has_the_look_of_a_select() -> None:
    assert attributes(field("kind"), "select")["class"] == "form-select"


def test_what_a_person_wrote_is_text_not_markup() -> None:
    assert "<img" not in field("name", {"name": "<img onerror=x>"})
