from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "camket.registers"
    label = "registers"

    def ready(self) -> None:
        """Say what is held here on people and how it is forgotten, what belongs to an entry, and who opens which files."""
        from camket.documents.apart import keeps, opens
        from camket.journal.kin import belongs_to, known
        from camket.org.personal import forgets, holds
        from camket.registers import holdings, kin, sight
        from camket.registers.models import Batch

        holds("registers", holdings.collect)
        forgets("registers", holdings.forget)
        belongs_to("registers.entry", kin.parts_of_entry)
        known("registers.entry", kin.has_entry)
        keeps("registers", lambda file_id: Batch.objects.filter(file_id=file_id).exists())
        opens("registers", sight.may_open_file)
