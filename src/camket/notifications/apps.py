from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "camket.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Say what is held here on people, and how it is forgotten."""
        from camket.notifications import holdings
        from camket.org.personal import forgets, holds

        holds("notifications", holdings.collect)
        forgets("notifications", holdings.forget)
