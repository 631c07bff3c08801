"""The device's secrets: its private key and its tokens, kept where the system keeps such things."""

from client.device.vault.choose import forget_sealed_secrets, open_secret_store
from client.device.vault.device_vault import DeviceVault, VaultTokens
from client.device.vault.errors import (
    DamagedSecrets,
    NoSecretStore,
    SecretStoreError,
    SecretStoreFailed,
    WrongPassphrase,
)
from client.device.vault.port import SecretStore

__all__ = [
    "DamagedSecrets",
    "DeviceVault",
    "NoSecretStore",
    "SecretStore",
    "SecretStoreError",
    "SecretStoreFailed",
    "VaultTokens",
    "WrongPassphrase",
    "forget_sealed_secrets",
    "open_secret_store",
]
