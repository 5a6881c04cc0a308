from django.urls import path

from camket.web.staff.overview import views

urlpatterns = [path("", views.home, name="home")]
