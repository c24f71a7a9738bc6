"""What templates of all floors write with. A built-in of the template engine: no {% load %}."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.utils import timezone
from django.utils.safestring import SafeString

from zi_portal.ui import charts, icons, numbers, radar, svg

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.cells, name="cells")
register.simple_tag(charts.stack, name="stack")
register.simple_tag(charts.line, name="line_chart")
register.simple_tag(radar.radar, name="radar")
register.simple_tag(radar.legend, name="radar_legend")

register.filter("points", numbers.points)
register.filter("percent", numbers.percent)
register.filter("signed", numbers.signed)
register.filter("signed_percent", numbers.signed_percent)
register.filter("number", numbers.number)
register.filter("file_size", numbers.file_size)


@register.filter
def tanggal(value: dt.date | None) -> str:
    """`12 Juni 2025`; a point in time is shown in the portal's time zone. Nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return numbers.local_date(value, timezone.get_current_timezone())
    return numbers.date(value)


@register.filter
def jam(value: dt.datetime | None) -> str:
    """`10.32`, in the portal's time zone. Nothing for None."""
    return "" if value is None else numbers.time(value, timezone.get_current_timezone())


@register.filter
def waktu(value: dt.datetime | None) -> str:
    """`12 Juni 2025, 10.32 WIB`, in the portal's time zone. Nothing for None."""
    return "" if value is None else numbers.date_time(value, timezone.get_current_timezone())


@register.filter
def current(choices: Sequence[Any] | None) -> Any:
    """The entry of `choices` whose `current` is set, or nothing."""
    return next((choice for choice in choices or () if choice["current"]), None)


@register.inclusion_tag("frame/field.html", name="field")
def form_field(
    field: BoundField, label: str = "", help_text: str | None = None, **attributes: Any
) -> dict[str, Any]:
    """One form field as the design has it: label, control, help and errors, tied together.

    `label` and `help_text` replace those of the form; further `attributes` go to the control
    (underscores become hyphens), e.g. autocomplete="username".
    """
    if help_text is not None:
        field.help_text = help_text  # Django refers to it by aria-describedby
    widget = field.field.widget
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    return {
        "field": field,
        "label": label or field.label,
        "control": field.as_widget(attrs={"class": _control_class(widget), **attrs}),
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": field.use_fieldset,
    }


def _control_class(widget: Any) -> str:
    if isinstance(widget, CheckboxInput | RadioSelect):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


_SAVE_STATES = {
    "belum": ("circle-dashed", "muted", "Belum dijawab"),
    "menyimpan": ("loader-circle", "t-acc", "Menyimpan…"),
    "tersimpan": ("check", "t-ok", "Tersimpan"),
    "luring": ("cloud-off", "t-warn", "Tidak tersambung, disimpan saat tersambung"),
    "gagal": ("circle-alert", "t-bad", "Gagal disimpan"),
    "ditinjau": ("eye", "t-warn", "Perlu ditinjau"),
    "dikosongkan": ("circle-slash", "muted", "Dikosongkan (nilai 0)"),
    "sebagian": ("triangle-alert", "t-warn", "Sebagian belum tersimpan"),
    "sesi": ("log-in", "t-warn", "Sesi berakhir, belum tersimpan"),
    "bentrok": ("git-compare-arrows", "t-warn", "Bentrok, pilih jawaban"),
    "terkunci": ("lock", "muted", "Terkunci"),
}


@register.simple_tag
def save_state(state: str, at: dt.datetime | None = None) -> SafeString:
    """The state of one field in words with its icon; "tersimpan" says the time of `at`, or its
    day when that is not today.

    States: belum, menyimpan, tersimpan, luring, gagal, sebagian, sesi, bentrok, terkunci,
    ditinjau (copied, to be confirmed), dikosongkan (with a reason); KeyError for others.
    """
    name, tone, words = _SAVE_STATES[state]
    spin = "spin" if state == "menyimpan" else ""
    said = f"{words} {_when(at)}" if state == "tersimpan" and at else words
    return svg.element(
        "span", icons.icon(name, css=spin), f" {said}", css=f"st tiny {tone}", data_state=state
    )


def _when(at: dt.datetime) -> str:
    return jam(at) if timezone.localdate(at) == timezone.localdate() else tanggal(at)
