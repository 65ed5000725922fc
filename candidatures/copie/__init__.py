"""The whole dossier in one document: a PDF to read or print, a ZIP to keep, made once for a given content.

The messages are left out: a copy goes to the committee, they are between the structure and its service.
"""
