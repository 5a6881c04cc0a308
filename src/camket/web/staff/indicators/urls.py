from django.urls import path

from camket.web.staff.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.indicator_list, name="list"),
    path("moi/", views.define, name="define"),
    path("<str:code>/", views.indicator, name="indicator"),
    path("<str:code>/ban-moi/", views.replace, name="replace"),
    path("<str:code>/thoi-dung/", views.end, name="end"),
]
