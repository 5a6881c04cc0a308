from django.urls import path

from camket.web.staff.overview import below, views

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-cho/", views.waiting, name="waiting"),
    path("cap-duoi/", below.below, name="below"),
]
