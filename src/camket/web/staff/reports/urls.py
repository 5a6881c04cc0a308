from django.urls import path

from camket.web.staff.reports import calendar, parts, views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("lich/", calendar.report_calendar, name="report_calendar"),
    path("lich/<int:occurrence_id>/", calendar.owed_report, name="owed_report"),
    path("lich/<int:occurrence_id>/lap/", calendar.begin_report, name="begin_report"),
    path("lich/<int:occurrence_id>/da-gui/", calendar.note_sent, name="note_sent"),
    path("lich/<int:occurrence_id>/mo-lai/", calendar.reopen_report, name="reopen_report"),
    path("lich/danh-muc/", calendar.calendar_lines, name="calendar_lines"),
    path("lich/danh-muc/<int:calendar_id>/them/", calendar.add_line, name="add_line"),
    path("lich/dong/<int:line_id>/", calendar.edit_line, name="edit_line"),
    path("lich/dong/<int:line_id>/bo/", calendar.end_line, name="end_line"),
    path("lap/", views.draft_report, name="draft_report"),
    path("<int:report_id>/", views.report_detail, name="report_detail"),
    path("<int:report_id>/thay-doi/", views.report_changes, name="report_changes"),
    path("<int:report_id>/nhan-xet/", views.write_remarks, name="write_remarks"),
    path("<int:report_id>/soan-loi-van/", views.compose_sentences, name="compose_sentences"),
    path("<int:report_id>/ban-in/", views.preview, name="preview"),
    path("<int:report_id>/ban-hanh/", views.issue_report, name="issue_report"),
    path("<int:report_id>/trinh/", views.submit_report, name="submit_report"),
    path("<int:report_id>/phe-duyet/", views.approve_report, name="approve_report"),
    path("<int:report_id>/tra-lai/", views.return_report, name="return_report"),
    path("<int:report_id>/rut-ve/", views.take_back_report, name="take_back_report"),
    path("<int:report_id>/don-vi/", parts.ask_units, name="parts"),
    path("<int:report_id>/don-vi/nhac/", parts.remind_units, name="remind_units"),
    path("phan/<int:part_id>/", parts.part, name="part"),
    path("phan/<int:part_id>/dua-vao/", parts.take_part, name="take_part"),
    path("phan/<int:part_id>/tra-lai/", parts.return_part, name="return_part"),
    path("phan/<int:part_id>/thoi/", parts.withdraw_part, name="withdraw_part"),
    path("<int:report_id>/dinh-chinh/", views.correct_report, name="correct_report"),
    path("<int:report_id>/huy/", views.discard_report, name="discard_report"),
    path("<int:report_id>/ban-ky-so/", views.attach_signed, name="attach_signed"),
    path("<int:report_id>/ban-ky-so.pdf", views.signed_file, name="signed_file"),
    path("<int:report_id>/tai-ve.<str:file_format>", views.download, name="download"),
    path(
        "van-ban-ke-hoach/<int:plan_id>/to-trinh.<str:file_format>",
        views.submission_file,
        name="submission_file",
    ),
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
