"""La seule porte par où une mesure s'écrit : version contrôlée, historique, secret recalculé."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from edition.ecriture import VersionPerimee, mettre_a_jour
from indicateurs import millesimes
from indicateurs.egalites import egalites_entre
from indicateurs.enums import Agregation, StatutMesure
from indicateurs.models import ImportMesures, Indicateur, Mesure, Millesime, VersionMesure
from indicateurs.secret import a_taire
from territoires.models import Territoire

Cle = tuple[int, int, int]  # indicateur, territoire, millésime
ETAT = ("valeur", "statut", "note", "demonstration")


@dataclass(frozen=True)
class Saisie:
    """Ce qu'une mesure doit devenir ; `version` : celle qu'on a lue, None si elle n'existe pas."""

    indicateur: int
    territoire: int
    millesime: int
    valeur: Decimal | None
    statut: str
    note: str = ""
    demonstration: bool = False
    version: int | None = None

    @property
    def cle(self) -> Cle:
        return (self.indicateur, self.territoire, self.millesime)

    @property
    def etat(self) -> dict[str, Any]:
        return {nom: getattr(self, nom) for nom in ETAT}


class MesuresPerimees(Exception):
    """Des mesures ont changé depuis qu'on les a lues : 409, rien n'est écrit."""

    def __init__(self, cles: Sequence[Cle]) -> None:
        self.cles = list(cles)
        s = "s" if len(cles) > 1 else ""
        verbe = "ont" if s else "a"
        super().__init__(f"{len(cles)} mesure{s} {verbe} changé depuis votre lecture : relisez.")


def exiger(contrat: Contrat, par: Utilisateur | None) -> None:
    """`par` vide : ligne de commande, sans contrôle de droit."""
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en écrire les mesures.")


def millesime(texte: str) -> Millesime:
    """Le millésime que ce texte écrit, créé s'il est nouveau ; `MillesimeInvalide`."""
    forme = millesimes.lire(texte)
    return Millesime.objects.get_or_create(
        cle=forme.cle,
        defaults={
            "forme": forme.forme,
            "libelle": forme.libelle,
            "debut": forme.debut,
            "fin": forme.fin,
        },
    )[0]


@transaction.atomic
def ecrire_mesures(
    saisies: Iterable[Saisie],
    *,
    par: Utilisateur | None,
    motif: str = "",
    depot: ImportMesures | None = None,
    le: datetime.datetime | None = None,
) -> list[Mesure]:
    """Écrit tout ou rien ; rend les mesures créées ou changées, jamais celles déjà ainsi.

    `le` : instant gardé dans l'historique, maintenant par défaut (un jeu de données le précise).
    """
    voulues = {s.cle: s for s in saisies}
    identites = _verrouiller(s.indicateur for s in voulues.values())
    presentes = _presentes(voulues)
    perimees = [
        cle
        for cle, s in voulues.items()
        if s.version != (presentes[cle].version if cle in presentes else None)
    ]
    if perimees:
        raise MesuresPerimees(perimees)
    neuves = [cle for cle in voulues if cle not in presentes]
    derniers, identifiants = _derniers_numeros(neuves), _identifiants(neuves, identites)
    ecrites = []
    for cle, saisie in voulues.items():
        mesure = presentes.get(cle)
        if mesure is None:
            ecrites.append(_neuve(saisie, derniers.get(cle, 0) + 1, identifiants[cle]))
        elif any(getattr(mesure, nom) != valeur for nom, valeur in saisie.etat.items()):
            _changer(mesure, saisie)
            ecrites.append(mesure)
    Mesure.objects.bulk_create([m for m in ecrites if m.pk is None])
    _garder(ecrites, par=par, motif=motif, depot=depot, le=le)
    recalculer_secrets({(m.indicateur_id, m.millesime_id) for m in ecrites})
    return ecrites


