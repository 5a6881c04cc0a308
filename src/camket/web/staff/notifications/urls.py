"""Addresses of what people are told: the list, their choices, the agency's ladder of overdue work."""

from django.urls import path

from camket.web.staff.notifications import views

app_name = "notifications"
urlpatterns = [
    path("thong-bao/", views.notification_list, name="list"),
    path("thong-bao/da-xem/", views.see_all, name="see_all"),
    path("thong-bao/<int:notification_id>/mo/", views.open_one, name="open"),
    path("tai-khoan/thong-bao/", views.choices, name="choices"),
    path("co-quan/bao-qua-han/", views.ladder, name="ladder"),
]
