from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "aap_portal.demonstration"
    verbose_name = "Démonstration"
