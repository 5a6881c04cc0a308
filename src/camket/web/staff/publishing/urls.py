from django.urls import path

from camket.web.staff.publishing import views

app_name = "publishing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("trang/", views.page_edit, name="page_edit"),
    path("trang/mo/", views.page_open, name="page_open"),
    path("trang/dong/", views.page_close, name="page_close"),
    path("chuan-bi/", views.prepare, name="prepare"),
    path("<int:publication_id>/", views.publication, name="publication"),
    path("<int:publication_id>/xem-truoc/", views.preview, name="preview"),
    path("<int:publication_id>/chuan-bi-lai/", views.prepare_again, name="prepare_again"),
    path("<int:publication_id>/trinh/", views.submit, name="submit"),
    path("<int:publication_id>/tra-lai/", views.send_back, name="send_back"),
    path("<int:publication_id>/cong-khai/", views.publish, name="publish"),
    path("<int:publication_id>/thu-hoi/", views.withdraw, name="withdraw"),
    path("<int:publication_id>/bo/", views.discard, name="discard"),
]
