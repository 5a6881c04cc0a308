from django.urls import path

from camket.web.staff.improvement.nonconformities import views

app_name = "nonconformities"
urlpatterns = [
    path("", views.nonconformity_list, name="list"),
    path("so.<slug:ending>", views.book_file, name="book_file"),
    path("tim/", views.look, name="look"),
    path("them/", views.add, name="add"),
    path("<int:nonconformity_id>/", views.page, name="page"),
    path("<int:nonconformity_id>/phieu.<slug:file_format>", views.request_file, name="request_file"),
    path("<int:nonconformity_id>/sua/", views.edit, name="edit"),
    path("<int:nonconformity_id>/khac-phuc-ngay/", views.correct, name="correct"),
    path("<int:nonconformity_id>/nguyen-nhan/", views.analyse, name="analyse"),
    path("<int:nonconformity_id>/viec/them/", views.step_add, name="step_add"),
    path("<int:nonconformity_id>/viec/<int:step_id>/sua/", views.step_edit, name="step_edit"),
    path("<int:nonconformity_id>/viec/<int:step_id>/bo/", views.step_drop, name="step_drop"),
    path("<int:nonconformity_id>/tiep-nhan/", views.take_up, name="take_up"),
    path("<int:nonconformity_id>/bo-qua/", views.dismiss, name="dismiss"),
    path("<int:nonconformity_id>/huy/", views.cancel, name="cancel"),
    path("<int:nonconformity_id>/trinh/", views.submit, name="submit"),
    path("<int:nonconformity_id>/tra-lai/", views.send_back, name="send_back"),
    path("<int:nonconformity_id>/phe-duyet/", views.approve, name="approve"),
    path("<int:nonconformity_id>/hieu-luc/", views.judge, name="judge"),
    path("<int:nonconformity_id>/mo-lai/", views.reopen, name="reopen"),
    path("<int:nonconformity_id>/bao-cao/", views.note_report, name="note_report"),
]
