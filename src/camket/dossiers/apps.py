from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "camket.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Say what is held here on people, and that exports, which name applicants, are handed out to nobody."""
        from camket.documents.apart import keeps
        from camket.dossiers import holdings, kin
        from camket.dossiers.models import Batch
        from camket.journal.kin import known
        from camket.org.personal import holds

        holds("dossiers", holdings.collect)
        known("dossiers.procedure", kin.has_procedure)
        keeps("dossiers", lambda file_id: Batch.objects.filter(file_id=file_id).exists())
