from django.urls import path

from camket.web.staff.overview import below, citizens, units, views, week

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-cho/", views.waiting, name="waiting"),
    path("thu-hai/", week.week, name="week"),
    path("so-sanh-don-vi/", units.units, name="units"),
    path("cap-duoi/", below.below, name="below"),
    path("cap-duoi/nguoi-dan/", citizens.citizens, name="below_citizens"),
    path("cap-duoi/nguoi-dan/tai/", citizens.citizens_file, name="below_citizens_file"),
]
