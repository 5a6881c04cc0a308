from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "camket.org"
    label = "org"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.org import holdings
        from camket.org.personal import holds

        holds("org", holdings.collect)
