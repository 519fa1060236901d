"""Fiches d'un contrat YAML : traduites en contenu, puis écrites comme l'écran les écrit."""

import uuid
from typing import Any

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import (
    CHAMPS_PERIODE,
    LIGNES,
    ContenuAction,
    ContenuFiche,
    ContenuSection,
    action_vide,
    section_vide,
)
from contrats.contenu.valeurs import valeur_json
from contrats.enums import EtatSection
from contrats.models import Contrat, Fiche, ModeleFiche, SectionModele

MOTIF = "Chargement initial"
ESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "reciproque:contrats")


def identifiant(*cles: str) -> uuid.UUID:
    """Identifiant public tiré des clés naturelles : le même sur toutes les machines."""
    return uuid.uuid5(ESPACE, "/".join(cles))


def charger_fiches(contrat: Contrat, fiches: list[dict[str, Any]]) -> None:
    """Crée les fiches absentes ; toutes existent avant leur contenu, car elles se renvoient."""
    presentes = set(contrat.fiches.values_list("cle", flat=True))
    nouvelles = []
    for ordre, donnees in enumerate(fiches, 1):
        if donnees["cle"] not in presentes:
            fiche = Fiche.objects.create(
                contrat=contrat,
                public_id=identifiant(contrat.slug, donnees["cle"]),
                modele=ModeleFiche.objects.get(cle=donnees["modele"]),
                cle=donnees["cle"],
                ordre=ordre,
                titre=donnees["titre"],
                statut=donnees["statut"],
                version=0,  # le contenu qui suit en fait la version 1
            )
            nouvelles.append((fiche, donnees))
    for fiche, donnees in nouvelles:
        enregistrer(fiche, _contenu(contrat, fiche, donnees), version=0, par=None, motif=MOTIF)


def _contenu(contrat: Contrat, fiche: Fiche, d: dict[str, Any]) -> ContenuFiche:
    modeles = {m.cle: m for m in fiche.modele.sections.all()}
    territoires = sorted(contrat.territoires.values_list("cle", flat=True))
    return ContenuFiche(
        titre=d["titre"],
        numero=d.get("numero") or "",
        numero_deduit=d.get("numero_deduit", False) and bool(d.get("numero")),
        note_titre=d.get("note_titre") or "",
        axe=d.get("axe"),
        sections=[
            _section(fiche, modeles[s["cle"]], s, d.get("renvois", []), territoires)
            for s in d["sections"]
        ],
    )


def _section(
    fiche: Fiche,
    modele: SectionModele,
    d: dict[str, Any],
    renvois: list[dict[str, Any]],
    territoires: list[str],
) -> ContenuSection:
    section = section_vide(modele.cle, d.get("libelle") or modele.libelle)
    section["texte"] = (d.get("texte") or "").strip()
    section["liste_ouverte"] = d.get("liste_ouverte", False)
    section["partenaires"] = [
        {"organisme": p["organisme"], "mention": p["mention"]} for p in d.get("partenaires", [])
    ]
    section["actions"] = [
        _action(fiche, modele.cle, [str(rang)], a, territoires)
        for rang, a in enumerate(d.get("actions", []), 1)
    ]
    if modele.nature in LIGNES:
        champs = LIGNES[modele.nature][1]
        section["lignes"] = [
            {c: valeur_json(ligne.get(c, DEFAUTS_DE_LIGNE[c])) for c in champs}
            for ligne in map(_qualite_en_intitule, d.get(modele.nature, []))
        ]
    section["renvois"] = [_renvoi(r) for r in renvois if r["section"] == modele.cle]
    rempli = any(section[c] for c in ("texte", "partenaires", "actions", "lignes"))  # type: ignore[literal-required]
    section["etat"] = d.get("etat") or (
        EtatSection.RENSEIGNEE if rempli else EtatSection.A_RENSEIGNER
    )
    return section


def _qualite_en_intitule(ligne: dict[str, Any]) -> dict[str, Any]:
    """Le YAML dit `qualite` pour une personne, ce que la ligne garde comme son intitulé."""
    return {"intitule": ligne.get("qualite") or "", **ligne}


DEFAUTS_DE_LIGNE: dict[str, Any] = {
    "intitule": "",
    "echeance_texte": "",
    "echeance": None,
    "precision": "jour",
    "imprime_sous": "",
    "nature": "qualitatif",
    "cible": None,
    "personne": None,
    "organisme": None,
}


def _action(
    fiche: Fiche, section: str, rang: list[str], d: dict[str, Any], territoires: list[str]
) -> ContenuAction:
    action = action_vide()
    action["id"] = str(identifiant(fiche.contrat.slug, fiche.cle, section, *rang))
    action["intitule"] = d["intitule"]
    action["numero"] = d.get("numero") or ""
    action["description"] = d.get("description") or ""
    action["statut"] = d.get("statut") or "a_lancer"
    action["motif_statut"] = d.get("motif_statut") or ""
    action["avancement"] = d.get("avancement")
    action["debut"] = valeur_json(d.get("debut"))
    action["echeance"] = valeur_json(d.get("echeance"))
    action["prioritaire"] = d.get("prioritaire", False)
    action["demonstration"] = d.get("demonstration", False)
    action["pilotes"] = d.get("pilotes") or []
    action["chefs_de_file"] = d.get("chef_de_file") or []
    action["partenaires"] = d.get("partenaires") or []
    action["territoires"] = d.get("territoires") or territoires
    action["periodes"] = [
        {c: valeur_json(p.get(c, None if c == "fin" else "")) for c in CHAMPS_PERIODE}
        for p in d.get("periodes", [])
    ]
    action["sous_actions"] = [
        _action(fiche, section, [*rang, str(i)], sous, territoires)
        for i, sous in enumerate(d.get("sous_actions", []), 1)
    ]
    return action


def _renvoi(d: dict[str, Any]) -> dict[str, Any]:
    return {
        "texte": d["texte"],
        "fiche": d.get("fiche"),
        "annexe": d.get("annexe") or None,
        "document": d.get("document") or "",
        "deduit": d.get("deduit", False),
    }
