from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "aap_portal.documents"
    verbose_name = "Documents"
