"""Les instances qu'un texte institue : qui préside, anime, est membre, et à quelle fréquence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.text import slugify

from contrats.models import Contrat
from gouvernance.enums import RoleParticipation, TypeInstance
from gouvernance.models import Instance, Participation
from reprise.lecture.formes import sans_marques
from reprise.rapprochement import connus
from reprise.reconnaissance.formes import Compris, Passage
from reprise.reconnaissance.listes import partenaires
from reprise.reconnaissance.vocabulaire import plier
from texte import nombres

PHRASES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«])")
INSTITUE = re.compile(
    r"\b(?:une?|le|la|l')\s*(?P<nom>(?:conference|conseil|comite|commission|assemblee|groupe)\s"
    r"[^,.;:]{3,80}?)\s+(?:est|sera|sont|seront|doit|doivent)\s+(?:egalement\s+|aussi\s+)?(?:etre\s+)?"
    r"(?:constitue|cree|institue|mise? en place|installe)"
)
# Ce qui suit (ou précède, pour « … seront associés aux travaux ») nomme les participants.
ROLES = [
    (RoleParticipation.CO_PRESIDE, r"(?:double|co-?)\s*presidence\s+d"),
    (RoleParticipation.CO_PRESIDE, r"co-?preside\w*\s+par\s"),
    (RoleParticipation.PRESIDE, r"\bpresidence\s+d"),
    (RoleParticipation.PRESIDE, r"\bpreside\w*\s+par\s"),
    (RoleParticipation.ANIME, r"\banime\w*\s+par\s"),
    (
        RoleParticipation.ASSOCIE_BESOIN,
        r"\bassocier\w*,?\s+(?:en tant que de besoins?|si besoin),?\s",
    ),
    (RoleParticipation.INTEGRE, r"\bintegrer\w*\s+(?:egalement\s)?"),
    (RoleParticipation.MEMBRE, r"\b(?:compose\w*|constitue\w*)\s+d"),
    (
        RoleParticipation.MEMBRE,
        r"\b(?:reunit|reunira|rassemble\w*|comprend\w*|represente)\s+(?=l|d|t)",
    ),
    (RoleParticipation.MEMBRE, r"\bs'appu\w+\s+sur\s"),
]  # fmt: skip
ROLES_LUS = [(role, re.compile(motif)) for role, motif in ROLES]
TRAVAUX = re.compile(r"\b(?:seront|sont)\s+associee?s?\s+aux\s+travaux\b")
MISSION = re.compile(r"\b(?:chargee?s?|en charge)\s+d(?:e |es |u |')")
UN_NOMBRE = nombres.MOTIF
FREQUENCE = re.compile(
    r"\b(?:se\s+reuni\w+|reunion\w*)[^.;]{0,40}?\s(?P<dit>(?:au\s+(?:moins|minimum)\s+)?"
    rf"(?:(?P<n>\d{{1,2}}|{UN_NOMBRE})\s+fois\s+(?:par\s+|l')"
    r"(?P<par>an|annee|semestre|trimestre|mois)"
    r"|chaque\s+(?P<chaque>annee|semestre|trimestre|mois)"
    rf"|tous\s+les\s+(?P<mois>\d{{1,2}}|{UN_NOMBRE})\s+mois"
    r"|tous\s+les\s+(?P<ans>ans)"
    r"|(?P<adverbe>annuelle|semestrielle|trimestrielle|mensuelle)ment))"
)
PAR_AN = {"an": 1, "ans": 1, "annee": 1, "annuelle": 1, "semestre": 2, "semestrielle": 2,
          "trimestre": 4, "trimestrielle": 4, "mois": 12, "mensuelle": 12}  # fmt: skip
DEVANT = re.compile(
    r"^(?:et\s+)?(?:par\s+|sur\s+)?(?:(?:d[eu]s?\s+|d['’])?(?:l[ea]s?\s+|l['’])?)"
    r"(?:repr[ée]sentant\w*\s+d(?:e la |e l['’]|es |u |e |['’]))?", re.I
)  # fmt: skip
ET = re.compile(r"\s+et\s+(?=(?:d[eu]s?|la|les?|par|sur|l['’]|d['’])[\s\w])", re.I)
DE = re.compile(r"\b(?:de la |de l['’]|du |des |de |d['’])", re.I)
FIN = re.compile(r"\s+(?:afin|pour|dont|qui|en vue|ainsi que leur)\b.*$")


@dataclass
class InstanceLue:
    """Une instance : son nom, ce qu'elle fait, ses participants (libellé imprimé, rôle)."""

    nom: str
    type: str
    element: str
    mission: str = ""
    frequence: str = ""
    par_an: int | None = None
    participants: list[tuple[str, RoleParticipation]] = field(default_factory=list)

    @property
    def places(self) -> list[tuple[str, str]]:
        return [(libelle, role.label.lower()) for libelle, role in self.participants]


