"""Rapproche les partenaires nommés par le fichier des organismes connus."""

from django.contrib.auth.models import AnonymousUser
from rapidfuzz import fuzz, process

from contrats.models import Contrat, Partenariat
from partenaires.models import Organisme
from perr.importation.formes import (
    IGNORER,
    Anomalie,
    Confiance,
    Endroit,
    Genre,
    Journal,
    Structure,
)
from perr.importation.structure import Ajouts
from perr.importation.textes import cle

PROCHE = 60


def rapprocher_les_partenaires(
    contrat: Contrat, structure: Structure, ajouts: Ajouts, journal: Journal
) -> None:
    """Un nom ou alias exact suffit ; une ressemblance se demande, un inconnu se laisse de côté."""
    voulus = {n: lue.partenaires for n, lue in structure.actions.items() if lue.partenaires}
    if not voulus:
        return
    organismes = list(
        Organisme.objects.visibles_par(AnonymousUser())
        .prefetch_related("alias")
        .order_by("nom", "pk")
    )
    noms = {cle(o.nom): o for o in organismes}
    for organisme in organismes:
        for alias in organisme.alias.all():
            noms.setdefault(cle(alias.libelle), organisme)
    deja = set(
        Partenariat.objects.filter(action__contrat=contrat).values_list(
            "action__numero", "organisme"
        )
    )
    for numero, lus in voulus.items():
        for nom in lus:
            trouve = noms[cle(nom)] if cle(nom) in noms else _demander(nom, noms, journal)
            if trouve and (numero, trouve.pk) not in deja:
                deja.add((numero, trouve.pk))
                ajouts.partenariats.append((numero, trouve.pk))


def _demander(nom: str, noms: dict[str, Organisme], journal: Journal) -> Organisme | None:
    proches: dict[int, tuple[Organisme, float]] = {}
    for trouve, note, _ in process.extract(cle(nom), list(noms), scorer=fuzz.WRatio, limit=8):
        if note >= PROCHE:
            proches.setdefault(noms[trouve].pk, (noms[trouve], note))
    candidats = list(proches.values())[:4]
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PARTENAIRE,
            endroit=Endroit("", 1),
            constat=f"Le partenaire « {nom} » n'est pas dans l'annuaire.",
            raison=f"« {candidats[0][0].nom} » lui ressemble à {candidats[0][1]:.0f} %."
            if candidats
            else "Aucun organisme ne lui ressemble : ajoutez-le à l'annuaire, puis revenez.",
            options=[(str(o.pk), f"C'est « {o.nom} »") for o, _ in candidats]
            + [(IGNORER, "Ne pas importer ce partenaire")],
            proposition=str(candidats[0][0].pk) if candidats else IGNORER,
            confiance=Confiance.FAIBLE,
            question=bool(candidats),
            sujet=cle(nom),
            partout=True,
        )
    )
    if anomalie.retenue in ("", IGNORER):
        return None
    return next(o for o, _ in candidats if str(o.pk) == anomalie.retenue)
