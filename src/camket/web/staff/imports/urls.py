from django.urls import path

from camket.web.staff.imports import columns, refused, software, views

app_name = "imports"
urlpatterns = [
    path("", views.batch_list, name="batch_list"),
    path("tep/", views.upload, name="upload"),
    path("phan-mem/", software.software_list, name="software_list"),
    path("phan-mem/<int:software_id>/", software.software_edit, name="software_edit"),
    path("phan-mem/<int:software_id>/bo/", software.software_set_aside, name="software_set_aside"),
    path("phan-mem/<int:software_id>/dung-lai/", software.software_take_up, name="software_take_up"),
    path("<int:batch_id>/", views.batch, name="batch"),
    path("<int:batch_id>/cot/", columns.columns, name="columns"),
    path("<int:batch_id>/bat-dau/", views.start, name="start"),
    path("<int:batch_id>/bo/", views.discard, name="discard"),
    path("<int:batch_id>/hoan-tac/", views.undo, name="undo"),
    path("<int:batch_id>/xoa-tep/", views.drop_file, name="drop_file"),
    path("<int:batch_id>/loi/", refused.refused, name="refused"),
    path("<int:batch_id>/loi/tu/", refused.mend_words, name="mend_words"),
    path("<int:batch_id>/loi/tep/", refused.refused_sheet, name="refused_sheet"),
    path("loi/<int:row_id>/", refused.row_mend, name="row_mend"),
    path("loi/<int:row_id>/bo-qua/", refused.row_drop, name="row_drop"),
]
