"""How Django draws forms: through `templates/components/form/`, so that `{{ form }}` is already the design's form."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Forms and fields in the design's mark-up; the widgets' own templates need `django.forms` in INSTALLED_APPS."""

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"
