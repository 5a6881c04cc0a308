"""Addresses of feedback."""

from django.urls import path

from camket.web.staff.feedback import acts, intake, views

app_name = "feedback"
urlpatterns = [
    path("", views.work_list, name="work_list"),
    path("danh-sach/", views.feedback_list, name="list"),
    path("so/tai/<str:file_format>/", views.register, name="register"),
    path("thoi-han/", views.limits, name="limits"),
    path("them/", intake.receive, name="receive"),
    path("nhap/", intake.import_portal, name="import"),
    path("<int:feedback_id>/", views.detail, name="detail"),
    path("<int:feedback_id>/phieu/", views.receipt, name="receipt"),
    path("<int:feedback_id>/tep/<int:file_id>/", views.file, name="file"),
    path("<int:feedback_id>/van-ban/<str:file_format>/", views.letter, name="letter"),
    path("<int:feedback_id>/phan-loai/", acts.classify, name="classify"),
    path("<int:feedback_id>/giao/", acts.assign, name="assign"),
    path("<int:feedback_id>/gop/", acts.merge, name="merge"),
    path("<int:feedback_id>/chuyen/", acts.pass_on, name="pass_on"),
    path("<int:feedback_id>/khieu-nai-to-cao/", acts.route, name="route"),
    path("<int:feedback_id>/khong-thu-ly/", acts.set_aside, name="set_aside"),
    path("<int:feedback_id>/tra-loi/", acts.answer, name="answer"),
    path("<int:feedback_id>/duyet/", acts.approve, name="approve"),
    path("<int:feedback_id>/tra-lai/", acts.return_answer, name="return"),
    path("<int:feedback_id>/mo-lai/", acts.reopen, name="reopen"),
    path("<int:feedback_id>/da-gui/", acts.sent, name="sent"),
    path("<int:feedback_id>/ghi-chu/", acts.note, name="note"),
    path("<int:feedback_id>/cong-khai/", acts.publish, name="publish"),
    path("<int:feedback_id>/go-cong-khai/", acts.unpublish, name="unpublish"),
]
