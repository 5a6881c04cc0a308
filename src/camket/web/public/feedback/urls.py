"""Addresses of feedback on an agency's public page."""

from django.urls import path

from camket.web.public.feedback import views

app_name = "public_feedback"
urlpatterns = [
    path("<slug:slug>/phan-anh/", views.write, name="write"),
    path("<slug:slug>/theo-doi/", views.follow, name="follow"),
    path("<slug:slug>/hoi-dap/", views.answers, name="answers"),
]
