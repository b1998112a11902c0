"""Forms that were sent after the session had ended: kept as typed for the person who typed them, until they log in."""

from django.db import models


class KeptForm(models.Model):
    """What was typed on a page, for one person alone; taken away once it is sent, or when it is old."""

    key = models.CharField(max_length=64, primary_key=True)
    person = models.CharField(max_length=20)
    path = models.CharField(max_length=500)
    sent = models.JSONField()
    """Pairs of field and text, in their order."""
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A person's own."""

        db_table = "kept_form"
        indexes = (models.Index(fields=["person", "path"], name="kept_form_of_person"),)
