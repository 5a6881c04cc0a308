from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "camket.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.dossiers import holdings
        from camket.org.personal import holds

        holds("dossiers", holdings.collect)
