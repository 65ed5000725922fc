from django import template
from django.utils.html import format_html

from aap_portal.comptes.sessions import CHAMP_AUTEUR, signature

register = template.Library()


@register.simple_tag(takes_context=True)
def reprise(context, chemin=""):
    """Hidden field of a form whose typing must outlive the session; `chemin` when the form is on another page."""
    request = context["request"]
    if not request.user.is_authenticated:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', CHAMP_AUTEUR, signature(request, chemin))
