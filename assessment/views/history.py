"""Who changed what in an assessment, newest first."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import permits
from accounts.policy import Action
from assessment import catalogue, history, selectors
from assessment.models import Stage

PER_PAGE = 50


@permits(Action.TRAIL)
@never_cache
@require_safe
def history_page(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """The trail of an assessment, or of one indicator (`butir`), filtered by `orang` and `jenis`.

    What TPI did is left out until its values may be seen.
    """
    assessment = selectors.get_assessment(request.user, unit_code, year, Action.TRAIL)
    instrument = catalogue.compiled(assessment.period.instrument)
    code = request.GET.get("butir", "")
    if code and code not in instrument.indicators:
        raise Http404
    person, kind = request.GET.get("orang", ""), request.GET.get("jenis", "")
    with_tpi = Stage.TPI in selectors.visible_stages(request.user, assessment)
    found = history.groups(assessment, with_tpi=with_tpi, code=code)
    page = Paginator(history.by(found, person=person, kind=kind), PER_PAGE).get_page(
        request.GET.get("halaman")
    )
    asked = {"butir": code, "orang": person, "jenis": kind}
    return render(
        request,
        "assessment/history/history.html",
        {
            "assessment": assessment,
            "indicator": instrument.indicators.get(code),
            "page": page,
            "days": history.by_day(
                history.lines(assessment, instrument, list(page.object_list), with_tpi=with_tpi)
            ),
            "slug": code.replace(".", "-"),
            "people": history.people(found),
            "kinds": history.kinds(found),
            "person": person,
            "kind": kind,
            "query": urlencode({name: value for name, value in asked.items() if value}),
        },
    )
