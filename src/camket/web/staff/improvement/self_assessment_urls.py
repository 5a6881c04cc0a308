from django.urls import path

from camket.web.staff.improvement import self_assessments

app_name = "self_assessments"
urlpatterns = [
    path("", self_assessments.assessment_list, name="list"),
    path("bat-dau/", self_assessments.begin, name="begin"),
    path("<int:assessment_id>/", self_assessments.assessment, name="assessment"),
    path("<int:assessment_id>/chi-so/<str:indicator>/", self_assessments.mark, name="mark"),
    path("<int:assessment_id>/ten-goi/<str:indicator>/", self_assessments.word, name="word"),
    path("<int:assessment_id>/ket-thuc/", self_assessments.close, name="close"),
    path("<int:assessment_id>/bo/", self_assessments.discard, name="discard"),
    path("<int:assessment_id>/bao-cao.<slug:file_format>", self_assessments.paper, name="paper"),
]
