"""The one view of this floor."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zi_portal.ui.theme import COOKIE, THEMES

_YEAR = 365 * 24 * 60 * 60  # seconds


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Stores the posted `theme` (terang, gelap; anything else forgets it) and goes back to `next`.

    It is no data of the portal: nothing but a cookie of this browser changes.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            COOKIE, theme, max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


# As accounts.access.public declares it; that floor lies above this one.
set_theme.access = "public"  # type: ignore[attr-defined]
