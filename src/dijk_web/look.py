"""How forms are drawn: `{{ form }}` gives the findings on top, then each field with its label, hint and finding."""

from django.forms.renderers import DjangoTemplates


class Forms(DjangoTemplates):
    """Our templates for a form and a field; widgets stay Django's own."""

    form_template_name = "dijk_web/form.html"
    field_template_name = "dijk_web/field.html"
