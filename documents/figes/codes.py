"""Le code court d'un document figé : imprimé en page 1, dit au téléphone, lu par un appareil photo.

Huit signes de l'alphabet de Crockford (ni I, ni L, ni O, ni U) : mille milliards de codes, et une
saisie en minuscules, sans tiret, ou avec O pour 0, se retrouve.
"""

import base64
import io
import re
import secrets

import qrcode
from qrcode.image.svg import SvgPathImage

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DANS_LES_OCTETS = re.compile(rb"RCP-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
CONFUSIONS = str.maketrans("OIL", "011")


def nouveau() -> str:
    """Un code au hasard : « RCP-7K3M-Q2ZD »."""
    tire = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"RCP-{tire[:4]}-{tire[4:]}"


def lire(saisie: str) -> str | None:
    """Le code sous sa forme imprimée, ou rien si ce n'en est pas un."""
    signes = re.sub(r"[\s-]+", "", saisie.upper()).removeprefix("RCP").translate(CONFUSIONS)
    if len(signes) != 8 or any(signe not in ALPHABET for signe in signes):
        return None
    return f"RCP-{signes[:4]}-{signes[4:]}"


def image(adresse: str) -> str:
    """Le code QR de cette adresse, en image SVG à placer dans une page imprimée (`data:`)."""
    dessin = qrcode.make(adresse, image_factory=SvgPathImage, border=0, box_size=10)
    octets = io.BytesIO()
    dessin.save(octets)
    return "data:image/svg+xml;base64," + base64.b64encode(octets.getvalue()).decode()
