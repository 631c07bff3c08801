"""Documents as schools keep them: the ledger 台账 and the rectification notice 整改通知书.

Made from plain values, on this device: no screen, no store, no network.
"""
