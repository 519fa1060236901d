"""Pages des contrats, des fiches et des actions."""
