"""The administration pages: Django's admin, opened by the policy and by nothing else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import policy
from accounts.policy import Action


class PortalAdminSite(admin.AdminSite):
    site_header = "Portal Zona Integritas"
    site_title = "Administrasi"
    index_title = "Administrasi"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return policy.can(request.user, Action.ADMINISTER, None)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign-in happens on the portal's own page; who is signed in lacks the role."""
        if request.user.is_authenticated:
            policy.require(request.user, Action.ADMINISTER, None)
        return redirect("account_login")


class PolicyAdmin(admin.ModelAdmin):
    """A ModelAdmin that asks the policy where Django would ask its permission tables."""

    def _may(self, request: HttpRequest) -> bool:
        return policy.can(request.user, Action.ADMINISTER, None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that the trail speaks of is deleted; it is deactivated."""
        return False
