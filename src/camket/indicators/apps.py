from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "camket.indicators"
    label = "indicators"
