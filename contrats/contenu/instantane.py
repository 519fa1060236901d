"""État entier d'un contrat, hors ses fiches qui ont leurs propres versions."""

from typing import Any

from contrats.contenu.valeurs import valeur_json
from contrats.models import Contrat
from contrats.variables import employees

CHAMPS_CONTRAT = (
    "type",
    "intitule",
    "intitule_court",
    "sous_titre",
    "source",
    "preambule",
    "nature_juridique",
    "dotation_propre",
    "programme",
    "debut",
    "fin",
    "numero_projet",
    "version_source",
    "maj_source_le",
    "statut",
    "lien",
)

# relation → (champs, tri)
PARTIES_DU_CONTRAT: dict[str, tuple[str, ...]] = {
    "parties": ("rang", "organisme", "role", "libelle", "apport"),
    "signatures": ("rang", "partie", "personne", "role", "qualite", "lieu", "le"),
    "etapes": ("ordre", "date_texte", "le", "precision", "intitule"),
    "articles": ("ordre", "numero", "titre", "texte"),
    "engagements": ("ordre", "article", "texte", "porteurs", "beneficiaires"),
    "axes": ("ordre", "cle", "parent", "nature", "numero", "intitule", "texte"),
    "annonces": ("objet", "nombre", "libelle"),
    "annexes": ("ordre", "numero", "intitule", "contenu", "texte"),
    "financements": (
        "ordre",
        "intitule",
        "montant",
        "financeur",
        "dispositif",
        "portee",
        "nature",
        "engage",
        "paye",
        "origine",
        "en_nature",
        "demonstration",
        "beneficiaire",
    ),
}
RELATIONS: dict[str, tuple[str, ...]] = {
    "parties": ("organisme",),
    "signatures": ("partie__organisme", "personne"),
    "engagements": ("article",),
    "axes": ("parent",),
    "financements": ("financeur", "beneficiaire"),
}
MULTIPLES = {"engagements": ("porteurs__organisme", "beneficiaires__organisme")}


def lire_contrat(contrat: Contrat) -> dict[str, Any]:
    """Dictionnaire JSON : champs, parties du contrat et fiches (identifiant et version)."""
    etat: dict[str, Any] = {champ: valeur_json(getattr(contrat, champ)) for champ in CHAMPS_CONTRAT}
    etat["parent"] = valeur_json(contrat.parent)
    etat["modele_fiche"] = valeur_json(contrat.modele_fiche)
    etat["territoires"] = sorted(contrat.territoires.values_list("cle", flat=True))
    for relation, champs in PARTIES_DU_CONTRAT.items():
        lignes = getattr(contrat, relation).order_by(champs[0], "pk")
        if relation in RELATIONS:
            lignes = lignes.select_related(*RELATIONS[relation])
        if relation in MULTIPLES:
            lignes = lignes.prefetch_related(*MULTIPLES[relation])
        etat[relation] = [{c: valeur_json(getattr(ligne, c)) for c in champs} for ligne in lignes]
    if variables := employees(contrat):
        etat["variables"] = variables
    etat["fiches"] = [
        {"id": str(public_id), "cle": cle, "version": version}
        for public_id, cle, version in contrat.fiches.vivantes()
        .order_by("ordre", "pk")
        .values_list("public_id", "cle", "version")
    ]
    return etat
