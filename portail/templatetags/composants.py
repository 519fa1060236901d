"""Balises des gabarits communs : `{% load composants %}`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

register = template.Library()

# Statut (identifiant stable d'une action, d'une fiche, d'un contrat) → classe du signe dans
# composants.css. « en_retard » se calcule et n'est pas en base.
CLASSES_ETAT = {
    "a_lancer": "e-lancer",
    "en_cours": "e-cours",
    "en_retard": "e-retard",
    "realisee": "e-realise",
    "reportee": "e-reporte",
    "suspendue": "e-suspendu",
    "abandonnee": "e-abandon",
    "regroupee": "e-regroupe",
    "brouillon": "e-lancer",
    "en_relecture": "e-cours",
    "a_corriger": "e-retard",
    "validee": "e-realise",
    "publiee": "e-realise",
    "archivee": "e-regroupe",
    "en_preparation": "e-lancer",
    "adopte": "e-realise",
    "en_signature": "e-cours",
    "signe": "e-realise",
    "proroge": "e-reporte",
    "echu": "e-regroupe",
    "archive": "e-regroupe",
    # Séances et décisions.
    "preparee": "e-lancer",
    "convoquee": "e-reporte",
    "ouverte": "e-cours",
    "close": "e-realise",
    "annulee": "e-abandon",
    "prise": "e-lancer",
    "a_faire": "e-lancer",
    "faite": "e-realise",
}


class NoeudRetenir(template.Node):
    """Rend son contenu une fois et le garde sous un nom, pour l'écrire à plusieurs endroits."""

    def __init__(self, nodelist: template.NodeList, nom: str) -> None:
        self.nodelist = nodelist
        self.nom = nom

    def render(self, context: template.Context) -> str:
        # déjà échappé : c'est la sortie d'un gabarit
        context[self.nom] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def retenir(parser: template.base.Parser, token: template.base.Token) -> NoeudRetenir:
    """`{% retenir nom %}…{% finretenir %}` : un bloc redéfini par la page sert deux fois.

    Le titre, par exemple, va dans `<title>` et dans `og:title`.
    """
    try:
        _, nom = token.split_contents()
    except ValueError as erreur:
        raise template.TemplateSyntaxError("{% retenir %} attend un nom, un seul.") from erreur
    nodelist = parser.parse(("finretenir",))
    parser.delete_first_token()
    return NoeudRetenir(nodelist, nom)


@register.filter
def classe_etat(statut: str) -> str:
    """Classe CSS du signe d'un statut ; un statut inconnu prend l'anneau de « À lancer »."""
    return CLASSES_ETAT.get(str(statut), "e-lancer")


@register.filter
def saisie(champ: BoundField) -> str:
    """Le champ seul, avec la classe de saisie quand c'est un champ de texte ou une liste."""
    type_entree = getattr(champ.field.widget, "input_type", "text")
    if type_entree in {"checkbox", "radio"}:
        return champ.as_widget()
    propre = champ.field.widget.attrs.get("class", "")
    return champ.as_widget(attrs={"class": f"saisie {propre}".strip()})


@register.filter
def est_case(champ: BoundField) -> bool:
    """Vrai pour une case à cocher seule : son libellé vient après elle."""
    return getattr(champ.field.widget, "input_type", "") == "checkbox" and not est_groupe(champ)


@register.filter
def est_groupe(champ: BoundField) -> bool:
    """Vrai pour un groupe de cases ou de boutons radio : il faut `fieldset` et `legend`."""
    return bool(getattr(champ.field.widget, "use_fieldset", False))


@register.simple_tag(takes_context=True)
def badges(context: template.Context, formulaire: Any) -> list[dict[str, str]]:
    """Filtres actifs d'un formulaire GET : `libelle`, `valeur`, `adresse` de la page sans lui.

    Une valeur invalide n'a pas filtré : elle n'a pas de badge, le champ porte son erreur.
    La page revient à la première, puisque la liste change.
    """
    requete: HttpRequest = context["request"]
    actifs = []
    for champ in formulaire:
        if champ.errors or champ.html_name not in requete.GET:
            continue
        for brut in requete.GET.getlist(champ.html_name):
            if brut.strip():
                actifs.append(
                    {
                        "libelle": str(champ.label),
                        "valeur": _libelle_de_valeur(champ, brut),
                        "adresse": _sans(requete, champ.html_name, brut),
                    }
                )
    return actifs


def _libelle_de_valeur(champ: BoundField, brut: str) -> str:
    """Le libellé choisi dans une liste, le nom de l'objet désigné, sinon ce qui a été tapé."""
    objets = champ.form.cleaned_data.get(champ.name) if champ.form.is_bound else None
    if isinstance(objets, list) and objets and isinstance(objets[0], Model):
        return ", ".join(str(objet) for objet in objets)
    if "," in brut and hasattr(champ.field, "choices"):
        return ", ".join(_libelle_de_valeur(champ, valeur) for valeur in brut.split(",") if valeur)
    choix = getattr(champ.field, "choices", None) or getattr(champ.field.widget, "choices", [])
    for valeur, libelle in choix:
        groupe = libelle if isinstance(libelle, list | tuple) else [(valeur, libelle)]
        for v, mot in groupe:
            if str(v) == brut:
                return str(mot)
    return brut


def _sans(requete: HttpRequest, nom: str, brut: str) -> str:
    """Adresse de la page sans cette valeur de ce filtre, ni numéro de page."""
    reste: QueryDict = requete.GET.copy()
    reste.setlist(nom, [v for v in reste.getlist(nom) if v != brut])
    reste.pop("page", None)
    for champ_vide in [n for n in reste if not any(reste.getlist(n))]:
        del reste[champ_vide]  # un formulaire envoie aussi ses champs vides
    return f"{requete.path}?{reste.urlencode()}" if reste.urlencode() else requete.path


@register.inclusion_tag("composants/barre_empilee.html")
def barre_empilee(
    comptes: Sequence[Mapping[str, Any]], ident: str = "empilee"
) -> dict[str, object]:
    """Barre de répartition : `comptes` = suite de `{statut, libelle, nombre}` dans l'ordre voulu.

    La géométrie est en pourcentages de la largeur. Les nombres sont écrits au-dessus des
    segments et repris dans la légende : la couleur seule ne porte rien.
    """
    total = sum(compte["nombre"] for compte in comptes)
    debut, segments = 0.0, []
    for compte in comptes:
        if compte["nombre"]:
            largeur = 100 * compte["nombre"] / total
            classe = classe_etat(compte["statut"])
            segments.append(
                {
                    **compte,
                    "classe": classe,
                    "forme": classe.removeprefix("e-"),
                    "x": f"{debut:.3f}%",
                    "largeur": f"{largeur:.3f}%",
                }
            )
            debut += largeur
    return {"segments": segments, "total": total, "ident": ident}


@register.filter
def element(suite: Sequence[Any], rang: int) -> Any:
    """L'élément de rang donné ; chaîne vide au-delà de la fin."""
    return suite[rang] if rang < len(suite) else ""


@register.inclusion_tag("composants/_lien_nav.html", takes_context=True)
def lien_nav(context: template.Context, nom: str, mot: str) -> dict[str, str]:
    """Lien du menu vers la route `nom` ; dit si la page courante est elle, ou une de ses filles.

    Une route inconnue lève `NoReverseMatch` : un menu n'a pas de lien mort.
    """
    adresse, chemin = reverse(nom), context["request"].path
    fille = "true" if chemin.startswith(adresse) else ""
    return {"adresse": adresse, "mot": mot, "courant": "page" if chemin == adresse else fille}
