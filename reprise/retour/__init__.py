"""Le retour : un contrat part en DOCX chez les partenaires, revient annoté, et se compare.

`pieces` (ce qui peut changer, par clé), `docx` (écrire), `relecture` (relire), `alignement` (quel
paragraphe est devenu lequel), `comparaison` (le redline), `application` et `points` (ce qu'on
accepte s'écrit, par les portes communes).
"""
