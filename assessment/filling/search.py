"""Search over the questions of an instrument, as people type: without capitals or accents."""

import unicodedata

from assessment.instrument import Indicator, Instrument

QUERY_LIMIT = 100
"""So many characters of a query are read."""


def clean_query(typed: str) -> str:
    """The query as it is shown and searched: one line of at most `QUERY_LIMIT` characters."""
    printable = "".join(char if char.isprintable() else " " for char in typed)
    return " ".join(printable.split())[:QUERY_LIMIT].strip()


def find(instrument: Instrument, query: str) -> frozenset[str]:
    """The butir that contain every word of the query; none for a query without words.

    Searched are code, question, criteria (for percentages: what is counted) and the name of the
    sub-component.
    """
    words = _fold(query).split()
    if not words:
        return frozenset()
    return frozenset(
        code
        for code, indicator in instrument.indicators.items()
        if _contains(_text_of(instrument, indicator), words)
    )


def _contains(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


def _text_of(instrument: Instrument, indicator: Indicator) -> str:
    parts = (
        indicator.code,
        indicator.text,
        *(option.criterion for option in indicator.options),
        *(count.label for count in indicator.counts),
        instrument.nodes[indicator.subcomponent].name,
    )
    return _fold("\n".join(parts))


def _fold(text: str) -> str:
    """The text without capitals and accents: "É" and "e" are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
