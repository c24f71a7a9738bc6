"""Puts the portal's own site in the place of Django's admin."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default = False
    default_site = "accounts.admin_site.PortalAdminSite"
