"""Taking an LKE workbook home."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.access import permits
from accounts.policy import Action
from accounts.trail import Actor
from assessment import exporting, selectors


@permits(Action.VIEW, Action.VIEW_SUBMITTED)
@require_safe
def export(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """The assessment as a workbook, with what the person may see of it. A request for the head
    alone leaves no entry in the trail (model.md)."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    stages = exporting.stages_for(request.user, assessment)
    content = exporting.workbook(assessment, stages)
    if request.method == "GET":
        exporting.record_download(Actor.of(request), assessment, stages)
    name = exporting.file_name(assessment)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=exporting.CONTENT_TYPE, headers=headers)
