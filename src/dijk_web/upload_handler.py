"""How much of a file is taken from a browser: what goes beyond is not kept anywhere."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 10 * 2**20
"""Bytes of a file: twenty thousand rows are one to three million bytes, in a workbook with all columns filled."""

TOO_LARGE = "dijk.too_large"
"""What is set in the ``META`` of a request whose file was too large."""


class NotTooLarge(FileUploadHandler):
    """Drops a file as soon as it is too large, so that nobody fills the disk, and lets the rest of the form through."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on, unless it goes beyond.

        Raises
        ------
        SkipFile
            The file is too large.
        """
        if start + len(raw_data) > MOST_BYTES:
            self.request.META[TOO_LARGE] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Others keep the file."""
