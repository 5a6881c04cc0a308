from django.urls import path

from camket.web.staff.improvement.reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.review_list, name="list"),
    path("them/", views.prepare, name="prepare"),
    path("ke-hoach-iso-<int:year>.<slug:file_format>", views.year_plan_file, name="year_plan_file"),
    path("<int:review_id>/", views.review, name="review"),
    path("<int:review_id>/sua/", views.edit, name="edit"),
    path("<int:review_id>/tap-hop/", views.gather, name="gather"),
    path("<int:review_id>/dau-vao/<slug:input_key>/", views.consider, name="consider"),
    path("<int:review_id>/trieu-tap/", views.convene, name="convene"),
    path("<int:review_id>/huy/", views.cancel, name="cancel"),
    path("<int:review_id>/thanh-phan/", views.attendance, name="attendance"),
    path("<int:review_id>/ket-luan/", views.conclude, name="conclude"),
    path("<int:review_id>/quyet-dinh/them/", views.decision_add, name="decision_add"),
    path("<int:review_id>/quyet-dinh/<int:decision_id>/", views.decision_edit, name="decision_edit"),
    path("<int:review_id>/quyet-dinh/<int:decision_id>/bo/", views.decision_drop, name="decision_drop"),
    path("<int:review_id>/ket-thuc/", views.close, name="close"),
    path("<int:review_id>/<slug:review_paper>.<slug:file_format>", views.paper, name="paper"),
]
