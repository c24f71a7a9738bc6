"""Pages that belong to no floor: the health address and refusals."""

from django.core.files.storage import default_storage
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Says whether database and storage answer, and nothing else."""
    checks = {"database": _database_answers(), "storage": _storage_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _storage_answers() -> bool:
    try:
        default_storage.exists("sehat")
    except OSError:
        return False
    return True


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A refusal in the portal's frame; the reason only when we worded it ourselves."""
    reason = str(exception) if exception and str(exception) else ""
    return render(request, "403.html", {"reason": reason}, status=403)
