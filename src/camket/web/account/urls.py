"""Addresses of the account pages; their names stand directly in ``web:``."""

from django.urls import path

from camket.web.account import addresses, capacity, links, sessions, single_sign_on, views

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-nhap/khan-cap/", views.emergency, name="emergency"),
    path("dang-nhap/quen-mat-khau/", links.forgotten, name="forgotten"),
    path("dang-nhap/mot-lan/", single_sign_on.start, name="single_sign_on_start"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("loi-moi/<str:key>/", links.invitation, name="invitation"),
    path("dat-lai-mat-khau/<str:key>/", links.reset, name="reset"),
    path("chon-co-quan/", capacity.choose_agency, name="choose_agency"),
    path("ngon-ngu/", views.language, name="language"),
    path("tai-khoan/", views.profile, name="profile"),
    path("tai-khoan/mat-khau/", views.password, name="password"),
    path("tai-khoan/thu-dien-tu/", addresses.address, name="address"),
    path("tai-khoan/thu-dien-tu/<str:key>/", addresses.address_check, name="address_check"),
    path("tai-khoan/phien/", sessions.sessions, name="sessions"),
    path("tai-khoan/phien/ket-thuc/", sessions.end_sessions, name="end_sessions"),
    path("tai-khoan/mot-lan/", single_sign_on.single_sign_on, name="single_sign_on"),
    path("tai-khoan/mot-lan/huy/", single_sign_on.unlink, name="single_sign_on_unlink"),
]
