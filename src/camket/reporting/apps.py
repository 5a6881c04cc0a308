from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "camket.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.org.personal import holds
        from camket.reporting import holdings

        holds("reporting", holdings.collect)
