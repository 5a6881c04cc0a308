"""Addresses of surveys: questionnaires, surveys, points, what is printed."""

from django.urls import path

from camket.web.staff.surveys import questionnaires, views

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("them/", views.survey_add, name="survey_add"),
    path("bo-cau-hoi/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("bo-cau-hoi/them/", questionnaires.questionnaire_add, name="questionnaire_add"),
    path("bo-cau-hoi/<int:questionnaire_id>/", questionnaires.questionnaire, name="questionnaire"),
    path("bo-cau-hoi/<int:questionnaire_id>/ban-moi/", questionnaires.edition_begin, name="edition_begin"),
    path("bo-cau-hoi/<int:questionnaire_id>/dung/", questionnaires.edition_publish, name="edition_publish"),
    path("bo-cau-hoi/<int:questionnaire_id>/bo-nhap/", questionnaires.draft_discard, name="draft_discard"),
    path("bo-cau-hoi/<int:questionnaire_id>/loi/", questionnaires.words_edit, name="words_edit"),
    path("bo-cau-hoi/<int:questionnaire_id>/ngon-ngu/", questionnaires.languages_edit, name="languages_edit"),
    path("bo-cau-hoi/<int:questionnaire_id>/yeu-to/", questionnaires.factors_edit, name="factors_edit"),
    path("bo-cau-hoi/<int:questionnaire_id>/cau/them/", questionnaires.question_add, name="question_add"),
    path(
        "bo-cau-hoi/<int:questionnaire_id>/cau/<slug:key>/",
        questionnaires.question_edit,
        name="question_edit",
    ),
    path(
        "bo-cau-hoi/<int:questionnaire_id>/cau/<slug:key>/chuyen/",
        questionnaires.question_move,
        name="question_move",
    ),
    path(
        "bo-cau-hoi/<int:questionnaire_id>/cau/<slug:key>/bo/",
        questionnaires.question_remove,
        name="question_remove",
    ),
    path("bo-cau-hoi/<int:questionnaire_id>/ban/<int:number>/", questionnaires.edition, name="edition"),
    path("<int:survey_id>/", views.survey, name="survey"),
    path("<int:survey_id>/sua/", views.survey_edit, name="survey_edit"),
    path("<int:survey_id>/mo/", views.survey_open, name="survey_open"),
    path("<int:survey_id>/dong/", views.survey_close, name="survey_close"),
    path("<int:survey_id>/dia-chi-moi/", views.links_renew, name="links_renew"),
    path("<int:survey_id>/da-phat/", views.handout_note, name="handout_note"),
    path("<int:survey_id>/phieu-giay/", views.paper_form, name="paper_form"),
    path("<int:survey_id>/phieu/", views.slips, name="slips"),
    path("<int:survey_id>/phieu-hen/", views.dossier_slips, name="dossier_slips"),
    path(
        "<int:survey_id>/phieu-hen/<int:per_page>.pdf",
        views.dossier_slips_printed,
        name="dossier_slips_printed",
    ),
    path("phieu/<int:handout_id>/<int:per_page>.pdf", views.slips_printed, name="slips_printed"),
    path("<int:survey_id>/diem/them/", views.point_add, name="point_add"),
    path("diem/<int:point_id>/", views.point, name="point"),
    path("diem/<int:point_id>/sua/", views.point_edit, name="point_edit"),
    path("diem/<int:point_id>/vong-moi/", views.point_renew, name="point_renew"),
    path("diem/<int:point_id>/dung/", views.point_switch, name="point_switch"),
    path("diem/<int:point_id>/ap-phich-<slug:paper>.pdf", views.poster, name="poster"),
]
