from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "aap_portal.comptes"
    verbose_name = "Comptes et droits"
