from django.urls import path

from camket.web.staff.improvement.packs import views

app_name = "packs"
urlpatterns = [
    path("", views.pack_list, name="list"),
    path("lap/", views.ask, name="ask"),
    path("<int:pack_id>/<slug:pack_file>/", views.take, name="take"),
]
