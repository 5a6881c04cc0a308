from django.urls import path

from camket.web.staff.procedures import lists, views

app_name = "procedures"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("them/", views.procedure_add, name="procedure_add"),
    path("nhap/", lists.catalogue_import, name="catalogue_import"),
    path("mau/", lists.catalogue_template, name="catalogue_template"),
    path("xuat/", lists.catalogue_export, name="catalogue_export"),
    path("niem-yet/", views.post, name="post"),
    path("niem-yet/<int:posting_id>/go/", views.take_down, name="take_down"),
    path("<int:procedure_id>/", views.procedure, name="procedure"),
    path("<int:procedure_id>/sua/", views.edition_add, name="edition_add"),
    path("<int:procedure_id>/het-hieu-luc/", views.procedure_end, name="procedure_end"),
]
