from django.apps import AppConfig


class FichiersConfig(AppConfig):
    name = "aap_portal.fichiers"
    verbose_name = "Fichiers"
