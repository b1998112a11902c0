"""Files that people sent in: what is known of each. Its bytes lie in the store under their digest."""

from django.db import models


class Upload(models.Model):
    """A file as somebody sent it; until its rows are taken in it is theirs alone, and goes after some days."""

    digest = models.CharField(max_length=64)
    """SHA-256 of its bytes, which is also its name in the store."""
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    table = models.CharField(max_length=20, blank=True)
    """The table that its owner says is in it; empty where file or sheets say so."""
    by = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField()
    once = models.CharField(max_length=64, unique=True)
    """The one-time key of the form: a file that is sent twice is one."""
    act = models.BigIntegerField(null=True, unique=True)
    """The act that took its rows in."""
    sites = models.JSONField(default=list)
    """The sites that rows of it are about, from when they are taken in: who sees all of them may see the file."""

    class Meta:
        """Somebody's own, and those that are to go."""

        db_table = "upload"
        indexes = (models.Index(fields=["by", "uploaded_at"], name="upload_of_person"),)
