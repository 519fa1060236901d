"""Ce que l'import changera : le fichier comparé à la base, sans rien écrire."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from territoires.enums import Couverture, NatureFiliation, TypeTerritoire
from territoires.importation.geometrie import DECIMALES, centre, contour
from territoires.importation.lecture import Commune, QuartierLu
from territoires.importation.refus import Refus
from territoires.models import AliasTerritoire, Filiation, Rattachement, Territoire
from texte.recherche import normaliser

ENTREE_EN_VIGUEUR = {2015: datetime.date(2015, 1, 1), 2024: datetime.date(2024, 1, 1)}
# Communes lues, chacune reconnue ou à créer.
Communes = list[tuple[Commune, Territoire | None]]
# Outre-mer, la génération 2024 entre en vigueur un an plus tard.
RETARD_OUTRE_MER = datetime.date(2025, 1, 1)


@dataclass
class Changement:
    """Un quartier du fichier, le territoire reconnu (`None` : à créer) et ce qui y change."""

    lu: QuartierLu
    quartier: Territoire | None
    champs: dict[str, Any]
    rapproche: bool = False
    ancien_nom: str = ""
    communes: list[tuple[Commune, Territoire | None, str]] = field(default_factory=list)
    """Communes à rattacher : lue, reconnue (`None` : à créer), couverture."""
    filiations: list[tuple[Filiation, NatureFiliation]] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return bool(self.quartier) and not (self.champs or self.communes or self.filiations)


@dataclass
class Plan:
    """Tous les changements, et ce qu'il faut faire relire."""

    generation: int
    changements: list[Changement]
    remarques: list[str] = field(default_factory=list)

    @property
    def crees(self) -> list[Changement]:
        return [c for c in self.changements if c.quartier is None]

    @property
    def rapproches(self) -> list[Changement]:
        return [c for c in self.changements if c.rapproche]

    @property
    def completes(self) -> list[Changement]:
        return [c for c in self.changements if c.quartier and not c.est_vide]

    @property
    def inchanges(self) -> list[Changement]:
        return [c for c in self.changements if c.est_vide]


class _Base:
    """Ce que la base connaît, lu une fois."""

    def __init__(self, generation: int) -> None:
        quartiers = list(Territoire.objects.filter(type=TypeTerritoire.QPV).order_by("pk"))
        self.par_code = {t.code: t for t in quartiers if t.code}
        self.noms: dict[str, set[Territoire]] = defaultdict(set)
        # Seul un quartier encore sans code se reconnaît à son nom.
        sans_code = {t.pk: t for t in quartiers if not t.code and t.generation == generation}
        for t in sans_code.values():
            self.noms[_mots(t.nom)].add(t)
        for alias in AliasTerritoire.objects.filter(territoire__in=sans_code):
            self.noms[_mots(alias.libelle)].add(sans_code[alias.territoire_id])
        communes = list(Territoire.objects.filter(type=TypeTerritoire.COMMUNE).order_by("pk"))
        self.communes = {t.code: t for t in communes if t.code}
        self.communes_par_nom: dict[str, list[Territoire]] = defaultdict(list)
        for t in communes:
            self.communes_par_nom[_mots(t.nom)].append(t)
        self.rattachements: dict[int, dict[int, Rattachement]] = defaultdict(dict)
        for r in Rattachement.objects.filter(enfant__in=quartiers, parent__in=communes):
            self.rattachements[r.enfant_id][r.parent_id] = r
        self.filiations: dict[int, list[Filiation]] = defaultdict(list)
        for f in Filiation.objects.exclude(nouveau=None).select_related("ancien").order_by("pk"):
            self.filiations[f.nouveau_id or 0].append(f)  # jamais 0 : écarté par la requête

    def commune(self, lue: Commune) -> Territoire | None:
        """La commune connue, `None` si elle est à créer."""
        code, nom = lue
        if code in self.communes:
            return self.communes[code]
        if code and nom:
            return None
        if code:
            raise ValueError(f"la commune {code} est inconnue, et le fichier ne dit pas son nom")
        homonymes = self.communes_par_nom[_mots(nom)]
        if len(homonymes) != 1:
            combien = (
                "plusieurs communes s'appellent" if homonymes else "aucune commune connue n'est"
            )
            raise ValueError(f"{combien} « {nom} » : il faut son code de l'Insee")
        return homonymes[0]


def preparer(lus: list[QuartierLu], generation: int) -> Plan:
    """Le plan d'import ; lève `Refus` si un rapprochement est incertain."""
    base, plan, fautes = _Base(generation), Plan(generation, []), []
    reconnus: dict[int, QuartierLu] = {}
    for lu in lus:
        try:
            communes = [(lue, base.commune(lue)) for lue in lu.communes]
            quartier, rapproche = _reconnaitre(lu, communes, base, generation)
            if quartier and (autre := reconnus.setdefault(quartier.pk, lu)) is not lu:
                raise ValueError(f"« {quartier} » est déjà reconnu ({autre.endroit}, {autre.code})")
        except ValueError as erreur:
            fautes.append(f"{lu.endroit} ({lu.code}) : {erreur}.")
            continue
        changement = _changement(lu, quartier, rapproche, base, plan)
        changement.communes = _a_rattacher(quartier, communes, base)
        plan.changements.append(changement)
    if fautes:
        raise Refus(*fautes)
    return plan


