from django.urls import path

from camket.web.staff.improvement.cycle import views

app_name = "cycle"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("nhip-do/", views.rules, name="rules"),
]
