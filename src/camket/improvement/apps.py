from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "camket.improvement"
    label = "improvement"
