"""Le rapport d'une reprise, en JSON : nombres, doutes, anomalies, partenaires à rapprocher."""

from dataclasses import asdict
from typing import Any

from reprise.ecriture.contrat import resume
from reprise.ecriture.faits import lire_faits
from reprise.ecriture.instances import lire_instances
from reprise.ecriture.session import lire_session, resume_de_session
from reprise.models import DocumentRepris
from reprise.rapprochement import mentions_de, rapprocher
from reprise.reconnaissance.formes import LIBELLES, Compris, Place


def rapport(document: DocumentRepris, compris: Compris) -> dict[str, Any]:
    """Tout ce qu'un agent voudrait relire avant d'écrire."""
    rapproches = rapprocher(mentions_de(compris), document.decisions.get("organismes", {}))
    return {
        "fichier": {
            "nom": document.nom,
            "format": document.format,
            "taille": document.taille,
            "sha256": document.empreinte,
            "remarques": document.lecture.get("remarques", []),
        },
        "type": {"cle": compris.type, "confiance": round(compris.type_confiance, 2)},
        "intitule": compris.intitule,
        "nombres": resume(compris),
        "fiches": [
            {
                "titre": f.titre,
                "numero": f.numero,
                "sections": {
                    s.cle: len(s.actions) or len(s.partenaires) or len(s.lignes) or len(s.texte)
                    for s in f.sections
                },
            }
            for f in compris.fiches
        ],
        "instances": [
            {
                "nom": i.nom,
                "type": str(i.type),
                "frequence": i.frequence,
                "participants": [{"libelle": n, "role": str(r)} for n, r in i.participants],
            }
            for i in lire_instances(compris)
        ],
        "dates_et_sommes": [
            {"genre": f.genre, "imprime": f.imprime, "valeur": f.valeur, "ou": f.ou, "sur": f.sur}
            for f in lire_faits(compris)
        ],
        "session": _session(compris),
        "deliberation": asdict(compris.deliberation) if compris.deliberation else None,
        "doutes": [_doute(p) for p in compris.doutes],
        "non_places": [_doute(p) for p in compris.non_places],
        "anomalies": [
            {"genre": a.genre, "constat": a.constat, "blocs": a.elements} for a in compris.anomalies
        ],
        "partenaires": [
            {
                "mention": r.mention,
                "retenu": r.retenu,
                "exact": r.exact,
                "ressemblance": round(r.note),
                "fois": r.fois,
            }
            for r in rapproches.values()
            if not r.exact
        ],
    }


def _session(compris: Compris) -> dict[str, Any] | None:
    if compris.session is None:
        return None
    lue = lire_session(compris)
    return {
        **lue.valeurs,
        "profils": lue.profils,
        "programme": [asdict(point) for point in lue.programme],
        "manque": lue.manque,
        **resume_de_session(lue),
    }


def _doute(place: Place) -> dict[str, Any]:
    return {
        "bloc": place.element.id,
        "ligne": place.element.bloc.ligne,
        "texte": place.element.nu[:160],
        "place": place.choix.code,
        "libelle": LIBELLES[place.role],
        "ou": place.ou,
        "confiance": int(100 * place.confiance) / 100,  # un doute ne s'arrondit pas à 0,99
        "raison": place.choix.raison,
        "autres": [a.code for a in place.alternatives],
    }
