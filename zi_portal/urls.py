"""Every address of the portal. Indonesian, because people read and send them."""

from django.contrib import admin
from django.urls import include, path

from zi_portal import views

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path("akun/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("zi_portal.ui.urls")),
    path("", include("assessment.urls")),
    path("", include("reports.urls")),
]

handler403 = "zi_portal.views.forbidden"
