"""Les lignes d'une section : jalons datés, livrables, critères, personnes, projets liés."""

import re

from reprise.reconnaissance.formes import SectionComprise
from reprise.reconnaissance.listes import echeance
from reprise.reconnaissance.vocabulaire import plier

NEANT = re.compile(r"^\W*(?:ras|neant|sans objet|aucune?(?:\s+\w+){0,5}|n/?a)\W*$")
PROJETS = re.compile(r"\bprojets?\b\s*(?:n\s*[°o]s?\s*)?((?:\d{1,3}\s*(?:,|et|;)?\s*)+)")
SOUS_RESERVE = re.compile(r"\(\s*sous réserve\s*\)", re.I)
PAR = re.compile(r"\bpar\s+\*{0,2}([A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w'’-]+){1,3})\*{0,2}\s*$")
NOM = re.compile(
    r"^([A-ZÀ-Ý][\w'’-]+(?:\s+(?:l[ea]\s+|d[eu]\s+)?[A-ZÀ-Ý][\w'’-]*(?:\s+[a-zà-ÿ]{2,12}(?=,))?){1,3})"
    r"\s*(?:,|\s[–-]\s|$)\s*(.*)$"
)


def est_neant(texte: str) -> bool:
    """« RAS », « Néant », « Aucun projet pour le moment »."""
    return bool(NEANT.match(plier(texte)))


def ajouter_ligne(
    section: SectionComprise, texte: str, element: str, niveau: int, imprime: str = ""
) -> None:
    """Ajoute la ligne à la section, selon ce que sa nature attend."""
    ligne = {"intitule": texte, "element": element, "imprime_sous": imprime}
    match section.nature:
        case "jalons":
            _jalon(section, ligne, niveau)
        case "livrables":
            section.lignes.append({**ligne, **_date(texte)})
        case "criteres":
            _critere(section, ligne, niveau)
        case "projets_lies":
            _projets(section, ligne)
        case "responsables":
            _responsable(section, ligne)
        case _:
            section.lignes.append(ligne)


def _date(texte: str) -> dict[str, str]:
    trouvee = echeance(texte)
    if trouvee is None:
        return {"echeance_texte": "", "echeance": "", "precision": "jour"}
    jour = trouvee.jour.isoformat() if trouvee.jour else ""
    return {"echeance_texte": trouvee.texte, "echeance": jour, "precision": trouvee.precision}


def _jalon(section: SectionComprise, ligne: dict[str, str], niveau: int) -> None:
    """« Fin 2015 » puis, en retrait, ce qui est attendu : la date vaut pour les suivants."""
    date = _date(ligne["intitule"])
    seule = date["echeance_texte"] and len(ligne["intitule"]) <= len(date["echeance_texte"]) + 4
    if seule:
        section.lignes.append({**ligne, **date, "groupe": "1"})
        return
    if not date["echeance_texte"] and section.lignes:
        avant = section.lignes[-1]
        date = {c: avant[c] for c in ("echeance_texte", "echeance", "precision")}
        if avant.get("groupe") and niveau >= 0:
            section.lignes.pop()
            section.periode = ""
    section.lignes.append({**ligne, **date})


def _critere(section: SectionComprise, ligne: dict[str, str], niveau: int) -> None:
    plie = plier(ligne["intitule"])
    for nature in ("qualitatif", "quantitatif"):
        if re.match(rf"^\W*(?:criteres? |indicateurs? )?{nature}s?\s*:?\W*$", plie):
            section.periode = nature
            return
    section.lignes.append({**ligne, "nature": section.periode or "qualitatif"})


def _projets(section: SectionComprise, ligne: dict[str, str]) -> None:
    trouves = PROJETS.search(plier(ligne["intitule"]))
    numeros = re.findall(r"\d{1,3}", trouves[1]) if trouves else []
    if not numeros:
        section.lignes.append(ligne)
    section.lignes += [{**ligne, "intitule": f"Projet {n}"} for n in numeros]


def _responsable(section: SectionComprise, ligne: dict[str, str]) -> None:
    """« Prénom Nom / service », ou « Institution : Prénom Nom »."""
    texte = ligne["intitule"]
    if ":" in texte:
        organisme, _, personne = texte.partition(":")
    else:
        personne, _, organisme = re.sub(r"\s+[–-]\s+", "/", texte).partition("/")
    section.lignes.append(
        {**ligne, "personne": personne.strip(), "organisme": organisme.strip(), "imprime": texte}
    )


def intervenant(texte: str, niveau: int) -> dict[str, str] | None:
    """Une personne du programme : nom, fonction, et si elle reste à confirmer."""
    reserve = bool(SOUS_RESERVE.search(texte))
    texte = SOUS_RESERVE.sub("", texte).strip()
    if niveau == 0:
        trouve = PAR.search(texte)
        return {"nom": trouve[1], "fonction": "", "reserve": ""} if trouve else None
    propre = texte.replace("*", "")
    lu = NOM.match(propre)
    if lu is None:
        return None
    return {"nom": lu[1].strip(), "fonction": lu[2].strip(), "reserve": "oui" if reserve else ""}
