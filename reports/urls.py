"""Addresses of this floor."""

from django.urls import path

from reports import views

urlpatterns = [
    path("laporan/", views.report_list, name="reports"),
    path("laporan/<uuid:report_uuid>/", views.report, name="report"),
    path("laporan/<uuid:report_uuid>/unduh/", views.report_file, name="report_file"),
    path("laporan/pekerjaan/<uuid:job_uuid>/", views.job, name="job"),
    path("laporan/pekerjaan/<uuid:job_uuid>/batal/", views.cancel_job, name="cancel_job"),
    path("lke/<unit:unit_code>/<int:year>/laporan/", views.make_report, name="make_report"),
]
