"""Addresses of dossiers, of letters on late ones, and of Biểu II.06a."""

from django.urls import path

from camket.web.staff.dossiers import form_06a, hours, letters, views

app_name = "dossiers"
urlpatterns = [
    path("", views.dossier_list, name="dossier_list"),
    path("viec/", views.work_list, name="work_list"),
    path("lech-han/", views.differences, name="differences"),
    path("gio-lam-viec/", hours.office_hours, name="office_hours"),
    path("gio-lam-viec/dat/", hours.office_hours_set, name="office_hours_set"),
    path("thu/", letters.register, name="letters"),
    path("thu/soan/", letters.draft, name="letters_draft"),
    path("thu/ban-hanh/", letters.issue, name="letters_issue"),
    path("thu/bo/", letters.discard, name="letters_discard"),
    path("thu/tai/", letters.download_many, name="letters_file"),
    path("thu/<int:letter_id>/", letters.letter, name="letter"),
    path("thu/<int:letter_id>/sua/", letters.edit, name="letter_edit"),
    path("thu/<int:letter_id>/thu-hoi/", letters.withdraw, name="letter_withdraw"),
    path("thu/<int:letter_id>/tai/<str:file_format>/", letters.download, name="letter_file"),
    path("bieu-06a/", form_06a.form, name="form_06a"),
    path("bieu-06a/tai/<str:file_format>/", form_06a.download, name="form_06a_file"),
    path("<int:dossier_id>/", views.dossier, name="dossier"),
]
