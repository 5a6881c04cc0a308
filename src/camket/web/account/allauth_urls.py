"""Addresses under the names by which allauth leads to them; those of its pages that are not here do not exist."""

from django.urls import path

from camket.web.account import factors, single_sign_on, views

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="account_login"),
    path("dang-nhap/bi-khoa/", views.inactive, name="account_inactive"),
    path("dang-nhap/buoc-hai/", factors.second_step, name="mfa_authenticate"),
    path("dang-nhap/khoa/", factors.passkey, name="mfa_login_webauthn"),
    path("dang-nhap/mot-lan/tra-ve/", single_sign_on.back, name="openid_connect_callback"),
    path("tai-khoan/xac-nhan/", factors.password_again, name="account_reauthenticate"),
    path("tai-khoan/xac-nhan/ma/", factors.code_again, name="mfa_reauthenticate"),
    path("tai-khoan/xac-nhan/khoa/", factors.key_again, name="mfa_reauthenticate_webauthn"),
    path("tai-khoan/hai-buoc/", factors.second_factor, name="mfa_index"),
    path("tai-khoan/hai-buoc/ung-dung/", factors.app, name="mfa_activate_totp"),
    path("tai-khoan/hai-buoc/ung-dung/go/", factors.app_removed, name="mfa_deactivate_totp"),
    path("tai-khoan/hai-buoc/khoa/them/", factors.key, name="mfa_add_webauthn"),
    path("tai-khoan/hai-buoc/khoa/<int:pk>/", factors.key_name, name="mfa_edit_webauthn"),
    path("tai-khoan/hai-buoc/khoa/<int:pk>/go/", factors.key_removed, name="mfa_remove_webauthn"),
    path("tai-khoan/hai-buoc/ma-du-phong/", factors.codes, name="mfa_view_recovery_codes"),
    path("tai-khoan/hai-buoc/ma-du-phong/moi/", factors.codes_renewed, name="mfa_generate_recovery_codes"),
]
