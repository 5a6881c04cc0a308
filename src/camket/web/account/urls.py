"""Addresses of the account pages; their names stand directly in ``web:``."""

from django.urls import path

from camket.web.account import capacity, views

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("chon-co-quan/", capacity.choose_agency, name="choose_agency"),
    path("ngon-ngu/", views.language, name="language"),
    path("tai-khoan/", views.profile, name="profile"),
    path("tai-khoan/mat-khau/", views.password, name="password"),
]
