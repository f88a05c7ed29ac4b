from django.apps import AppConfig
from django.utils.module_loading import import_string


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims and publication"

    def ready(self) -> None:
        # By name, because models can be imported only once all packages are loaded.
        import_string("evidence.dependents.register")(import_string("claims.actions.cascade.evidence_changed"))
        import_string("evidence.dependents.register_damage")(import_string("claims.actions.cascade.evidence_damaged"))
        import_string("cases.audit_trail.register")(import_string("claims.reading.note_told"))
        import_string("evidence.dependents.register_counter")(import_string("claims.queries.citation_counts"))
