"""Le dossier de comité et le rapport annuel : un plan et des blocs, que trois formats rendent.

PDF, document modifiable et diaporama lisent ces blocs et rien d'autre : les mêmes chiffres partout.
"""

import datetime
from collections.abc import Iterator

from django.utils import timezone

from tableaux.annee import annee, un_an_avant
from tableaux.blocs import Dossier, Grille, Partie, abreger, couper, marque, suite
from tableaux.cartes import CLASSES
from tableaux.chiffre import Chiffre
from tableaux.enums import GenreRapport
from tableaux.perimetre import Lecteur, Perimetre
from tableaux.sources import Sources
from tableaux.tableau import Tableau, tableau

DEMONSTRATION = "Démonstration : les états, dates et montants ainsi marqués sont inventés."
PROGRAMMES_MAX = 40


def tableau_du_document(
    perimetre: Perimetre,
    par: Lecteur,
    genre: GenreRapport,
    au: datetime.date | None = None,
    depuis: datetime.date | None = None,
) -> Tableau:
    """Le tableau qu'imprime ce document : un rapport annuel se compare à l'an passé, ou au premier
    jour de l'histoire gardée, si elle est plus courte."""
    sources = Sources(perimetre, par)
    if genre == GenreRapport.ANNUEL and depuis is None:
        fin = min(au or timezone.localdate(), timezone.localdate())
        depuis = un_an_avant(fin)
        connu = sources.connu_depuis and timezone.localdate(sources.connu_depuis)
        if connu and depuis < connu < fin:
            depuis = connu
    return tableau(perimetre, par, au, depuis, sources)


def dossier(t: Tableau, genre: GenreRapport) -> Dossier:
    """Le dossier de ce tableau ; sans donnée, une partie n'y est pas."""
    au = f"À la date du {t.au:%d/%m/%Y}"
    compare = f", comparé au {t.depuis:%d/%m/%Y}" if t.depuis else ""
    mentions = [t.perimetre.phrase, f"{au}{compare}."]
    if t.demonstration:
        mentions.append(DEMONSTRATION)
    plan = PARTIES if genre == GenreRapport.COMITE else (_essentiel, annee, *PARTIES[1:])
    parties = [p for construire in plan for p in construire(t)]
    return Dossier(
        genre,
        f"{genre.label} : {t.perimetre.nom}",
        t.perimetre.nom,
        t.titre,
        mentions,
        parties,
    )


def _essentiel(t: Tableau) -> Iterator[Partie]:
    alors = f"Le {t.depuis:%d/%m/%Y}" if t.depuis else "Au comité précédent"
    meteo = "Météo : non renseignée."
    if t.meteo:
        dite = f"Météo : {t.meteo.mot.lower()}. {t.meteo.phrase}"
        meteo = marque(dite, t.meteo.demonstration)
    yield Partie(
        "L'essentiel",
        phrases=[f"{t.titre}.", meteo],
        barre=[(str(r["statut"]), str(r["libelle"]), int(str(r["nombre"]))) for r in t.repartition],
        grilles=[
            Grille(
                "Chiffres",
                ("Chiffre", "Valeur", "Part", alors),
                [
                    (
                        marque(c.libelle, c.demonstration),
                        c.texte,
                        c.part_texte,
                        c.precedent.texte if c.precedent else "",
                    )
                    for c in t.chiffres.values()
                ],
                nombres=1,
            )
        ],
    )


def _depuis(t: Tableau) -> Iterator[Partie]:
    if t.avant is None or not t.se_compare:
        return
    dits = [marque(abreger(f"{m.mot}. {m.nom} {m.phrase}"), m.demonstration) for m in t.mouvements]
    for nom, neuves, videes in t.cellules_changees:
        dits.append(f"{nom} : {neuves} cellules remplies, {videes} vidées.")
    gardes, reste = couper(dits)
    phrases = [] if dits else ["Rien n'a bougé."]
    yield Partie(f"Depuis le {t.avant.au:%d/%m/%Y}", [*phrases, *reste], gardes)


def _decisions(t: Tableau) -> Iterator[Partie]:
    if not t.decisions:
        return
    dites = [
        (
            marque(abreger(d.texte), d.demonstration),
            d.responsable,
            f"{d.avant_le:%d/%m/%Y}" if d.avant_le else "",
            d.mot,
        )
        for d in t.decisions
    ]
    lignes, reste = couper(dites)
    grille = Grille("Décisions des comités", ("Quoi", "Qui", "Avant le", "État"), lignes)
    yield Partie("Décisions", reste, grilles=[grille])


def _alertes(t: Tableau) -> Iterator[Partie]:
    dits = [
        marque(f"{a.chiffre.libelle} : {a.chiffre.texte}", a.chiffre.demonstration)
        for a in t.alertes
    ]
    yield Partie("Alertes et à renseigner", [] if dits else ["Rien à signaler."], dits)


def _carte(t: Tableau) -> Iterator[Partie]:
    carte = t.carte
    if not carte.rangees:
        return
    rangees = carte.rangees[:PROGRAMMES_MAX]
    reste = suite(len(carte.rangees) - PROGRAMMES_MAX)
    lignes = [
        (abreger(f"{r.numero} {r.nom}".strip(), 90), *(c.texte for c in r.cases), str(r.total))
        for r in rangees
    ]
    lignes.append((f"Total ({carte.actions} actions)", *map(str, carte.totaux), str(carte.total)))
    par_quartier = carte.genre == "quartiers"
    yield Partie(
        carte.titre,
        phrases=[
            *(["Actions déclinées, sur actions du programme."] if par_quartier else []),
            *reste,
        ],
        grilles=[
            Grille(
                "Programmes et quartiers" if par_quartier else "Programmes et états",
                ("Programme", *(c[1] for c in carte.colonnes), "Total"),
                lignes,
                nombres=1,
                degres=[tuple(c.degre for c in r.cases) for r in rangees] if par_quartier else [],
            )
        ],
    )


