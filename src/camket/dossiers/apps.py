from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "camket.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Say what is held here on people, and that exports, which name applicants, are handed out to nobody."""
        from camket.documents.apart import keeps
        from camket.dossiers import holdings
        from camket.dossiers.models import Batch
        from camket.org.personal import holds

        holds("dossiers", holdings.collect)
        keeps("dossiers", lambda file_id: Batch.objects.filter(file_id=file_id).exists())
