"""How static files are named when they are served to many."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Hashed names also for what a JavaScript module imports, so that no browser mixes two releases."""

    support_js_module_import_aggregation = True
