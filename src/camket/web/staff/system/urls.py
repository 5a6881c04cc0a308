from django.urls import path

from camket.web.staff.system import jobs

app_name = "system"
urlpatterns = [
    path("viec-dinh-ky/", jobs.jobs, name="jobs"),
    path("viec-dinh-ky/<str:job>/chay/", jobs.job_run, name="job_run"),
]
