"""signin_cookie.py - what a page sends beside its cookie, written apart from the program."""
import base64
import hashlib


def csrf_of(token):
    """X-CSRF-Token of a session's token: 24 bytes of BLAKE2b under its purpose, in base64url."""
    return base64.urlsafe_b64encode(hashlib.blake2b(token.encode(), key=b'patbridge csrf 1', digest_size=24).digest()).decode()
