"""What stands under a count (its rows and time range) and beside an index (its source)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment import index_source, rincian
from assessment.instrument import Indicator
from assessment.posted_values import has_rows, paste_text, removes_row, row_cells

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFields:
    """One row as its inputs show it; `number` is part of their names."""

    number: int
    description: str = ""
    date: str = ""
    status: str = ""

    @property
    def shown_number(self) -> int:
        return self.number + 1


@dataclass(frozen=True, slots=True)
class CountDetail:
    """The rows and the time range of a count.

    `is_typed`: they are shown as typed, because they are not stored. `is_renewed`: the rows on the
    screen are not these any more. `is_grown`: the blank row at their end was used, so another one
    is wanted. `is_number_renewed`: what stood for the number, an input or the number of rows,
    must be shown anew.
    """

    key: str
    label: str
    rows: tuple[RowFields, ...]
    blank: RowFields
    stored_rows: int
    first: str
    last: str
    range_words: str
    paste: str = ""
    rows_error: str = ""
    paste_error: str = ""
    range_error: str = ""
    is_typed: bool = False
    is_renewed: bool = False
    is_grown: bool = False
    is_number_renewed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the rows are unfolded: while somebody works on them."""
        errors = self.rows_error or self.paste_error or self.range_error
        return self.is_renewed or bool(errors) or (self.is_typed and bool(self.rows or self.paste))


def count_details(
    indicator: Indicator,
    value: Value,
    year: int,
    posted: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    kept: bool,
) -> dict[str, CountDetail]:
    """The details of all counts that are typed here, by key. `kept` is False when the value that
    was posted was not taken over: then it is shown as it was typed."""
    return {
        count.key: _count_detail(
            indicator, value, count.key, count.label, year, posted, problems, kept=kept
        )
        for count in indicator.inputs
    }


def _count_detail(
    indicator: Indicator,
    value: Value,
    key: str,
    label: str,
    year: int,
    posted: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    kept: bool,
) -> CountDetail:
    stored = rincian.rows_of(value, key)
    rows_error, paste_error = problems.get(f"rows-{key}", ""), problems.get(f"paste-{key}", "")
    was_shown = has_rows(posted, key)
    as_typed = was_shown and (not kept or bool(rows_error))
    rows = _typed_rows(posted, key) if as_typed else _stored_rows(stored)
    span = rincian.range_of(indicator, value, key, year)
    days = [day.isoformat() for day in span]
    if f"range-{key}" in problems or not kept:
        days = [posted.get(f"range-{key}-{end}", day) for end, day in
                zip(("first", "last"), days, strict=True)]  # fmt: skip
    pasted = paste_text(posted, key)
    taken = was_shown and kept and not rows_error
    is_renewed = taken and (removes_row(posted, key) or (bool(pasted.strip()) and not paste_error))
    places = [place for place, _ in row_cells(posted, key)]
    used = [place for place, cells in row_cells(posted, key) if any(map(str.strip, cells))]
    is_grown = taken and not is_renewed and bool(used) and used[-1] == places[-1]
    return CountDetail(
        key=key,
        label=label,
        rows=rows,
        blank=RowFields(places[-1] + 1 if is_grown else _following(rows)),
        stored_rows=len(stored),
        first=days[0],
        last=days[1],
        range_words=rincian.range_words(span),
        paste=pasted if paste_error or as_typed else "",
        rows_error=rows_error,
        paste_error=paste_error,
        range_error=problems.get(f"range-{key}", ""),
        is_typed=as_typed,
        is_renewed=is_renewed,
        is_grown=is_grown,
        is_number_renewed=bool(stored) or f"count-{key}" not in posted,
    )


def _stored_rows(rows: Sequence[rincian.Row]) -> tuple[RowFields, ...]:
    return tuple(
        RowFields(number, description, rincian.day_words(day), status)
        for number, (description, day, status) in enumerate(rows)
    )


def _typed_rows(posted: Mapping[str, str], key: str) -> tuple[RowFields, ...]:
    return tuple(
        RowFields(number, *cells)
        for number, cells in row_cells(posted, key)
        if any(cell.strip() for cell in cells)
    )


def _following(rows: Sequence[RowFields]) -> int:
    return rows[-1].number + 1 if rows else 0


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class IndexDetail:
    """What stands beside an index, as its fields show it; `errors` by field."""

    sources: tuple[Option, ...]
    scales: tuple[Option, ...]
    first: str
    last: str
    respondents: str
    original: str
    conversion: index_source.Conversion | None
    errors: Mapping[str, str]
    is_taken: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the fields are unfolded: until they are filled, and while one is wrong."""
        chosen = any(option.is_chosen for option in self.sources)
        return bool(self.errors) or not (chosen and self.first and self.respondents)


def index_detail(
    value: Value, posted: Mapping[str, str], problems: Mapping[str, str]
) -> IndexDetail:
    """The source of an index, its period, respondents and original value."""

    def shown(name: str, stored: object) -> str:
        return posted.get(name, "" if stored is None else str(stored).replace(".", ","))

    first, last = value.get("period") or ("", "")
    source, scale = shown("source", value.get("source")), shown("scale", value.get("scale"))
    return IndexDetail(
        sources=tuple(Option(k, w, k == source) for k, w in index_source.SOURCES.items()),
        scales=tuple(
            Option(key, index_source.scale_words(key), key == scale) for key in index_source.SCALES
        ),
        first=posted.get("period-first", first),
        last=posted.get("period-last", last),
        respondents=shown("respondents", value.get("respondents")),
        original=shown("original", value.get("original")),
        conversion=index_source.conversion(value),
        errors={name: problems[name] for name in index_source.FIELDS if name in problems},
        is_taken="take" in posted and "index" not in problems,
    )
