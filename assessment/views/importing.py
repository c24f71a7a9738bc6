"""Bringing an LKE workbook in: upload → preview → confirm."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import permits
from accounts.models import User
from accounts.policy import Action
from accounts.trail import Actor
from assessment import catalogue, importing, selectors, workflow
from assessment.answering import InvalidAnswer, Result
from assessment.importing import Group, Preview, Source
from assessment.models import Assessment, PendingImport, Stage
from assessment.values import lower_first
from assessment.workbook.guard import FILE_LIMIT, TOO_LARGE, WorkbookRefused
from assessment.workbook.parsed import parse
from zi_portal.ui import numbers

MEBI = 1024 * 1024
FORM_OVERHEAD = 64 * 1024
"""What the rest of a posted form takes beside the file."""
NO_FILE = "Pilih dahulu berkas LKE (.xlsx)."
SCORES = {Stage.UNIT: "Nilai mandiri", Stage.TPI: "Nilai TPI"}
GONE = "Pratinjau itu sudah diterapkan atau sudah lebih dari satu hari; unggah lagi berkasnya."


@permits(Action.FILL, Action.EVALUATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # what is too large is refused before it is read; `_receive` checks the token
def upload(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Choose a file; a good one is read and shown, and nothing is written yet."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    importing.stage_of(_person(request), assessment)
    if request.method != "POST":
        return _upload_page(request, assessment)
    if int(request.META.get("CONTENT_LENGTH") or 0) > FILE_LIMIT + FORM_OVERHEAD:
        return _upload_page(request, assessment, TOO_LARGE, status=413)
    response: HttpResponse = _receive(request, assessment)
    return response


@csrf_protect
def _receive(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    stage = importing.stage_of(_person(request), assessment)
    if reason := workflow.locked_reason(assessment, stage):
        return _upload_page(request, assessment, reason, status=409)
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, assessment, NO_FILE, status=422)
    data = file.read()
    try:
        parsed = parse(catalogue.compiled(assessment.period.instrument), data, stage.value)
    except WorkbookRefused as refused:
        return _upload_page(request, assessment, str(refused), status=422)
    source = Source.of(file.name or "", data)
    pending = importing.keep(_person(request), assessment, stage, parsed, source)
    return _to_preview(assessment, pending)


@permits(Action.FILL, Action.EVALUATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, unit_code: str, year: int, identity: uuid.UUID) -> HttpResponse:
    """What the kept workbook would change; a post applies just that, or takes the answers that
    were changed meanwhile for seen (`action` = refresh)."""
    assessment = selectors.get_assessment(request.user, unit_code, year)
    importing.stage_of(_person(request), assessment)
    pending = importing.kept(_person(request), assessment, identity)
    if request.method != "POST":
        if pending is None:
            raise Http404
        return _preview_page(request, assessment, pending)
    if pending is None:
        # A second click on the button arrives after the first one has been done.
        messages.info(request, GONE)
        return _to_summary(assessment)
    if request.POST.get("action") == "refresh":
        importing.accept_current(pending, assessment)
        return _to_preview(assessment, pending)
    return _apply(request, assessment, pending)


def _apply(request: HttpRequest, assessment: Assessment, pending: PendingImport) -> HttpResponse:
    found = importing.preview_kept(pending, assessment, _person(request))
    source = Source(pending.name, pending.sha256)
    stage = Stage(pending.stage)
    try:
        recorded = importing.apply(Actor.of(request), assessment, stage, found, source)
    except (workflow.Locked, InvalidAnswer) as error:
        reason = f"Tidak ada yang diterapkan. {_sentence(error)}"
        return _preview_page(request, assessment, pending, reason, status=409)
    conflicts = found.counts[Group.CONFLICT]
    conflicts += sum(outcome.result is Result.CONFLICT for outcome in recorded.outcomes)
    if conflicts:
        messages.success(request, f"{recorded.saved} jawaban diterapkan.")
        return _to_preview(assessment, pending)
    pending.delete()
    total = numbers.points(recorded.sheets[stage].total)
    what = lower_first(SCORES[stage])
    messages.success(
        request, f"{recorded.saved} jawaban diterapkan dari {pending.name}; {what} {total}."
    )
    return _to_summary(assessment)


def _sentence(error: Exception) -> str:
    """Why nothing was applied: the state, or a rule that answers given meanwhile made break."""
    if isinstance(error, InvalidAnswer):
        code, _, message = error.problems[0]
        return f"Butir {code} berubah setelah pratinjau: {message}"
    return str(error)


# ── pages ───────────────────────────────────────────────────────────────────
def _upload_page(
    request: HttpRequest, assessment: Assessment, error: str = "", *, status: int = 200
) -> HttpResponse:
    stage = importing.stage_of(_person(request), assessment)
    context = {
        "assessment": assessment,
        "stage": stage,
        "locked": workflow.locked_reason(assessment, stage),
        "error": error,
        "limit": FILE_LIMIT // MEBI,
    }
    return render(request, "assessment/importing/upload.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    assessment: Assessment,
    pending: PendingImport,
    error: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    found = importing.preview_kept(pending, assessment, _person(request))
    context = {
        "assessment": assessment,
        "pending": pending,
        "preview": found,
        "groups": {group.value: found.group(group) for group in Group},
        "changed_values": [each for each in found.group(Group.CHANGED) if each.has_value],
        "changed_notes": [each for each in found.group(Group.CHANGED) if not each.has_value],
        "tally": _tally(found),
        "score_name": SCORES[found.stage],
        "locked": workflow.locked_reason(assessment, found.stage),
        "error": error,
    }
    return render(request, "assessment/importing/preview.html", context, status=status)


_WORDS = {
    Group.NEW: "Baru",
    Group.CHANGED: "Berubah",
    Group.UNCHANGED: "Sama",
    Group.NEWER: "Lebih baru di portal",
    Group.BLANK: "Kosong di berkas",
    Group.UNREADABLE: "Tidak terbaca",
    Group.OUTSIDE: "Di luar pokja",
    Group.CONFLICT: "Bentrok",
}
_ALWAYS = {Group.NEW, Group.CHANGED, Group.UNCHANGED, Group.BLANK, Group.UNREADABLE}


def _tally(found: Preview) -> list[tuple[str, int]]:
    """The counts of the groups; what is rare is shown only when it occurs."""
    return [
        (word, found.counts[group])
        for group, word in _WORDS.items()
        if group in _ALWAYS or found.counts[group]
    ]


def _person(request: HttpRequest) -> User:
    """The signed-in person; the getter of the assessment has let nobody else pass."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _to_preview(assessment: Assessment, pending: PendingImport) -> HttpResponseRedirect:
    return redirect("import_preview", assessment.unit.code, assessment.period.year, pending.uuid)


def _to_summary(assessment: Assessment) -> HttpResponseRedirect:
    return redirect("summary", assessment.unit.code, assessment.period.year)
