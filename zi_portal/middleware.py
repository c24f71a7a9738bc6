"""Middleware of the project."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class SignInRequired(LoginRequiredMiddleware):
    """Every view needs an account unless it says otherwise.

    A fragment asked for by htmx gets 401 instead of the sign-in page, which would otherwise land
    inside a card: the page then says that the session has ended and keeps what was typed.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        to_sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        if to_sign_in is not None and request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        return to_sign_in


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
