"""Le retour : un contrat part en DOCX chez les partenaires, revient annoté, et se compare.

`pieces` (ce qui peut changer, par clé), `docx` (écrire), `lecture` (relire par signets),
`comparaison` (le redline), `application` (ce qu'on accepte s'écrit, par les portes communes).
"""