def lire_instances(compris: Compris) -> list[InstanceLue]:
    """Celles que la reconnaissance a placées, puis celles qu'une phrase institue."""
    textes = [compris.preambule, *(a.texte for a in compris.articles)]
    textes += [a.texte for a in compris.axes]
    lues = [_lire(_nom(p.texte), p.element, _suite(p, compris, textes)) for p in compris.instances]
    for passages in textes:
        lues += [i for p in passages for i in _dites(p)]
    vues: dict[str, InstanceLue] = {}
    for lue in lues:
        vues.setdefault(plier(lue.nom), lue)
    return list(vues.values())


def _suite(instance: Passage, compris: Compris, textes: list[list[Passage]]) -> str:
    """Le passage, et ceux de son article jusqu'à l'instance suivante."""
    autres = {p.element for p in compris.instances} - {instance.element}
    for passages in textes:
        rang = next((k for k, p in enumerate(passages) if p.element == instance.element), None)
        if rang is None:
            continue
        morceaux = [instance.texte]
        for passage in passages[rang + 1 :]:
            if passage.element in autres or passage.texte.startswith("#"):
                break
            morceaux.append(passage.texte)
        return " ".join(sans_marques(m.removeprefix("- ")) for m in morceaux)
    return sans_marques(instance.texte)


def _dites(passage: Passage) -> Iterator[InstanceLue]:
    """« une conférence des maires est constituée. Elle se réunit… »"""
    phrases = PHRASES.split(sans_marques(passage.texte))
    ouvertes: list[tuple[str, list[str]]] = []
    for phrase in phrases:
        if trouve := INSTITUE.search(plier(phrase)):
            ouvertes.append((phrase[trouve.start("nom") : trouve.end("nom")], []))
        if ouvertes:
            ouvertes[-1][1].append(phrase)
    for nom, siennes in ouvertes:
        yield _lire(nom, passage.element, " ".join(siennes))


def _nom(texte: str) -> str:
    """Le nom en gras, sinon les premiers mots."""
    _, _, suite = texte.partition("**")
    gras = suite.partition("**")[0]
    nu = re.sub(r"^(?:une?|des?|les?|la)\s+", "", sans_marques(gras or texte), flags=re.I)
    return nu if len(nu) <= 80 else " ".join(nu.split()[:6])


def _lire(nom: str, element: str, texte: str) -> InstanceLue:
    lue = InstanceLue(nom, _type(nom), element)
    for phrase in PHRASES.split(texte):
        plie = plier(phrase)
        if not lue.mission and (trouve := MISSION.search(plie)):
            mission = phrase[trouve.end() :].strip(" .")
            lue.mission = mission[:1].upper() + mission[1:]
        if not lue.frequence and (trouve := FREQUENCE.search(plie)):
            lue.frequence = phrase[trouve.start("dit") : trouve.end("dit")][:120]
            lue.par_an = _par_an(trouve)
        lue.participants += _participants(phrase, plie)
    return lue


