"""Butir of the whole LKE that match a filter or a search, to be answered where they are found."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import permits
from accounts.policy import Action
from assessment import selectors
from assessment.filling import finding, search
from assessment.selectors import Lke
from assessment.views import filling_frame


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def filtered(request: HttpRequest, unit_code: str, year: int, kind: str) -> HttpResponse:
    """The butir that a filter lets through."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    if kind not in finding.KINDS:
        raise Http404
    asked = finding.KINDS[kind]
    lke = selectors.load_lke(assessment)
    words = {"title": asked.title, "nothing": asked.nothing, "why": asked.why}
    return _list_page(request, lke, asked.chosen(lke), {"kind": kind, **words})


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def searched(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """The butir that contain every word of `cari`; without a word back to filling."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    query = search.clean_query(request.GET.get("cari", ""))
    if not query:
        return redirect("filling_start", unit_code, year)
    lke = selectors.load_lke(assessment)
    more = {
        "search": query,
        "query": urlencode({"cari": query}),
        "title": f"Pencarian: {query}",
        "nothing": "Tidak ada butir yang cocok",
        "why": f"Pencarian: {query}. Tidak ada butir yang memuat semua kata ini.",
    }
    return _list_page(request, lke, search.find(lke.instrument, query), more)


def _list_page(
    request: HttpRequest, lke: Lke, codes: Collection[str], more: dict[str, Any]
) -> HttpResponse:
    """One page of matching cards, in official order, by area."""
    locked = filling_frame.locked_reasons(request.user, lke.assessment)
    shown = finding.slice_from(lke.instrument, codes, request.GET.get("mulai", ""))
    lke = selectors.with_previous(request.user, lke, shown.codes)
    context = {"shown": shown, "groups": finding.cards_by_area(lke, shown.codes, locked), **more}
    return filling_frame.page(
        request, lke, "assessment/filling/finding.html", context, locked=locked
    )