def _ecarts(t: Tableau) -> Iterator[Partie]:
    if not t.etat.indicateurs:
        return
    dites = [
        (
            marque(
                f"{i.nom} ({i.source}{', ' + i.millesime if i.millesime else ''})", i.demonstration
            ),
            f"{i.nb_chiffres} sur {i.nb_quartiers}",
            i.reference or "Non renseigné",
            i.pire or "Non renseigné",
            i.phrase,
        )
        for i in t.etat.indicateurs
    ]
    lignes, reste = couper(dites)
    tetes = (
        "Indicateur",
        "Quartiers chiffrés",
        "Référence",
        "Plus grand écart",
        "Ce qu'il devient",
    )
    phrase = "Chaque indicateur se lit dans sa génération de quartiers ; un secret reste tu."
    grille = Grille("Écarts entre quartiers et référence", tetes, lignes)
    yield Partie("Écarts entre quartiers et métropole", [phrase, *reste], grilles=[grille])


def _avancement(t: Tableau) -> Iterator[Partie]:
    yield Partie(
        "L'avancement, de comité en comité",
        grilles=[
            Grille(
                "Actions suivies par état, à chaque date",
                ("Date", *CLASSES.values(), "Total"),
                [
                    (
                        f"{p.le:%d/%m/%Y}{' (comité)' if p.comite else ''}",
                        *(str(p.nombres[cle]) for cle in CLASSES),
                        str(p.total),
                    )
                    for p in t.serie
                ],
                nombres=1,
            )
        ],
    )


def _tour(t: Tableau) -> Iterator[Partie]:
    if t.tour:
        lignes, reste = couper([(a.nom, ", ".join(a.phrases)) for a in t.tour])
        grille = Grille("Ce que l'on attend de chacun", ("Organisme", "Actions"), lignes)
        yield Partie("À qui le tour", reste, grilles=[grille])


def _promesses(t: Tableau) -> Iterator[Partie]:
    grilles: list[Grille] = []
    reste: list[str] = []
    if t.devoirs:
        lignes = [
            (d.nom, d.mot, marque(abreger(d.phrase), d.demonstration), d.source) for d in t.devoirs
        ]
        tetes = ("Devoir", "État", "Ce qu'on en sait", "Source")
        grilles.append(Grille("Devoirs", tetes, lignes))
    if t.balance:
        comptes = [
            (s.nom, *map(str, (s.dus, s.tenus, s.en_partie, s.non_tenus, s.non_dits, s.recus)))
            for s in t.balance
        ]
        soldes, reste = couper(comptes)
        mots = ("Partie", "Portés", "Tenus", "En partie", "Non tenus", "Non dits", "Reçus")
        grilles.append(Grille("Engagements réciproques", mots, soldes, nombres=1))
    if grilles:
        yield Partie("Devoirs et engagements réciproques", reste, grilles=grilles)


def _financement(t: Tableau) -> Iterator[Partie]:
    if t.sommes:
        lignes = [(marque(c.libelle, c.demonstration), c.texte) for c in t.sommes]
        phrase = "Un montant absent n'est pas zéro ; les apports en nature ne s'additionnent pas."
        grille = Grille("Sommes du contrat", ("Somme", "Montant"), lignes, nombres=1)
        yield Partie("Financement", [phrase], grilles=[grille])


def _derive(t: Tableau) -> Iterator[Partie]:
    if t.signe is None:
        return
    if not t.signature_connue:
        dit = "La plateforme ne gardait pas encore l'histoire à la signature."
    else:
        dit = "" if t.derive else "Dates et rédaction sont celles signées."
    dites = [
        (
            abreger(f"{d.nom}, {d.champ.lower()}"),
            *(abreger(dit_) for dit_ in (d.signe, d.comite, d.aujourdhui)),
        )
        for d in t.derive
    ]
    lignes, reste = couper(dites)
    tetes = ("Objet", "Signé", "Dernier comité", "À la date lue")
    yield Partie(
        f"Depuis la signature du {t.signe.au:%d/%m/%Y}",
        [*([dit] if dit else []), *reste],
        grilles=[Grille("Ce qui n'est plus comme signé", tetes, lignes)] if lignes else [],
        essentiel=False,
    )


def _definitions(t: Tableau) -> Iterator[Partie]:
    lignes = [_definition(c) for c in t.chiffres.values()]
    tetes = ("Chiffre", "Définition et formule", "Comptées", "Écartées")
    grille = Grille("Ce que compte chaque chiffre", tetes, lignes, nombres=2)
    phrase = "Chaque chiffre s'ouvre sur la plateforme : lignes comptées, lignes écartées, raisons."
    yield Partie("Comment ces chiffres sont comptés", [phrase], grilles=[grille], essentiel=False)


def _definition(c: Chiffre) -> tuple[str, ...]:
    return (
        c.libelle,
        f"{c.definition} {c.formule} Source : {c.source}.",
        str(len(c.comptees)),
        str(len(c.ecartees)),
    )


PARTIES = (
    _essentiel,
    _depuis,
    _decisions,
    _alertes,
    _carte,
    _ecarts,
    _avancement,
    _tour,
    _promesses,
    _financement,
    _derive,
    _definitions,
)
