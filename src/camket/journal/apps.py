from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "camket.journal"
    label = "journal"
