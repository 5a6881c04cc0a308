from django.urls import path

from camket.web.staff.improvement.announcements import views

app_name = "announcements"
urlpatterns = [
    path("", views.overview, name="list"),
    path("chuan-bi/", views.prepare, name="prepare"),
    path("<int:announcement_id>/", views.announcement, name="announcement"),
    path("<int:announcement_id>/sua/", views.edit, name="edit"),
    path("<int:announcement_id>/bo/", views.discard, name="discard"),
    path("<int:announcement_id>/trinh/", views.ask, name="ask"),
    path("<int:announcement_id>/xac-nhan/", views.confirm, name="confirm"),
    path("<int:announcement_id>/tra-lai/", views.send_back, name="send_back"),
    path("<int:announcement_id>/ban-hanh/", views.announce, name="announce"),
    path("<int:announcement_id>/da-ky/", views.record_signed, name="record_signed"),
    path("<int:announcement_id>/rut/", views.withdraw, name="withdraw"),
    path("<int:announcement_id>/<slug:announcement_paper>.<slug:file_format>", views.paper, name="paper"),
]
