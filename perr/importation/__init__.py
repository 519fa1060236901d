"""Import d'un tableau de PERR : lire, reconnaître, nommer les anomalies, prévoir, puis écrire.

`lecteur` (octets → feuilles), `tableau` (feuilles → cellules), `anomalies` (ce qui ne va pas et ce
qu'on propose), `plan` (ce qui changerait), `application` (tout ou rien). Rien n'écrit en base avant
`application`.
"""
