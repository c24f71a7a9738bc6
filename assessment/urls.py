"""Addresses of this floor."""

from django.urls import path

from assessment.views import filling

urlpatterns = [
    path("lke/<str:unit_code>/<int:year>/isi/", filling.start, name="filling_start"),
    path("lke/<str:unit_code>/<int:year>/isi/butir/<str:code>/", filling.card, name="filling_card"),
    path(
        "lke/<str:unit_code>/<int:year>/isi/butir/<str:code>/simpan/",
        filling.save_answer,
        name="save_answer",
    ),
    path("lke/<str:unit_code>/<int:year>/isi/<str:area>/", filling.area, name="filling"),
]
