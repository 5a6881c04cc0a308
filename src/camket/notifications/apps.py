from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "camket.notifications"
    label = "notifications"
