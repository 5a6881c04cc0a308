from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "camket.voices"
    label = "voices"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.org.personal import holds
        from camket.voices import holdings

        holds("voices", holdings.collect)
