from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    name = "aap_portal.courriels"
    verbose_name = "Messages"
