from django.urls import path

from camket.web.staff.documents import legal

app_name = "legal"
urlpatterns = [
    path("", legal.text_list, name="list"),
    path("danh-muc.<slug:ending>", legal.list_file, name="list_file"),
    path("nhap/", legal.bring_in, name="bring_in"),
    path("them/", legal.text_add, name="add"),
    path("<int:legal_text_id>/", legal.text, name="text"),
    path("<int:legal_text_id>/sua/", legal.text_edit, name="edit"),
    path("<int:legal_text_id>/thay-doi/", legal.note_change, name="note_change"),
    path("ra-soat/<int:change_review_id>/khong-can/", legal.not_needed, name="not_needed"),
]
