"""Backup and restore: the database and the uploaded files as one archive, and the proof that a restored copy is equal."""
