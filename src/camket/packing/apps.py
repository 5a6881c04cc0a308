from django.apps import AppConfig


class PackingConfig(AppConfig):
    name = "camket.packing"
    label = "packing"

    def ready(self) -> None:
        """Keep packs apart from other files: they are handed out by their own page alone, which records it."""
        from camket.documents.apart import keeps
        from camket.packing import queries

        keeps("packing", queries.is_pack)
