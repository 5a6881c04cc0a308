from django.urls import path

from camket.web.staff.plans import browse, editing, lifecycle, next_year, wiring

app_name = "plans"
urlpatterns = [
    path("", browse.plan_list, name="plan_list"),
    path("dua-vao/", browse.plan_import, name="plan_import"),
    path("soan-moi/", browse.plan_create, name="plan_create"),
    path("<int:plan_id>/", lifecycle.plan_detail, name="plan_detail"),
    path("<int:plan_id>/bang/", browse.plan_table, name="plan_table"),
    path("<int:plan_id>/thoi-han/", browse.plan_dates, name="plan_dates"),
    # how its targets are measured
    path("<int:plan_id>/cach-do/", wiring.plan_wiring, name="plan_wiring"),
    path("<int:plan_id>/cach-do/xac-nhan/", wiring.wiring_confirm_all, name="wiring_confirm_all"),
    path("<int:plan_id>/cach-do/<int:target_id>/", wiring.target_wiring, name="target_wiring"),
    path("<int:plan_id>/cach-do/<int:target_id>/xac-nhan/", wiring.wiring_confirm, name="wiring_confirm"),
    # the plan's life
    path("<int:plan_id>/chap-nhan/", lifecycle.plan_accept, name="plan_accept"),
    path(
        "<int:plan_id>/nguon-luc/", lifecycle.plan_statement, {"element": "resources"}, name="plan_resources"
    ),
    path(
        "<int:plan_id>/cach-danh-gia/",
        lifecycle.plan_statement,
        {"element": "evaluation"},
        name="plan_evaluation",
    ),
    path("<int:plan_id>/trinh/", lifecycle.plan_submit, name="plan_submit"),
    path("<int:plan_id>/tra-lai/", lifecycle.plan_return, name="plan_return"),
    path("<int:plan_id>/phe-duyet/", lifecycle.plan_approve, name="plan_approve"),
    path("<int:plan_id>/ban-hanh/", lifecycle.plan_promulgate, name="plan_promulgate"),
    path("<int:plan_id>/da-ky/", lifecycle.plan_record_signed, name="plan_record_signed"),
    path("<int:plan_id>/sua-doi/", lifecycle.plan_amend, name="plan_amend"),
    path("<int:plan_id>/ket-thuc/", lifecycle.plan_close, name="plan_close"),
    path("<int:plan_id>/bo/", lifecycle.plan_discard, name="plan_discard"),
    # the editor, beside the source where there is one
    path("<int:plan_id>/soan/", editing.plan_edit, name="plan_edit"),
    path("<int:plan_id>/soan/de-xuat/", next_year.proposals, name="proposals"),
    path("<int:plan_id>/soan/de-xuat/<int:decision_id>/", next_year.take_up, name="proposal_take_up"),
    path(
        "<int:plan_id>/soan/de-xuat/chi-tieu/<int:target_id>/",
        next_year.take_up_result,
        name="result_take_up",
    ),
    path("<int:plan_id>/soan/quyet-dinh/", editing.head_edit, name="head_edit"),
    path("<int:plan_id>/soan/chinh-sach/", editing.policy_edit, name="policy_edit"),
    path("<int:plan_id>/soan/don-vi/", editing.bodies_edit, name="bodies_edit"),
    path("<int:plan_id>/soan/danh-so-lai/", editing.objectives_renumber, name="objectives_renumber"),
    path("<int:plan_id>/soan/hieu-chi-tieu/", editing.target_understood, name="target_understood"),
    path("<int:plan_id>/soan/hieu-thoi-gian/", editing.when_understood, name="when_understood"),
    path("<int:plan_id>/soan/muc-tieu/them/", editing.objective_add, name="objective_add"),
    path("<int:plan_id>/soan/muc-tieu/<int:objective_id>/", editing.objective_edit, name="objective_edit"),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/chuyen/",
        editing.objective_move,
        name="objective_move",
    ),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/tach/",
        editing.objective_split,
        name="objective_split",
    ),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/gop/", editing.objective_merge, name="objective_merge"
    ),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/xoa/",
        editing.objective_delete,
        name="objective_delete",
    ),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/them-chi-tieu/", editing.target_add, name="target_add"
    ),
    path(
        "<int:plan_id>/soan/muc-tieu/<int:objective_id>/them-bien-phap/",
        editing.action_add,
        name="action_add",
    ),
    path("<int:plan_id>/soan/chi-tieu/<int:target_id>/", editing.target_edit, name="target_edit"),
    path("<int:plan_id>/soan/chi-tieu/<int:target_id>/chuyen/", editing.target_move, name="target_move"),
    path("<int:plan_id>/soan/chi-tieu/<int:target_id>/xoa/", editing.target_delete, name="target_delete"),
    path("<int:plan_id>/soan/bien-phap/<int:action_id>/", editing.action_edit, name="action_edit"),
    path("<int:plan_id>/soan/bien-phap/<int:action_id>/chuyen/", editing.action_move, name="action_move"),
    path("<int:plan_id>/soan/bien-phap/<int:action_id>/tach/", editing.action_split, name="action_split"),
    path("<int:plan_id>/soan/bien-phap/<int:action_id>/gop/", editing.action_merge, name="action_merge"),
    path("<int:plan_id>/soan/bien-phap/<int:action_id>/xoa/", editing.action_delete, name="action_delete"),
]
