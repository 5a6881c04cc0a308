from django.urls import path

from camket.web.staff.organisation import journal, privacy, sign_in, taking_out, views

app_name = "organisation"
urlpatterns = [
    path("", views.agency, name="agency"),
    path("sua/", views.agency_edit, name="agency_edit"),
    path("lay-du-lieu/", taking_out.export, name="export"),
    path("bo-phan/", views.units, name="units"),
    path("bo-phan/them/", views.unit_add, name="unit_add"),
    path("bo-phan/<int:unit_id>/", views.unit_edit, name="unit_edit"),
    path("bo-phan/<int:unit_id>/chuyen/", views.unit_move, name="unit_move"),
    path("bo-phan/<int:unit_id>/su-dung/", views.unit_use, name="unit_use"),
    path("nhan-su/", views.people, name="people"),
    path("nhan-su/them/", views.person_add, name="person_add"),
    path("nhan-su/<int:person_id>/", views.person, name="person"),
    path("nhan-su/<int:person_id>/vi-tri/", views.post_give, name="post_give"),
    path("nhan-su/vi-tri/<int:post_id>/ket-thuc/", views.post_end, name="post_end"),
    path("nhan-su/<int:person_id>/mat-khau/", views.password_reset, name="password_reset"),
    path("nhan-su/<int:person_id>/dang-nhap/", views.person_block, name="person_block"),
    path("nhan-su/<int:person_id>/cach-dang-nhap/", sign_in.sign_in_means, name="sign_in_means"),
    path("nhan-su/<int:person_id>/cach-dang-nhap/moi/", sign_in.person_invite, name="person_invite"),
    path(
        "nhan-su/<int:person_id>/cach-dang-nhap/phien/",
        sign_in.person_sessions_end,
        name="person_sessions_end",
    ),
    path(
        "nhan-su/<int:person_id>/cach-dang-nhap/hai-buoc/",
        sign_in.person_factor_reset,
        name="person_factor_reset",
    ),
    path(
        "nhan-su/<int:person_id>/cach-dang-nhap/mot-lan/", sign_in.person_link_reset, name="person_link_reset"
    ),
    path("ten-goi/", views.body_names, name="body_names"),
    path("ten-goi/<int:body_name_id>/", views.body_name, name="body_name"),
    path("ten-goi/<int:body_name_id>/quen/", views.body_name_forget, name="body_name_forget"),
    path("nhat-ky/", journal.journal, name="journal"),
    path("nhat-ky/xuat/<str:file_format>/", journal.journal_export, name="journal_export"),
    path("nhat-ky/<str:subject_type>/<int:subject_id>/", journal.history, name="history"),
    path("tai-khoan/", privacy.accounts, name="accounts"),
    path("tai-khoan/<int:person_id>/khoi-phuc/", privacy.account_restore, name="account_restore"),
    path("du-lieu-cua-toi/", privacy.own_data, name="own_data"),
    path("du-lieu-cua-toi/ban-sao/", privacy.own_copy, name="own_copy"),
    path("du-lieu-ca-nhan/", privacy.privacy, name="privacy"),
    path("du-lieu-ca-nhan/danh-muc/<str:kind_code>/", privacy.privacy_kind, name="privacy_kind"),
    path("du-lieu-ca-nhan/yeu-cau/them/", privacy.privacy_request_add, name="privacy_request_add"),
    path("du-lieu-ca-nhan/yeu-cau/<int:request_id>/", privacy.privacy_request, name="privacy_request"),
    path("du-lieu-ca-nhan/luot-xem/", privacy.privacy_accesses, name="privacy_accesses"),
    path("du-lieu-ca-nhan/ban-sao/<int:person_id>/", privacy.privacy_copy, name="privacy_copy"),
    path("du-lieu-ca-nhan/xoa/<int:person_id>/", privacy.erasure_propose, name="erasure_propose"),
    path("du-lieu-ca-nhan/de-nghi-xoa/<int:erasure_id>/", privacy.erasure_decide, name="erasure_decide"),
]
