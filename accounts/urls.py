"""Sign-in and one's own account. Sign-up, e-mail and provider pages are not offered."""

from allauth.account import views
from django.urls import path, re_path

from accounts.access import public, signed_in
from accounts.views import session

urlpatterns = [
    path("masuk/", public(views.login), name="account_login"),
    path("keluar/", public(views.logout), name="account_logout"),
    path("sesi/", session, name="session"),
    path("nonaktif/", public(views.account_inactive), name="account_inactive"),
    path("konfirmasi/", signed_in(views.reauthenticate), name="account_reauthenticate"),
    path("sandi/", signed_in(views.password_change), name="account_change_password"),
    path("sandi/atur/", signed_in(views.password_set), name="account_set_password"),
    path("sandi/lupa/", public(views.password_reset), name="account_reset_password"),
    path(
        "sandi/lupa/terkirim/",
        public(views.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "sandi/lupa/selesai/",
        public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    # The key holds a hyphen itself: the account's part must not reach into it.
    re_path(
        r"^sandi/lupa/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
