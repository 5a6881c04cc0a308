from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "camket.documents"
    label = "documents"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.documents import holdings
        from camket.org.personal import holds

        holds("documents", holdings.collect)
