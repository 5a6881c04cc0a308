from django.urls import path

from camket.web.staff.improvement import reviews

app_name = "reviews"
urlpatterns = [
    path("", reviews.review_list, name="list"),
    path("them/", reviews.prepare, name="prepare"),
    path("<int:review_id>/", reviews.review, name="review"),
    path("<int:review_id>/sua/", reviews.edit, name="edit"),
    path("<int:review_id>/tap-hop/", reviews.gather, name="gather"),
    path("<int:review_id>/dau-vao/<slug:input_key>/", reviews.consider, name="consider"),
    path("<int:review_id>/trieu-tap/", reviews.convene, name="convene"),
    path("<int:review_id>/huy/", reviews.cancel, name="cancel"),
    path("<int:review_id>/thanh-phan/", reviews.attendance, name="attendance"),
    path("<int:review_id>/ket-luan/", reviews.conclude, name="conclude"),
    path("<int:review_id>/quyet-dinh/them/", reviews.decision_add, name="decision_add"),
    path("<int:review_id>/quyet-dinh/<int:decision_id>/", reviews.decision_edit, name="decision_edit"),
    path("<int:review_id>/quyet-dinh/<int:decision_id>/bo/", reviews.decision_drop, name="decision_drop"),
    path("<int:review_id>/ket-thuc/", reviews.close, name="close"),
    path("<int:review_id>/<slug:review_paper>.<slug:file_format>", reviews.paper, name="paper"),
]
