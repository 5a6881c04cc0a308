from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "camket.registers"
    label = "registers"

    def ready(self) -> None:
        """Say what is held here on people, what belongs to an entry, and which files only these pages hand out."""
        from camket.documents.apart import keeps
        from camket.journal.kin import belongs_to, known
        from camket.org.personal import holds
        from camket.registers import holdings, kin
        from camket.registers.models import Batch

        holds("registers", holdings.collect)
        belongs_to("registers.entry", kin.parts_of_entry)
        known("registers.entry", kin.has_entry)
        keeps("registers", lambda file_id: Batch.objects.filter(file_id=file_id).exists())
