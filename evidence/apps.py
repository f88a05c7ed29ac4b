from django.apps import AppConfig
from django.utils.module_loading import import_string


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        # By name, because models can be imported only once all packages are loaded.
        import_string("cases.exhibits.register")(
            import_string("evidence.observed.find"), import_string("evidence.observed.show")
        )
