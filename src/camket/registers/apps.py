from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "camket.registers"
    label = "registers"
