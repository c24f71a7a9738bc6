"""Views of accounts that allauth does not bring."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public


@public
@never_cache
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Whose session this is ("" for nobody's), with a token for its forms.

    A page that stayed open asks this when a save was refused: it signs in in place, and never
    saves under another person's name what this one typed.
    """
    person = str(request.user.uuid) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "token": get_token(request)})
