from django.urls import path

from camket.web.staff.postings import lists, views

app_name = "postings"
urlpatterns = [
    path("", views.register, name="list"),
    path("so.<slug:ending>", views.register_file, name="register_file"),
    path("ghi/", views.post, name="post"),
    path("noi/", views.places, name="places"),
    path("noi/<int:place_id>/", views.place_edit, name="place_edit"),
    path("quy-dinh/", views.rules, name="rules"),
    path("danh-muc/", lists.lists, name="lists"),
    path("danh-muc/<int:year>/<int:quarter>/", lists.quarter_list, name="quarter_list"),
    path("danh-muc/<int:year>/<int:quarter>/du-thao.<slug:file_format>", lists.draft_file, name="draft_file"),
    path("danh-muc/<int:list_id>.<slug:file_format>", lists.list_file, name="list_file"),
    path("ap-phich/<int:publication_id>-<slug:paper>.pdf", lists.poster, name="poster"),
    path("<int:notice_id>/", views.notice, name="notice"),
    path("<int:notice_id>/minh-chung/", views.prove, name="prove"),
    path("<int:notice_id>/go/", views.take_down, name="take_down"),
    path("<int:notice_id>/gia-han/", views.renew, name="renew"),
    path("<int:notice_id>/sua/", views.correct, name="correct"),
    path("<int:notice_id>/huy/", views.cancel, name="cancel"),
]
