"""Ce qui fait refuser un fichier, dit à qui l'a donné."""

MESSAGES_MAX = 20


class Refus(Exception):
    """Le fichier ne peut être importé ; rien n'est écrit. Chaque message dit où et pourquoi."""

    def __init__(self, *messages: str) -> None:
        self.messages = list(messages)
        dits = self.messages[:MESSAGES_MAX]
        if reste := len(self.messages) - len(dits):
            dits.append(f"… et {reste} autre{'s' if reste > 1 else ''}.")
        super().__init__("\n".join(dits))
