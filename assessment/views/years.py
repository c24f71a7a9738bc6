"""From year to year: carrying last year's notes and answers over, and what this year aims at."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import permits
from accounts.policy import Action
from accounts.trail import Actor
from assessment import assessments, carrying, selectors, workflow
from assessment.answering import InvalidAnswer
from assessment.carrying import Amount
from assessment.models import Purpose, Stage, Target
from assessment.selectors import Lke
from zi_portal.ui import numbers


@permits(Action.FILL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_last_year(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Say what can be copied from the unit's latest earlier year; copy it when posted."""
    assessment = selectors.get_assessment(request.user, unit_code, year, Action.FILL)
    lke = selectors.with_previous(request.user, selectors.load_lke(assessment))
    if request.method == "POST":
        return _copy(request, lke)
    pokja = carrying.pokja_of(request.user, assessment)
    context = {
        "assessment": assessment,
        "locked": workflow.locked_reason(assessment, Stage.UNIT),
        "year_before": lke.previous.assessment.period.year if lke.previous else None,
        "notes": Amount.of(carrying.changes(lke, pokja, with_answers=False)),
        "everything": Amount.of(carrying.changes(lke, pokja, with_answers=True)),
    }
    return render(request, "assessment/filling/carry.html", context)


def _copy(request: HttpRequest, lke: Lke) -> HttpResponse:
    place = (lke.assessment.unit.code, lke.assessment.period.year)
    pokja = carrying.pokja_of(request.user, lke.assessment)
    try:
        copied = carrying.carry(
            Actor.of(request), lke, pokja, with_answers="answers" in request.POST
        )
    except workflow.Locked as locked:
        messages.error(request, f"Tidak ada yang disalin. {locked}")
        return redirect("copy_last_year", *place)
    except InvalidAnswer:
        # Somebody answered what shares a count between the reading and the writing.
        messages.error(request, "Tidak ada yang disalin karena jawaban baru berubah. Ulangi.")
        return redirect("copy_last_year", *place)
    if copied.cards and lke.previous:
        before = lke.previous.assessment.period.year
        messages.success(request, _said(copied, before))
        return redirect("filling_filtered", *place, "perlu-ditinjau")
    messages.info(request, "Tidak ada yang disalin: tidak ada butir kosong yang dapat diisi.")
    return redirect("copy_last_year", *place)


def _said(copied: Amount, year: int) -> str:
    parts = [
        f"{numbers.count(count)} {what}"
        for count, what in ((copied.notes, "penjelasan"), (copied.answers, "jawaban"))
        if count
    ]
    cards = numbers.count(copied.cards)
    return f"{' dan '.join(parts)} disalin dari tahun {year}; {cards} butir perlu ditinjau."


@permits(Action.OPEN)
@require_POST
def change_assessment(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Choose another target or purpose for a draft."""
    assessment = selectors.get_assessment(request.user, unit_code, year, Action.OPEN)
    try:
        target = Target(request.POST.get("target", assessment.target))
        purpose = Purpose(request.POST.get("purpose", assessment.purpose))
    except ValueError:
        messages.error(request, "Pilih sasaran dan tujuan dari pilihan yang ada.")
        return redirect("summary", unit_code, year)
    try:
        changed = assessments.change_assessment(
            Actor.of(request), assessment, target=target, purpose=purpose
        )
    except workflow.Locked as locked:
        messages.error(request, str(locked))
    else:
        if changed:
            messages.success(
                request, f"Sasaran {target.value}, tujuan {purpose.label.lower()} tersimpan."
            )
    return redirect("summary", unit_code, year)
