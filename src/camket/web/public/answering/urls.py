from django.urls import path

from camket.web.public.answering import views

app_name = "answering"
urlpatterns = [
    path("may-tinh-bang.js", views.worker, name="worker"),
    path("<str:token>", views.answer, name="answer"),
]
