from django.urls import path

from camket.web.staff.improvement.risks import views

app_name = "risks"
urlpatterns = [
    path("", views.risk_list, name="list"),
    path("so.<slug:ending>", views.book_file, name="book_file"),
    path("tim/", views.look, name="look"),
    path("them/", views.add, name="add"),
    path("de-xuat/", views.suggest, name="suggest"),
    path("thang-diem/", views.scale, name="scale"),
    path("boi-canh/", views.context_list, name="context"),
    path("boi-canh/them/", views.issue_add, name="issue_add"),
    path("boi-canh/<int:issue_id>/", views.issue_edit, name="issue_edit"),
    path("boi-canh/<int:issue_id>/ket-thuc/", views.issue_end, name="issue_end"),
    path("<int:risk_id>/", views.page, name="page"),
    path("<int:risk_id>/sua/", views.edit, name="edit"),
    path("<int:risk_id>/danh-gia/", views.rate, name="rate"),
    path("<int:risk_id>/viec/", views.treat, name="treat"),
    path("<int:risk_id>/theo-doi/", views.take_up, name="take_up"),
    path("<int:risk_id>/bo-qua/", views.dismiss, name="dismiss"),
    path("<int:risk_id>/ket-thuc/", views.end, name="end"),
]
