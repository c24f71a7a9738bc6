"""Filling the LKE: one area per page; every change of a card is saved by itself."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts import policy
from accounts.access import permits
from accounts.policy import Action
from accounts.trail import Actor
from assessment import answering, catalogue, selectors, workflow
from assessment.answering import KEEP, Change, InvalidAnswer, Recorded, Result
from assessment.filling import cards, finding, header, tree
from assessment.filling.places import slug
from assessment.forms import Parsed, parse_card
from assessment.instrument import Area, Indicator, Instrument
from assessment.models import Answer, Assessment, Stage
from assessment.posted_values import without
from assessment.selectors import Lke
from assessment.views import filling_frame


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@require_safe
def start(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Go to the first indicator that waits for an answer, else to the first area."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    lke = selectors.load_lke(assessment)
    pokja = policy.pokja_of(request.user, Action.FILL, assessment) or None
    code = tree.next_blank(lke.instrument, finding.blank(lke), pokja)
    area = lke.instrument.indicator(code).area if code else lke.instrument.areas[0].code
    address = reverse("filling", args=[unit_code, year, area])
    return redirect(f"{address}#b-{slug(code)}" if code else address)


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def area(request: HttpRequest, unit_code: str, year: int, area: str) -> HttpResponse:
    """The page of one area: tree, score header and a card per indicator."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    lke = selectors.load_lke(assessment)
    return _area_page(request, lke, _area_or_404(lke.instrument, area))


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def card(request: HttpRequest, unit_code: str, year: int, code: str) -> HttpResponse:
    """One card as it is stored: what replaces a card whose stored answer was chosen."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    lke = selectors.load_lke(assessment)
    indicator = _indicator_or_404(lke.instrument, code)
    lke = selectors.with_previous(request.user, lke, [code])
    shown = cards.card(
        lke,
        lke.sheets[Stage.UNIT],
        indicator,
        filling_frame.locked_reasons(request.user, assessment)[indicator.pokja],
    )
    return render(
        request, "assessment/filling/card.html", {"assessment": assessment, "card": shown}
    )


@permits(Action.FILL)
@never_cache
@require_POST
def save_answer(request: HttpRequest, unit_code: str, year: int, code: str) -> HttpResponse:
    """Save what was changed on one card and answer with the fragments that this changes."""
    assessment = selectors.get_assessment(request.user, unit_code, year, Action.FILL)
    instrument = catalogue.compiled(assessment.period.instrument)
    indicator = _indicator_or_404(instrument, code)
    # What a form of numbers does not say, or says badly, stays as it is stored.
    stored = None if indicator.is_choice else _stored_value(assessment, code)
    parsed = parse_card(indicator, request.POST.dict(), stored, assessment.period.year)
    try:
        recorded, problems, refused = _record(Actor.of(request), assessment, parsed, stored)
    except workflow.Locked as locked:
        return _locked_reply(request, assessment, instrument, indicator, str(locked))
    lke = Lke(assessment, instrument, {Stage.UNIT: recorded.answers, Stage.TPI: {}})
    bound = replace(_bound(request, lke, indicator, recorded, problems), refused=refused)
    goes_on = "lanjut" in request.POST and not (bound.problems or bound.conflict)
    onward = filling_frame.onward(request, lke, code) if goes_on else None
    if not request.headers.get("HX-Request"):
        return _whole_page_reply(request, lke, indicator, bound, onward)
    response = _fragments(request, lke, recorded, indicator, bound)
    if onward:
        trigger_client_event(response, "lanjut", asdict(onward), after="settle")
    return response


def _record(
    actor: Actor, assessment: Assessment, parsed: Parsed, stored: Mapping[str, Any] | None
) -> tuple[Recorded, dict[str, str], bool]:
    """Record the change; when its value breaks a rule the rest of the card is saved anyway.

    With the sentences by field, and whether the value as a whole was not taken over.
    """
    problems = dict(parsed.problems)
    change = parsed.change
    try:
        return answering.record(actor, assessment, Stage.UNIT, [change]), problems, False
    except InvalidAnswer as invalid:
        problems |= _sentences(catalogue.compiled(assessment.period.instrument), change, invalid)
    if isinstance(change.value, Mapping) and "index" in change.value and "index" in problems:
        # An index off its scale costs itself alone; its source, period and so on are good.
        value = without(change.value, stored or {}, {"index"})
        kept = replace(change, value=value)
        return answering.record(actor, assessment, Stage.UNIT, [kept]), problems, False
    kept = replace(change, value=KEEP)
    return answering.record(actor, assessment, Stage.UNIT, [kept]), problems, True


def _sentences(instrument: Instrument, change: Change, invalid: InvalidAnswer) -> dict[str, str]:
    """The broken rules by field of the changed card; one that breaks on the card of another
    indicator stands at the count that both share."""
    found = {}
    for code, name, message in invalid.problems:
        shared = [
            key
            for (owner, key), sharers in instrument.shared_by.items()
            if owner == change.code and code in sharers
        ]
        if code == change.code:
            found[name] = message
        elif shared:
            found[shared[0]] = f"Butir {code}: {message}"
    return found


def _stored_value(assessment: Assessment, code: str) -> Mapping[str, Any] | None:
    return (
        Answer.objects.filter(assessment=assessment, stage=Stage.UNIT, code=code)
        .values_list("value", flat=True)
        .first()
    )


def _bound(
    request: HttpRequest,
    lke: Lke,
    indicator: Indicator,
    recorded: Recorded,
    problems: Mapping[str, str],
) -> cards.Bound:
    outcome = recorded.outcomes[0]
    conflict = None
    if outcome.result is Result.CONFLICT:
        conflict = _conflict(lke, indicator, outcome.change, outcome.answer)
    return cards.Bound(request.POST.dict(), problems, conflict)


def _conflict(
    lke: Lke, indicator: Indicator, change: Change, stored: Answer | None
) -> cards.Conflict:
    """Both answers in words, with who saved the stored one."""
    theirs = stored.value if stored else None
    value = theirs if change.value is KEEP else change.value
    note = (stored.note if stored else "") if change.note is KEEP else change.note
    author = stored.changed_by if stored else None
    mine = cards.describe(lke, indicator, value, note, theirs)
    others = cards.describe(lke, indicator, theirs, stored.note if stored else "", value)
    if change.empties:
        mine = cards.emptied_side(str(change.empty_reason), note)
    if stored and stored.is_emptied:
        others = cards.emptied_side(stored.empty_reason, stored.note)
    return cards.Conflict(
        mine=mine,
        theirs=others,
        by=author.name if author else "operator",
        answer=stored,
        empties=change.empties,
    )


def _fragments(
    request: HttpRequest, lke: Lke, recorded: Recorded, indicator: Indicator, bound: cards.Bound
) -> HttpResponse:
    """The changed parts of the page: this card, those that share its counts, header and tree."""
    sheet = recorded.sheets[Stage.UNIT]
    change = recorded.outcomes[0].change
    empties = change.empties and not bound.conflict
    if empties:
        lke = selectors.with_previous(request.user, lke, [indicator.code])
        bound = replace(bound, posted={"note": bound.posted.get("note", "")})
    shown = cards.card(lke, sheet, indicator, "", bound)
    sharing = [
        cards.card(lke, sheet, lke.instrument.indicator(code), "")
        for (owner, _), codes in lke.instrument.shared_by.items()
        if owner == indicator.code
        for code in codes
    ]
    context = {
        "assessment": lke.assessment,
        "card": shown,
        "sharing": sharing,
        "neighbours": [
            cards.card(lke, sheet, lke.instrument.indicator(code), "")
            for code in cards.neighbours(lke.instrument, indicator.code)
        ],
        "part": lke.instrument.subcomponents[indicator.subcomponent],
        "part_points": sheet.points(indicator.subcomponent),
        "part_slug": slug(indicator.subcomponent),
        "header": header.header(lke),
        "tree": tree.changed(lke, indicator.area),
        **filling_frame.what_is_left(lke, filling_frame.mine(request, lke)),
        "whole_card": empties,
        "oob": True,
    }
    response = render(request, "assessment/filling/saved.html", context)
    # Leaving it empty clears its fields, so the card comes anew; anything else leaves them alone.
    return reswap(retarget(response, f"#b-{shown.slug}"), "outerHTML") if empties else response


def _whole_page_reply(
    request: HttpRequest,
    lke: Lke,
    indicator: Indicator,
    bound: cards.Bound,
    onward: filling_frame.Onward | None,
) -> HttpResponse:
    """Without JavaScript: back to the card; with the typed text and its messages if any."""
    if bound.problems or bound.conflict:
        area = lke.instrument.area(indicator.area)
        return _area_page(request, lke, area, {indicator.code: bound}, status=422)
    return redirect(onward.address if onward else filling_frame.address_of(lke, indicator.code))


def _locked_reply(
    request: HttpRequest,
    assessment: Assessment,
    instrument: Instrument,
    indicator: Indicator,
    reason: str,
) -> HttpResponse:
    """The state of the assessment no longer allows saving: said in place, the text stays."""
    if request.headers.get("HX-Request"):
        context = {"slug": slug(indicator.code), "reason": reason}
        return render(request, "assessment/filling/refused.html", context, status=409)
    typed = request.POST.get("note", "").strip()
    kept = f" Penjelasan yang diketik: {typed}" if typed else ""
    messages.error(request, f"Butir {indicator.code} tidak tersimpan. {reason}{kept}")
    lke = selectors.load_lke(assessment)
    return _area_page(request, lke, instrument.area(indicator.area), status=409)


def _area_page(
    request: HttpRequest,
    lke: Lke,
    area: Area,
    bound: Mapping[str, cards.Bound] | None = None,
    status: int = 200,
) -> HttpResponse:
    lke = selectors.with_previous(request.user, lke, [each.code for each in area.indicators])
    sheet = lke.sheets[Stage.UNIT]
    locked = filling_frame.locked_reasons(request.user, lke.assessment)
    areas = lke.instrument.areas
    place = areas.index(area)
    context = {
        "area": area,
        "above": tree.above(lke.instrument, area),
        "parts": cards.area_cards(lke, sheet, area, locked, bound),
        "locked": locked[area.pokja],
        "previous_area": areas[place - 1] if place else None,
        "next_area": areas[place + 1] if place + 1 < len(areas) else None,
    }
    return filling_frame.page(
        request,
        lke,
        "assessment/filling/area.html",
        context,
        locked=locked,
        area=area.code,
        status=status,
    )


def _area_or_404(instrument: Instrument, code: str) -> Area:
    try:
        return instrument.area(code)
    except KeyError:
        raise Http404 from None


def _indicator_or_404(instrument: Instrument, code: str) -> Indicator:
    try:
        return instrument.indicator(code)
    except KeyError:
        raise Http404 from None
