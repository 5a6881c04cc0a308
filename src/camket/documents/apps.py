from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "camket.documents"
    label = "documents"

    def ready(self) -> None:
        """Say what is held here on people, what belongs to a document, and who opens files of its drafts."""
        from camket.documents import holdings, kin
        from camket.documents.apart import opens
        from camket.documents.queries.controlled import may_open_file
        from camket.journal.kin import belongs_to, known
        from camket.org.personal import holds

        holds("documents", holdings.collect)
        belongs_to("documents.controlleddocument", kin.parts_of_document)
        known("documents.controlleddocument", kin.has_document)
        opens("documents", may_open_file)
