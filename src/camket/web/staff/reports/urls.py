from django.urls import path

from camket.web.staff.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("lap/", views.draft_report, name="draft_report"),
    path("<int:report_id>/", views.report_detail, name="report_detail"),
    path("<int:report_id>/thay-doi/", views.report_changes, name="report_changes"),
    path("<int:report_id>/nhan-xet/", views.write_remarks, name="write_remarks"),
    path("<int:report_id>/ban-in/", views.preview, name="preview"),
    path("<int:report_id>/ban-hanh/", views.issue_report, name="issue_report"),
    path("<int:report_id>/dinh-chinh/", views.correct_report, name="correct_report"),
    path("<int:report_id>/huy/", views.discard_report, name="discard_report"),
    path("<int:report_id>/tai-ve.<str:file_format>", views.download, name="download"),
    path("van-ban-ke-hoach/<int:plan_id>/", views.decision_document, name="decision_document"),
    path(
        "van-ban-ke-hoach/<int:plan_id>/<str:layout>/ban-in/", views.decision_preview, name="decision_preview"
    ),
    path(
        "van-ban-ke-hoach/<int:plan_id>/<str:layout>.<str:file_format>",
        views.decision_file,
        name="decision_file",
    ),
]
