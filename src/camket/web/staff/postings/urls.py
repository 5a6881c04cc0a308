from django.urls import path

from camket.web.staff.postings import lists, plan, views

app_name = "postings"
urlpatterns = [
    path("", views.register, name="list"),
    path("so.<slug:ending>", views.register_file, name="register_file"),
    path("ghi/", views.post, name="post"),
    path("noi/", views.places, name="places"),
    path("noi/<int:place_id>/", views.place_edit, name="place_edit"),
    path("quy-dinh/", views.rules, name="rules"),
    path("ke-hoach/", plan.plan_now, name="plan_now"),
    path("ke-hoach/<int:year>/", plan.plan, name="plan"),
    path("ke-hoach/<int:year>/lap/", plan.plan_make, name="plan_make"),
    path("ke-hoach/<int:year>/phe-duyet/", plan.plan_approve, name="plan_approve"),
    path("ke-hoach/ban/<int:approved_id>.<slug:file_format>", plan.approved_file, name="plan_approved_file"),
    path("ke-hoach/<int:year>/them/", plan.line_add, name="plan_line_add"),
    path("ke-hoach/<int:year>.<slug:file_format>", plan.plan_file, name="plan_file"),
    path("ke-hoach/dong/<int:planned_id>/", plan.line, name="plan_line"),
    path("ke-hoach/dong/<int:planned_id>/sua/", plan.line_edit, name="plan_line_edit"),
    path("ke-hoach/dong/<int:planned_id>/bo/", plan.line_drop, name="plan_line_drop"),
    path("ke-hoach/dong/<int:planned_id>/dua-lai/", plan.line_restore, name="plan_line_restore"),
    path("ke-hoach/dong/<int:planned_id>/gan/", plan.line_tie, name="plan_line_tie"),
    path("danh-muc/", lists.lists, name="lists"),
    path("danh-muc/<int:year>/<int:quarter>/", lists.quarter_list, name="quarter_list"),
    path("danh-muc/<int:year>/<int:quarter>/du-thao.<slug:file_format>", lists.draft_file, name="draft_file"),
    path("danh-muc/<int:list_id>.<slug:file_format>", lists.list_file, name="list_file"),
    path("ap-phich/<int:publication_id>-<slug:paper>.pdf", lists.poster, name="poster"),
    path("<int:notice_id>/", views.notice, name="notice"),
    path("<int:notice_id>/minh-chung/", views.prove, name="prove"),
    path("<int:notice_id>/go/", views.take_down, name="take_down"),
    path("<int:notice_id>/gia-han/", views.renew, name="renew"),
    path("<int:notice_id>/keo-dai/", views.prolong, name="prolong"),
    path("<int:notice_id>/ly-do-ngan/", views.explain_shortfall, name="explain_shortfall"),
    path("<int:notice_id>/sua/", views.correct, name="correct"),
    path("<int:notice_id>/huy/", views.cancel, name="cancel"),
]
