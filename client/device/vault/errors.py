"""What can go wrong with the secret store, each with its sentence in the catalogue `vault`.

SecretStoreError
├── NoSecretStore       the system keeps no secrets for us: ask for a passphrase
├── WrongPassphrase     the file of secrets does not open with it
├── DamagedSecrets      the file of secrets is not one, or was altered
└── SecretStoreFailed   the store is locked, or its system or disk refused

None of them is worse than signing in again: records are never encrypted with these secrets.
"""

from client.words import key


class SecretStoreError(Exception):
    word = key("vault.failed")


class NoSecretStore(SecretStoreError):
    """`sealed` is true when a file of secrets is there and only its passphrase is wanting."""

    word = key("vault.choose_passphrase")

    def __init__(self, *, sealed: bool) -> None:
        super().__init__("a passphrase is needed")
        self.sealed = sealed
        if sealed:
            self.word = key("vault.enter_passphrase")


class WrongPassphrase(SecretStoreError):
    word = key("vault.wrong_passphrase")


class DamagedSecrets(SecretStoreError):
    word = key("vault.damaged")


class SecretStoreFailed(SecretStoreError):
    word = key("vault.failed")
