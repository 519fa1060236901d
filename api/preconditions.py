"""`If-Match` : ce qui s'écrit est ce que l'appelant a lu.

L'étiquette d'un objet est `"v7-<empreinte>"` : sa version, puis l'empreinte de ses octets. La
lecture compare le tout ; l'écriture, la version seule, que tout enregistrement fait avancer. Un
partenaire renommé ne fait donc pas un faux conflit, et le champ `version` d'une liste suffit
(`"v7"`). Un intermédiaire qui compresse affaiblit l'étiquette (`W/"…"`) : elle vaut la forte, ce en
quoi nous nous écartons de RFC 9110.
"""

import re

from api.problemes import Refus

ETIQUETTE = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
LISTE = re.compile(rf"[\s,]*{ETIQUETTE}(?:\s*,[\s,]*{ETIQUETTE})*[\s,]*")
VERSION = re.compile(r'(?:W/)?"v([0-9]{1,9})(?:-[0-9a-f]{32})?"')


def verifier(entete: str | None, version: int) -> None:
    """Lève `Refus` : 428 sans l'en-tête, 400 s'il est mal formé, 412 s'il vise autre chose.

    Une étiquette bien formée qui n'est pas de nous ne désigne aucune version : 412.
    """
    if entete is None:
        raise Refus(428)
    if entete.strip() == "*":
        return
    if not LISTE.fullmatch(entete):
        dit = 'Écrivez l\'étiquette lue dans ETag, guillemets compris : "v7-…".'
        raise Refus(400, erreurs=[{"parameter": "If-Match", "message": dit}])
    if version not in map(int, VERSION.findall(entete)):
        raise Refus(412)
