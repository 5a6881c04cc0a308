from django.urls import path

from camket.web.staff.registers import acts, figures, lists, several, sheets, views

app_name = "registers"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("kinh-te-xa-hoi/bang/", figures.year, name="figures"),
    path("kinh-te-xa-hoi/ky/", figures.period, name="figures_enter"),
    path("chuong-trinh-cong-tac/thang-sau/", several.next_month, name="next_month"),
    path("<slug:register_slug>/", views.entry_list, name="list"),
    path("<slug:register_slug>/nhanh/", views.quick_add, name="quick_add"),
    path("<slug:register_slug>/them/", views.add, name="add"),
    path("<slug:register_slug>/<int:entry_id>/", acts.entry, name="entry"),
    path("<slug:register_slug>/<int:entry_id>/sua/", views.edit, name="edit"),
    path("<slug:register_slug>/<int:entry_id>/lich-su/", acts.history, name="history"),
    path("<slug:register_slug>/<int:entry_id>/xong/", acts.finish, name="finish"),
    path("<slug:register_slug>/<int:entry_id>/mo-lai/", acts.reopen, name="reopen"),
    path("<slug:register_slug>/<int:entry_id>/rut/", acts.withdraw, name="withdraw"),
    path("<slug:register_slug>/<int:entry_id>/gia-han/", acts.ask_extension, name="ask_extension"),
    path(
        "<slug:register_slug>/<int:entry_id>/gia-han/<int:extension_id>/",
        acts.decide_extension,
        name="decide_extension",
    ),
    path("<slug:register_slug>/<int:entry_id>/cap-so/", acts.give_number, name="give_number"),
    path("<slug:register_slug>/<int:entry_id>/minh-chung/", acts.attach, name="attach"),
    path("<slug:register_slug>/<int:entry_id>/giao-viec/", several.give_work, name="give_work"),
    path("<slug:register_slug>/mau/", sheets.template, name="template"),
    path("<slug:register_slug>/xuat.<str:ending>", sheets.taken_out, name="taken_out"),
    path("<slug:register_slug>/nhap/", sheets.bring_in, name="bring_in"),
    path("<slug:register_slug>/nhap/<int:sheet_id>/", sheets.batch, name="batch"),
    path("<slug:register_slug>/nhap/<int:sheet_id>/chua-nhan/", sheets.batch_refused, name="batch_refused"),
    path("<slug:register_slug>/nhap/<int:sheet_id>/thu-lai/", sheets.batch_retry, name="batch_retry"),
    path("<slug:register_slug>/nhap/<int:sheet_id>/rut/", sheets.batch_take_back, name="batch_take_back"),
    path("<slug:register_slug>/danh-muc/", lists.items, name="items"),
    path("<slug:register_slug>/danh-muc/<int:item_id>/", lists.item_edit, name="item_edit"),
]