def _par_an(m: re.Match[str]) -> int | None:
    if m["mois"]:
        return 12 // max(1, _nombre(m["mois"]))
    periode = m["par"] or m["chaque"] or m["ans"] or m["adverbe"]
    return _nombre(m["n"] or "une") * PAR_AN[periode] if periode else None


def _nombre(texte: str) -> int:
    return nombres.lire(texte) or 1


def _participants(phrase: str, plie: str) -> list[tuple[str, RoleParticipation]]:
    if trouve := TRAVAUX.search(plie):
        return [(n, RoleParticipation.ASSOCIE_TRAVAUX) for n in _noms(phrase[: trouve.start()])]
    for role, motif in ROLES_LUS:
        if trouve := motif.search(plie):
            suite = phrase[trouve.end() - (plie[trouve.end() - 1] == "d") :]
            noms = _noms(suite)
            if role == RoleParticipation.PRESIDE and len(noms) > 1:
                role = RoleParticipation.CO_PRESIDE
            return [(n, role) for n in noms]
    return []


def _noms(texte: str) -> list[str]:
    """« du Président de X et du Président de Y, de leur représentant » : les deux premiers."""
    mentions, _ = partenaires(texte.strip(" ."))
    noms = []
    for mention in mentions:
        hors_parentheses = mention.partition("(")[0]
        morceaux = ET.split(mention) if ET.search(hors_parentheses) else [mention]
        noms += [FIN.sub("", DEVANT.sub("", m.strip())).strip(" .,") for m in morceaux]
    noms = [n for n in noms if n and not plier(n).startswith("leur")]
    return [n[:254] for n in _adjectifs(noms)]


def _adjectifs(noms: list[str]) -> Iterable[str]:
    """« acteurs économiques, sociaux et associatifs » : trois sortes d'acteurs."""
    if len(noms) < 2 or len(noms[0].split()) != 2:
        return noms
    suite = [m for n in noms[1:] for m in n.split(" et ")]
    if not all(len(m.split()) == 1 and m[:1].islower() for m in suite[:-1]):
        return noms
    *seuls, dernier = suite
    dernier = dernier.split()[0]
    return [noms[0], *(f"{noms[0].split()[0]} {m}" for m in [*seuls, dernier])]


def _type(nom: str) -> str:
    plie = plier(nom)
    for mot, genre in (
        ("pilotage", TypeInstance.PILOTAGE),
        ("technique", TypeInstance.TECHNIQUE),
        ("themati", TypeInstance.THEMATIQUE),
        ("citoyen", TypeInstance.CITOYENNE),
        ("territoriales", TypeInstance.TERRITORIALE),
    ):
        if mot in plie:
            return genre
    return TypeInstance.CONSULTATIVE


def ecrire_instances(contrat: Contrat, compris: Compris) -> None:
    """Chaque instance et ses participants ; l'organisme, quand l'annuaire en connaît le nom."""
    lues = lire_instances(compris)
    libelles = [libelle for lue in lues for libelle, _ in lue.participants]
    organismes = connus(nom for libelle in libelles for nom in _noms_possibles(libelle))
    for ordre, lue in enumerate(lues, 1):
        instance = Instance.objects.create(
            contrat=contrat, cle=f"{ordre}-{slugify(lue.nom)[:100]}", ordre=ordre,
            nom=lue.nom[:254], type=lue.type, mission=lue.mission, frequence=lue.frequence,
            par_an=lue.par_an,
        )  # fmt: skip
        Participation.objects.bulk_create(
            Participation(
                instance=instance, ordre=rang, libelle=libelle, role=role,
                organisme=next(
                    (organismes[n] for n in _noms_possibles(libelle) if n in organismes), None
                ),
            )
            for rang, (libelle, role) in enumerate(lue.participants, 1)
        )  # fmt: skip


def _noms_possibles(libelle: str) -> list[str]:
    """« Président de Toulouse Métropole » : tel quel, puis ce qui suit chaque « de »."""
    nu = libelle.partition("(")[0].strip()
    return [nu, *(nu[m.end() :] for m in DE.finditer(nu))]
