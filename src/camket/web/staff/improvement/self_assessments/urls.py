from django.urls import path

from camket.web.staff.improvement.self_assessments import views

app_name = "self_assessments"
urlpatterns = [
    path("", views.assessment_list, name="list"),
    path("bat-dau/", views.begin, name="begin"),
    path("<int:assessment_id>/", views.assessment, name="assessment"),
    path("<int:assessment_id>/chi-so/<str:indicator>/", views.mark, name="mark"),
    path("<int:assessment_id>/ten-goi/<str:indicator>/", views.word, name="word"),
    path("<int:assessment_id>/ket-thuc/", views.close, name="close"),
    path("<int:assessment_id>/bo/", views.discard, name="discard"),
    path("<int:assessment_id>/bao-cao.<slug:file_format>", views.paper, name="paper"),
]
