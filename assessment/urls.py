"""Addresses of this floor."""

from django.urls import path

from assessment.views import exporting, filling, finding, history, home, importing, summary, years

urlpatterns = [
    path("", home.home, name="home"),
    path("lke/<unit:unit_code>/<int:year>/", summary.assessment, name="assessment"),
    path("lke/<unit:unit_code>/<int:year>/mulai/", home.open_assessment, name="open_assessment"),
    path("lke/<unit:unit_code>/<int:year>/ringkasan/", summary.summary, name="summary"),
    path("lke/<unit:unit_code>/<int:year>/ringkasan/<str:code>/", summary.explain, name="explain"),
    path("lke/<unit:unit_code>/<int:year>/riwayat/", history.history_page, name="history"),
    path("lke/<unit:unit_code>/<int:year>/isi/", filling.start, name="filling_start"),
    path(
        "lke/<unit:unit_code>/<int:year>/isi/butir/<str:code>/", filling.card, name="filling_card"
    ),
    path(
        "lke/<unit:unit_code>/<int:year>/isi/butir/<str:code>/simpan/",
        filling.save_answer,
        name="save_answer",
    ),
    path("lke/<unit:unit_code>/<int:year>/isi/cari/", finding.searched, name="filling_search"),
    path(
        "lke/<unit:unit_code>/<int:year>/isi/saring/<str:kind>/",
        finding.filtered,
        name="filling_filtered",
    ),
    path("lke/<unit:unit_code>/<int:year>/isi/<str:area>/", filling.area, name="filling"),
    path("lke/<unit:unit_code>/<int:year>/ekspor/", exporting.export, name="export_lke"),
    path("lke/<unit:unit_code>/<int:year>/salin/", years.copy_last_year, name="copy_last_year"),
    path(
        "lke/<unit:unit_code>/<int:year>/sasaran/",
        years.change_assessment,
        name="change_assessment",
    ),
    path("lke/<unit:unit_code>/<int:year>/impor/", importing.upload, name="import_workbook"),
    path(
        "lke/<unit:unit_code>/<int:year>/impor/<uuid:identity>/",
        importing.preview,
        name="import_preview",
    ),
]
