from django.apps import AppConfig


class ReferentielConfig(AppConfig):
    name = "aap_portal.referentiel"
    verbose_name = "Référentiel"
