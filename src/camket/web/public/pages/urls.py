from django.urls import path

from camket.web.public.pages import views

app_name = "public"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("<slug:slug>/", views.home, name="home"),
]
