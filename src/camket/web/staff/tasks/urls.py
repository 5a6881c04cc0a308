"""Addresses of tasks, their calendar and the working calendar."""

from django.urls import path

from camket.web.staff.tasks import acts, calendars, feeds, many, views, year

app_name = "tasks"
urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("tat-ca/", views.task_list, name="task_list"),
    path("nhieu/", many.many_tasks, name="many"),
    path("nhieu/<int:list_act_id>/", many.many_done, name="many_done"),
    path("nhieu/<int:list_act_id>/hoan-tac/", many.many_undo, name="many_undo"),
    path("su-kien/", views.triggers, name="triggers"),
    path("su-kien/<int:trigger_id>/", acts.fire_trigger, name="fire_trigger"),
    path("lich/", calendars.this_month, name="this_month"),
    path("lich/<int:year>/<int:month>/", calendars.calendar_month, name="calendar_month"),
    path("lich/nam/", year.this_plan_year, name="this_plan_year"),
    path("lich/nam/<int:year>/", year.plan_year, name="plan_year"),
    path("lich/<str:feed_key>.ics", feeds.feed, name="feed"),
    path("lich/dong-bo/", feeds.feed_settings, name="feed_settings"),
    path("ngay-lam-viec/", calendars.this_year, name="this_year"),
    path("ngay-lam-viec/<int:year>/", calendars.calendar_year, name="calendar_year"),
    path("ngay-lam-viec/<int:year>/xac-nhan/", calendars.confirm_year, name="confirm_year"),
    path("ngay-lam-viec/<int:year>/bo/<str:day>/", calendars.reset_day, name="reset_day"),
    path("tep/<int:file_id>/", views.file, name="file"),
    path("minh-chung/<int:evidence_id>/rut/", acts.withdraw_evidence, name="withdraw_evidence"),
    path("<int:task_id>/", views.task_detail, name="task_detail"),
    path("<int:task_id>/tien-do/", acts.record_progress, name="record_progress"),
    path("<int:task_id>/minh-chung/", acts.attach_evidence, name="attach_evidence"),
    path("<int:task_id>/nop/", acts.submit_task, name="submit_task"),
    path("<int:task_id>/xac-nhan/", acts.accept_task, name="accept_task"),
    path("<int:task_id>/tra-lai/", acts.return_task, name="return_task"),
    path("<int:task_id>/doi-han/", acts.move_due, name="move_due"),
    path("<int:task_id>/phan-cong/", acts.assign_task, name="assign_task"),
    path("<int:task_id>/huy/", acts.cancel_task, name="cancel_task"),
    path("<int:task_id>/mo-lai/", acts.reopen_task, name="reopen_task"),
    path("<int:task_id>/trao-doi/", acts.comment_task, name="comment_task"),
]
