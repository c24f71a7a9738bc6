"""What stands around the cards on every page of filling: tree with filters and search, header."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import policy
from accounts.models import POKJA
from accounts.policy import Action, Person
from assessment import workflow
from assessment.filling import finding, header, tree
from assessment.filling.places import slug
from assessment.models import Assessment, Stage
from assessment.selectors import Lke

ARRANGEMENTS = (("lke", "LKE"), ("pokja", "Pokja"))
"""How the tree can be arranged; `susunan` in the address chooses, this browser remembers it."""

COOKIE = "susunan"
_YEAR = 365 * 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to arrange the tree, with the address that chooses it on the page at hand."""

    label: str
    query: str
    is_current: bool


def page(
    request: HttpRequest,
    lke: Lke,
    template: str,
    more: dict[str, Any],
    *,
    locked: dict[str, str],
    area: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of filling with what stands around it; `area` is open in the tree."""
    arrangement = _arrangement(request, lke.assessment)
    open_pokja = frozenset(pokja for pokja, reason in locked.items() if not reason)
    context = {
        "assessment": lke.assessment,
        "may_fill": bool(open_pokja),
        "header": header.header(lke),
        "has_last_year": lke.previous is not None,
        "by_pokja": arrangement == "pokja",
        "arrangements": [
            Arrangement(label, _query(request, name), name == arrangement)
            for name, label in ARRANGEMENTS
        ],
        "tree": tree.tree(lke, area, by_pokja=arrangement == "pokja"),
        **what_is_left(lke, open_pokja),
        **more,
    }
    response = render(request, template, context, status=status)
    if request.GET.get("susunan") == arrangement:
        response.set_cookie(
            COOKIE,
            arrangement,
            max_age=_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def what_is_left(lke: Lke, pokja: frozenset[str] | None) -> dict[str, Any]:
    """The filters' counts and where to go on; `pokja` are those of the person."""
    blank = finding.blank(lke)
    following = tree.next_blank(lke.instrument, blank, pokja)
    indicator = lke.instrument.indicator
    return {
        "filters": finding.filters(lke),
        "following": following,
        "following_area": indicator(following).area if following else "",
        "following_slug": slug(following),
        "left": sum(pokja is None or indicator(code).pokja in pokja for code in blank),
        "blank": len(blank),
    }


@dataclass(frozen=True, slots=True)
class Onward:
    """Where filling goes on: the id of a card ("" for another page) and its address."""

    card: str
    address: str


def onward(request: HttpRequest, lke: Lke, code: str) -> Onward:
    """The next blank butir behind `code` that the person may fill; the summary after the last."""
    blank = finding.blank(lke)
    following = tree.next_blank(lke.instrument, blank, mine(request, lke), after=code)
    if following:
        return Onward(f"b-{slug(following)}", address_of(lke, following))
    messages.info(request, "Tidak ada lagi butir kosong yang dapat diisi.")
    unit, year = lke.assessment.unit.code, lke.assessment.period.year
    return Onward("", reverse("summary", args=[unit, year]))


def address_of(lke: Lke, code: str) -> str:
    """The address of a butir's card on the page of its area."""
    unit, year = lke.assessment.unit.code, lke.assessment.period.year
    area = lke.instrument.indicator(code).area
    return f"{reverse('filling', args=[unit, year, area])}#b-{slug(code)}"


def mine(request: HttpRequest, lke: Lke) -> frozenset[str] | None:
    """The pokja that the person may fill; None when all."""
    return policy.pokja_of(request.user, Action.FILL, lke.assessment)


def locked_reasons(user: Person, assessment: Assessment) -> dict[str, str]:
    """Why each pokja's cards cannot be filled by this person now; "" where they can."""
    if reason := workflow.locked_reason(assessment, Stage.UNIT):
        return dict.fromkeys(POKJA, reason)
    if not policy.can(user, Action.FILL, assessment):
        return dict.fromkeys(POKJA, "Peran ini hanya membaca; tim ZI yang mengisi.")
    mine = policy.pokja_of(user, Action.FILL, assessment)
    return {
        pokja: "" if mine is None or pokja in mine else "Diisi oleh pokja lain." for pokja in POKJA
    }


def _arrangement(request: HttpRequest, assessment: Assessment) -> str:
    """As asked for, else as remembered, else by pokja for those who belong to some."""
    names = {name for name, _ in ARRANGEMENTS}
    for chosen in (request.GET.get("susunan"), request.COOKIES.get(COOKIE)):
        if chosen in names:
            return chosen
    return "pokja" if policy.pokja_of(request.user, Action.FILL, assessment) else "lke"


def _query(request: HttpRequest, arrangement: str) -> str:
    """The query of the page at hand with another arrangement."""
    query = request.GET.copy()
    query["susunan"] = arrangement
    return query.urlencode()
