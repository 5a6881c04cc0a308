"""The address of the search over everything."""

from django.urls import path

from camket.web.staff.search import views

urlpatterns = [path("tim-kiem/", views.search, name="search")]
