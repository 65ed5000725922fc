"""What the page frame and the components need; loaded in every template."""

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify

register = template.Library()

# State or verdict -> colour of the badge (DSFR modifiers); the words always say it too.
COULEURS = {
    "brouillon": "new", "a_remplir": "new", "a_completer": "warning", "a_corriger": "warning", "attendu": "new",
    "manquante": "error", "hors_delai": "warning", "incomplet": "warning", "complet": "success",
    "depose": "info", "recevable": "success", "irrecevable": "error", "inscrit": "info", "examine": "info",
    "accepte": "success", "refuse": "error", "ajourne": "warning", "retire": "",
    "preparee": "new", "convoquee": "info", "ouverte": "success", "close": "",
    "editee": "info", "signee": "info", "en_cours": "success", "echue": "", "soldee": "", "resiliee": "error",
    "prevu": "", "du": "warning", "service_fait": "info", "mis_en_paiement": "info", "paye": "success",
    "remis": "info", "valide": "success", "complete": "success", "fournie": "success", "conforme": "success",
    "non_conforme": "error", "sans_objet": "", "a_envoyer": "new", "envoye": "success", "echec": "error",
    "conserve": "info", "en_attente": "new", "acceptee": "success", "refusee": "error", "finalisee": "success",
    "repondue": "success", "deport": "warning",
}  # fmt: skip


@register.filter
def couleur_etat(etat):
    return COULEURS.get(str(etat).lower(), "")


@register.filter
def point(nombre):
    """A number as HTML attributes want it, with a point whatever the language."""
    return "" if nombre is None else str(nombre).replace(",", ".")


@register.simple_tag(takes_context=True)
def repete(context, nom):
    """Render a block of the page a second time: the title of the page is also its heading."""
    # The block is escaped already; strip() would give a plain text, escaped a second time.
    return mark_safe(context.render_context[BLOCK_CONTEXT_KEY].get_block(nom).render(context).strip())


@register.simple_tag(takes_context=True)
def service_charge(context):
    """The service that answers for this page: the one that it gives, or that of the object which it is about."""
    if service := context.get("service"):
        return service
    for nom in ("campagne", "dossier", "seance", "convention", "grille"):
        objet = context.get(nom)
        campagne = getattr(getattr(objet, "dossier", objet), "campagne", objet)
        if service := getattr(campagne, "service", None):
            return service
    return None


@register.simple_block_tag
def tableau(content, legende, classe="", legende_visible=True):
    """A table with its caption, that scrolls inside its own region on a narrow screen."""
    ancre = f"legende-{slugify(legende)}"
    return format_html(
        '<div class="pa-tableau {}" role="region" aria-labelledby="{}" tabindex="0">'
        '<table><caption id="{}"{}>{}</caption>{}</table></div>',
        classe,
        ancre,
        ancre,
        "" if legende_visible else mark_safe(' class="fr-sr-only"'),
        legende,
        content,
    )


@register.filter
def ancre_du_champ(champ):
    """The id of the first thing that takes the focus in a bound field."""
    if champ.field.widget.__class__.__name__ in {"RadioSelect", "CheckboxSelectMultiple"}:
        return f"{champ.auto_id}_0"
    return champ.id_for_label or champ.auto_id


@register.filter
def numeros_de_page(page):
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def extension(nom):
    """« PDF » for « budget.pdf »."""
    return nom.rpartition(".")[2].upper() if "." in nom else "Fichier"


@register.inclusion_tag("dsfr/champ_nu.html")
def champ_nu(champ, libelle=""):
    """The field alone: the row and the column of the table are its label, said again for screen readers."""
    return {"field": champ, "libelle": libelle or champ.label}
