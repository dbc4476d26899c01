"""Finds our own static files, and of each front-end library only the files that the settings list."""

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder


class ListedFilesFinder(FileSystemFinder):
    """A `FileSystemFinder` that leaves out what `STATICFILES_LISTED` does not name for a prefix."""

    def find_location(self, root, path, prefix=None):
        listed = settings.STATICFILES_LISTED.get(prefix)
        if listed is not None and path.removeprefix(f"{prefix}/") not in listed:
            return None
        return super().find_location(root, path, prefix)

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            listed = settings.STATICFILES_LISTED.get(getattr(storage, "prefix", ""))
            if listed is None or path in listed:
                yield path, storage