@transaction.atomic
def retirer_mesures(
    mesures: Iterable[Mesure],
    *,
    par: Utilisateur | None,
    motif: str = "",
    depot: ImportMesures | None = None,
) -> None:
    """Retire ces mesures, à leur version lue ; l'historique les garde."""
    lues = list(mesures)
    _verrouiller(m.indicateur_id for m in lues)
    for mesure in lues:
        if not Mesure.objects.filter(pk=mesure.pk, version=mesure.version).delete()[0]:
            raise VersionPerimee(mesure, mesure.version)
        mesure.version += 1
    _garder(lues, par=par, motif=motif, depot=depot, le=None, retirees=True)
    recalculer_secrets({(m.indicateur_id, m.millesime_id) for m in lues})


def _verrouiller(indicateurs: Iterable[int]) -> dict[int, uuid.UUID]:
    """Un écrivain à la fois par indicateur : le secret se calcule sur des lignes qui ne bougent.

    Toujours dans le même ordre : deux imports ne s'attendent pas l'un l'autre. Rend leurs
    identifiants publics.
    """
    cles = sorted(set(indicateurs))
    lignes = Indicateur.objects.select_for_update().filter(pk__in=cles).order_by("pk")
    return dict(lignes.values_list("pk", "public_id"))


def _identifiants(cles: Sequence[Cle], identites: dict[int, uuid.UUID]) -> dict[Cle, uuid.UUID]:
    """L'adresse d'une mesure se tire de ce qu'elle mesure : retirée puis recréée, elle la garde."""
    if not cles:
        return {}
    lieux = dict(Territoire.objects.filter(pk__in={t for _, t, _ in cles}).values_list("pk", "cle"))
    dates = dict(Millesime.objects.filter(pk__in={m for _, _, m in cles}).values_list("pk", "cle"))
    return {(i, t, m): uuid.uuid5(identites[i], f"{lieux[t]}|{dates[m]}") for i, t, m in cles}


def _presentes(voulues: dict[Cle, Saisie]) -> dict[Cle, Mesure]:
    lignes = Mesure.objects.filter(
        indicateur__in={c[0] for c in voulues}, millesime__in={c[2] for c in voulues}
    )
    return {
        cle: m
        for m in lignes
        if (cle := (m.indicateur_id, m.territoire_id, m.millesime_id)) in voulues
    }


def _derniers_numeros(cles: Iterable[Cle]) -> dict[Cle, int]:
    """Dernier numéro des mesures retirées : recréées, elles continuent leur suite."""
    cherchees = set(cles)
    if not cherchees:
        return {}
    lignes = (
        VersionMesure.objects.filter(
            indicateur__in={c[0] for c in cherchees}, millesime__in={c[2] for c in cherchees}
        )
        .order_by()
        .values_list("indicateur", "territoire", "millesime")
        .annotate(dernier=Max("numero"))
    )
    return {(i, t, m): dernier for i, t, m, dernier in lignes}


def _neuve(saisie: Saisie, version: int, public_id: uuid.UUID) -> Mesure:
    return Mesure(
        public_id=public_id,
        indicateur_id=saisie.indicateur,
        territoire_id=saisie.territoire,
        millesime_id=saisie.millesime,
        version=version,
        **saisie.etat,
    )


def _changer(mesure: Mesure, saisie: Saisie) -> None:
    # Une valeur qui n'en est plus une ne se tait plus pour une autre : la base le refuserait.
    tue = mesure.secret_induit and saisie.statut in StatutMesure.chiffres()
    mettre_a_jour(mesure, version=mesure.version, secret_induit=tue, **saisie.etat)


def _garder(
    mesures: Sequence[Mesure],
    *,
    par: Utilisateur | None,
    motif: str,
    depot: ImportMesures | None,
    le: datetime.datetime | None,
    retirees: bool = False,
) -> None:
    instant = le or timezone.now()
    vide = {"valeur": None, "statut": "", "note": "", "demonstration": False}
    VersionMesure.objects.bulk_create(
        VersionMesure(
            indicateur_id=m.indicateur_id,
            territoire_id=m.territoire_id,
            millesime_id=m.millesime_id,
            numero=m.version,
            ecrite_le=instant,
            auteur=par,
            motif=motif[:300],
            depot=depot,
            **(vide if retirees else {nom: getattr(m, nom) for nom in ETAT}),
        )
        for m in mesures
    )


