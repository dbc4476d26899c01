"""Finished documents: PDFs in the house style, Word from templates, and the text of what comes in."""
