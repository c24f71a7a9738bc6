"""Middleware of the project."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class SignInRequired(LoginRequiredMiddleware):
    """Every view needs an account unless it says otherwise.

    A fragment asked for by htmx gets 401 instead of the sign-in page, which would otherwise land
    inside a card: the page then says that the session has ended and keeps what was typed. A form
    that was sent leads back, after signing in, to the page it stands on: its own address takes no
    visit.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        to_sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        if to_sign_in is not None and request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        if to_sign_in is not None and request.method not in ("GET", "HEAD"):
            return redirect_to_login(_page_of_the_form(request), settings.LOGIN_URL)
        return to_sign_in


def _page_of_the_form(request: HttpRequest) -> str:
    """The page of ours from which a form was sent, else the first page."""
    sent_from = urlsplit(request.headers.get("Referer", ""))
    return sent_from.path if sent_from.netloc == request.get_host() else "/"


class ClientAddress:
    """Takes the person's address from our own proxy, which adds it last to X-Forwarded-For.

    Installed only with BEHIND_PROXY: anybody else could write what they like into that header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if address := request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip():
            request.META["REMOTE_ADDR"] = address
        return self._get_response(request)