@transaction.atomic
def recalculer_secrets(couples: Iterable[tuple[int, int]]) -> int:
    """Tait et découvre, pour ces couples (indicateur, millésime) ; rend combien changent."""
    voulus = set(couples)
    if not voulus:
        return 0
    lignes = Mesure.objects.filter(
        indicateur__in={i for i, _ in voulus}, millesime__in={m for _, m in voulus}
    ).values_list(
        "indicateur", "millesime", "territoire", "pk", "valeur", "statut", "secret_induit"
    )
    sommables = set(
        Indicateur.objects.filter(
            pk__in={i for i, _ in voulus}, agregation=Agregation.SOMME
        ).values_list("pk", flat=True)
    )
    jadis = _jadis_secretes(voulus)
    groupes: dict[tuple[int, int], list[Any]] = {couple: [] for couple in voulus}
    for indicateur, millesime_, *reste in lignes:
        if (indicateur, millesime_) in voulus:
            groupes[indicateur, millesime_].append(reste)
    taire: set[int] = set()
    montrer: set[int] = set()
    for couple, mesures in groupes.items():
        induits = _induits(mesures, jadis[couple]) if couple[0] in sommables else set()
        for territoire, pk, _, _, tue in mesures:
            if (territoire in induits) != tue:
                (taire if territoire in induits else montrer).add(pk)
    for cles, tue in ((taire, True), (montrer, False)):
        if cles:  # ce que lit le public change : la version aussi
            Mesure.objects.filter(pk__in=cles).update(
                secret_induit=tue, version=F("version") + 1, modifie_le=timezone.now()
            )
    return len(taire) + len(montrer)


def _jadis_secretes(couples: set[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Territoires dont une version fut secrète : retirée ou vidée, la valeur reste à protéger."""
    lignes = VersionMesure.objects.filter(
        indicateur__in={i for i, _ in couples},
        millesime__in={m for _, m in couples},
        statut=StatutMesure.SECRET,
    )
    trouvees: dict[tuple[int, int], set[int]] = defaultdict(set)
    for indicateur, millesime_, territoire in (
        lignes.order_by().values_list("indicateur", "millesime", "territoire").distinct()
    ):
        trouvees[indicateur, millesime_].add(territoire)
    return trouvees


def _induits(mesures: list[Any], jadis: set[int]) -> set[int]:
    chiffres = {t: valeur for t, _, valeur, _, _ in mesures if valeur is not None}
    secrets = {t for t, _, _, statut, _ in mesures if statut == StatutMesure.SECRET}
    secrets |= jadis - chiffres.keys()
    if not secrets:
        return set()
    # « Sans objet » vaut zéro dans une somme : il ne cache rien.
    nuls = {t for t, _, _, s, _ in mesures if s == StatutMesure.SANS_OBJET} - secrets
    chiffres |= dict.fromkeys(nuls, Decimal(0))
    deja = {t for t, _, _, _, tue in mesures if tue}
    egalites = egalites_entre({*(t for t, *_ in mesures), *secrets})
    return a_taire(secrets, chiffres, egalites, deja, nuls)


def tout_recalculer() -> int:
    """Après un changement du référentiel : chaque couple où une valeur est, ou fut, secrète ; rend
    le nombre de mesures tues ou découvertes."""
    secretes = VersionMesure.objects.filter(statut=StatutMesure.SECRET)
    tues = Mesure.objects.filter(secret_induit=True)
    couples = {
        couple
        for lignes in (secretes, tues)
        for couple in lignes.order_by().values_list("indicateur", "millesime").distinct()
    }
    return recalculer_secrets(couples)
