from django.urls import path

from camket.web.staff.system import agencies, jobs, outbox

app_name = "system"
urlpatterns = [
    path("co-quan/", agencies.agencies, name="agencies"),
    path("co-quan/them/", agencies.agency_add, name="agency_add"),
    path("co-quan/nhap/", agencies.agency_import, name="agency_import"),
    path("co-quan/ke-thua/", agencies.succession, name="succession"),
    path(
        "co-quan/ke-thua/<int:succession_id>/huy/", agencies.succession_withdraw, name="succession_withdraw"
    ),
    path("co-quan/ma/<int:code_id>/ket-thuc/", agencies.code_end, name="code_end"),
    path("co-quan/<int:agency_id>/", agencies.agency, name="agency"),
    path("co-quan/<int:agency_id>/sua/", agencies.agency_edit, name="agency_edit"),
    path("co-quan/<int:agency_id>/doi-ten/", agencies.agency_rename, name="agency_rename"),
    path("co-quan/<int:agency_id>/ket-thuc/", agencies.agency_end, name="agency_end"),
    path("co-quan/<int:agency_id>/mo-lai/", agencies.agency_reopen, name="agency_reopen"),
    path("co-quan/<int:agency_id>/ma/", agencies.code_add, name="code_add"),
    path("co-quan/<int:agency_id>/mat-khau/", agencies.way_back, name="way_back"),
    path("viec-dinh-ky/", jobs.jobs, name="jobs"),
    path("thu-dien-tu/", outbox.outbox, name="outbox"),
    path("thu-dien-tu/gui-lai/", outbox.send_again, name="outbox_again"),
    path("viec-dinh-ky/<str:job>/chay/", jobs.job_run, name="job_run"),
]