def _mots(nom: str) -> str:
    return " ".join(normaliser(nom).split())


def _reconnaitre(
    lu: QuartierLu, communes: Communes, base: _Base, generation: int
) -> tuple[Territoire | None, bool]:
    """Par le code, sinon par le nom ou un alias, dans une des communes lues."""
    if connu := base.par_code.get(lu.code):
        if connu.generation != generation:
            raise ValueError(f"ce code est celui d'un quartier de {connu.generation}, « {connu} »")
        return connu, False
    homonymes = base.noms[_mots(lu.nom)]
    if communes:
        connues = {commune.pk for _, commune in communes if commune}
        homonymes = {t for t in homonymes if connues & set(base.rattachements[t.pk])}
    if len(homonymes) > 1:
        raise ValueError(f"plusieurs quartiers sans code s'appellent « {lu.nom} » : lequel est-ce")
    return (next(iter(homonymes)), True) if homonymes else (None, False)


def _changement(
    lu: QuartierLu, quartier: Territoire | None, rapproche: bool, base: _Base, plan: Plan
) -> Changement:
    voulus = _champs(lu, plan.generation)
    changement = Changement(lu, quartier, voulus, rapproche)
    if quartier:
        changement.champs = {c: v for c, v in voulus.items() if getattr(quartier, c) != v}
        if "nom" in changement.champs:
            changement.ancien_nom = quartier.nom
        changement.filiations = _filiations(lu, quartier, base, plan)
    return changement


def _champs(lu: QuartierLu, generation: int) -> dict[str, Any]:
    """Un fichier sans contour n'efface ni contour ni point."""
    champs: dict[str, Any] = {"nom": lu.nom, "code": lu.code}
    if lu.surfaces:
        longitude, latitude = (_decimal(n) for n in centre(lu.surfaces))
        champs |= {
            "contour": contour(lu.surfaces),
            "longitude": longitude,
            "latitude": latitude,
        }
    return champs


def _decimal(nombre: float) -> Decimal:
    return Decimal(f"{nombre:.{DECIMALES}f}")


def dates(code: str, generation: int) -> dict[str, datetime.date | None]:
    """Dates de validité d'un quartier de cette génération."""
    outre_mer = code[2:4] in ("97", "98")
    suivante = RETARD_OUTRE_MER if outre_mer else ENTREE_EN_VIGUEUR[2024]
    if generation == 2024:
        return {"valide_du": suivante, "valide_au": None}
    return {"valide_du": ENTREE_EN_VIGUEUR[2015], "valide_au": suivante - datetime.timedelta(1)}


def _a_rattacher(
    quartier: Territoire | None, communes: Communes, base: _Base
) -> list[tuple[Commune, Territoire | None, str]]:
    """Rattachements à créer ou à corriger ; aucun n'est retiré."""
    couverture = Couverture.PARTIELLE if len(communes) > 1 else Couverture.TOTALE
    actuels = base.rattachements[quartier.pk] if quartier else {}
    voulus = []
    for lue, commune in communes:
        actuel = actuels.get(commune.pk) if commune else None
        if actuel is None or actuel.couverture != couverture:
            voulus.append((lue, commune, couverture.value))
    return voulus


def _filiations(
    lu: QuartierLu, quartier: Territoire, base: _Base, plan: Plan
) -> list[tuple[Filiation, NatureFiliation]]:
    """La dernière lettre d'un code de 2024 tranche une filiation « à faire vérifier »."""
    if plan.generation != 2024:
        return []
    tranchees = {"I": NatureFiliation.INCHANGE, "M": NatureFiliation.MODIFIE}
    voulue, trouvees = tranchees.get(lu.code[-1]), []
    for filiation in base.filiations[quartier.pk]:
        nature = NatureFiliation(filiation.nature)
        if filiation.a_verifier and voulue and nature in tranchees.values():
            trouvees.append((filiation, voulue))
        elif not _s_accorde(lu.code[-1], nature):
            plan.remarques.append(
                f"{lu.code} ({lu.nom}) : le code et la filiation « {nature.label} » se "
                "contredisent ; la filiation est laissée."
            )
    return trouvees


def _s_accorde(lettre: str, nature: NatureFiliation) -> bool:
    if lettre == "N":
        return nature == NatureFiliation.ENTREE
    if lettre == "I":
        return nature == NatureFiliation.INCHANGE
    return nature in (NatureFiliation.MODIFIE, NatureFiliation.FUSION, NatureFiliation.SCISSION)


def cle_libre(nom: str, generation: int, code: str, prises: set[str]) -> str:
    """`nom-2015` ou, si la clé est prise ailleurs en France, `nom-2015-qp031008`."""
    cle = f"{slugify(nom)[:90]}-{generation}"
    return cle if cle not in prises else f"{cle}-{code.lower()}"
