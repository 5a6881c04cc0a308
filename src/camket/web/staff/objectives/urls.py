from django.urls import path

from camket.web.staff.objectives import figures, sheet, views, wall, year_on_year

app_name = "objectives"
urlpatterns = [
    path("", views.objective_list, name="list"),
    path("ca-nam/", wall.year, name="wall"),
    path("ca-nam/<str:form>.pdf", wall.year_file, name="wall_file"),
    path("<int:objective_id>/", views.objective, name="objective"),
    path("chi-tieu/<int:target_id>/", views.target, name="target"),
    path("chi-tieu/<int:target_id>/nhap-so-lieu/", views.enter_reading, name="enter_reading"),
    path("chi-tieu/<int:target_id>/cach-do/", views.measurement, name="measurement"),
    path("chi-tieu/<int:target_id>/chi-tiet/", figures.rows, name="rows"),
    path("chi-tieu/<int:target_id>/nguon/", figures.provenance, name="provenance"),
    path("chi-tieu/<int:target_id>/cung-ky/", year_on_year.year_on_year, name="year_on_year"),
    path(
        "chi-tieu/<int:target_id>/cung-ky/chon/", year_on_year.continue_indicator, name="continue_indicator"
    ),
    path("so-lieu/<int:reading_id>/xac-nhan/", views.confirm_reading, name="confirm_reading"),
    path("so-lieu/<int:reading_id>/rut/", views.withdraw_reading, name="withdraw_reading"),
    path("cho-xac-nhan/", views.waiting, name="waiting"),
    path("cho-xac-nhan/xac-nhan/", sheet.confirm_many, name="confirm_many"),
    path("nhap-tu-bang-tinh/", sheet.sheet, name="sheet"),
    path("nhap-tu-bang-tinh/mau.xlsx", sheet.sheet_template, name="sheet_template"),
]
