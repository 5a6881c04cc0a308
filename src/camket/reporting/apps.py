from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "camket.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Say what is held here on people, and what is due."""
        from camket.notifications.due import calls_for
        from camket.org.personal import holds
        from camket.reporting import due, holdings

        calls_for(*due.KINDS)
        holds("reporting", holdings.collect)
