"""Middleware of the project."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class SignInRequired(LoginRequiredMiddleware):
    """Every view needs an account unless it says otherwise.

    A fragment asked for by htmx gets 401 instead of the sign-in page, which would otherwise land
    inside a card: the page then says that the session has ended and keeps what was typed.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseBase:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
