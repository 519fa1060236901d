"""Changer d'un coup une liste d'actions (état, pilote, échéance) ou de fiches (état).

`changement` dit ce qu'une action devient ; `plan`, ligne à ligne, ce qui change et ce qui reste ;
`lot` l'écrit en une transaction et le défait. `fiches` fait de même de l'état des fiches.
"""
