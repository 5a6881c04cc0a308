from django.urls import path

from camket.web.staff.overview import below, views

urlpatterns = [path("", views.home, name="home"), path("cap-duoi/", below.below, name="below")]
