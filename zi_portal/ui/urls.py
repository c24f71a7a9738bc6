"""Addresses of this floor."""

from django.urls import path

from zi_portal.ui import views

urlpatterns = [path("tampilan/", views.set_theme, name="set_theme")]
