"""Records and photos in one file, for where there is no network at all.

Sealed to the server's key for the school, which every device has pinned: whoever carries the file,
a stick, a colleague's phone, a chat, reads nothing of it and can change nothing unnoticed.
"""
