from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "camket.reporting"
    label = "reporting"
