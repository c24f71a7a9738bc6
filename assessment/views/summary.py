"""The verdict of an assessment, and how each of its figures was calculated."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import policy
from accounts.access import permits
from accounts.policy import Action
from assessment import calculation, presenting, progress, projecting, selectors, workflow
from assessment.models import Assessment, NationalResult, Purpose, Stage, Target
from assessment.selectors import Lke


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@require_safe
def assessment(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """An assessment's own address leads to its summary."""
    selectors.get_assessment(request.user, unit_code, year)
    return redirect("summary", unit_code, year)


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def summary(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Verdict, requirements, areas and sub-components; `sasaran` chooses the target judged by.

    `ipak` and `ipkp` are survey indices to be assumed for a projection.
    """
    assessment = selectors.get_assessment(request.user, unit_code, year)
    lke = selectors.load_lke(assessment)
    stages = selectors.visible_stages(request.user, assessment)
    target = request.GET.get("sasaran", "")
    if target not in Target.values:
        target = assessment.target
    national = NationalResult.objects.filter(assessment=assessment).first()
    shown = presenting.summarise(lke, stages, target, national)
    way = progress.steps(assessment, progress.reached(assessment))
    return render(
        request,
        "assessment/summary/summary.html",
        {
            "assessment": assessment,
            "steps": way,
            "place": progress.place(way),
            "summary": shown,
            "projection": _projection(request, lke, presenting.leading_stage(lke, stages), target),
            "may_fill": _may_fill(request, assessment),
            "may_choose_aims": workflow.aims_locked_reason(assessment.state) is None
            and policy.can(request.user, Action.OPEN, assessment),
            "targets": Target.choices,
            "purposes": Purpose.choices,
            "may_report": policy.can(request.user, Action.REPORT, assessment),
        },
    )


def _projection(
    request: HttpRequest, lke: Lke, lead: Stage, target: str
) -> projecting.Projection | None:
    """What would be with assumed indices, where there is something to assume."""
    if not projecting.is_offered(lke, lead):
        return None
    return projecting.project(lke, lead, target, request.GET.dict())


def _may_fill(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether filling is what this person can do next: by role and by state."""
    return (
        policy.can(request.user, Action.FILL, assessment)
        and workflow.locked_reason(assessment, Stage.UNIT) is None
    )


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@never_cache
@require_safe
def explain(request: HttpRequest, unit_code: str, year: int, code: str) -> HttpResponse:
    """How one figure was calculated; `tahap` chooses the stage. For htmx the panel alone."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    stages = selectors.visible_stages(request.user, assessment)
    asked = request.GET.get("tahap") or Stage.UNIT.value
    if asked not in stages:
        raise Http404
    lke = selectors.load_lke(assessment)
    try:
        shown = calculation.calculate(lke, Stage(asked), code)
    except KeyError:
        raise Http404 from None
    template = "panel" if request.headers.get("HX-Request") else "explain"
    return render(
        request,
        f"assessment/summary/{template}.html",
        {
            "assessment": assessment,
            "calculation": shown,
            "stages": [(stage.value, calculation.STAGE_LABELS[stage]) for stage in stages],
        },
    )
