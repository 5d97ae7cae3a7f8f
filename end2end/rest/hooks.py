"""What Schemathesis cannot make up: access tokens, and assertions with which one is got (RFC 7523)."""

import base64
import itertools
import json
import os
import time
import uuid
from pathlib import Path

import requests
import schemathesis
from cryptography.hazmat.primitives.serialization import load_pem_private_key

TOKEN_PATH = "/oauth/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

url = os.environ["REST_URL"]
# One file for each credential of the container; none, and all requests come without a token.
credentials = [json.loads(path.read_text()) for path in sorted(Path(os.environ["REST_CREDENTIALS"]).iterdir())]
# Access tokens of a person, for the routes that are for programs of people.
personal = os.environ.get("REST_TOKENS", "").split()


def assertion(credential: dict[str, str]) -> str:
    """A fresh one, signed with the key of the credential file."""

    def text(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    key = load_pem_private_key(credential["private_key"].encode(), password=None)
    now = int(time.time())
    header = {"alg": "EdDSA", "kid": credential["key_id"], "typ": "JWT"}
    claims = {
        "iss": credential["key_id"],
        "sub": credential["key_id"],
        "aud": credential["portal"] + TOKEN_PATH,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
    }
    signed = ".".join(text(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{text(key.sign(signed.encode()))}"


def token_request(credential: dict[str, str]) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(credential),
    }


if credentials:

    # The portal counts the requests of each credential: with one alone, most of them would come too often.
    @schemathesis.auth(refresh_interval=300).apply_to(path_regex="^/api/v1/(container|leases.*|nodes.*)$")
    class Tokens:
        def get(self, case, context):
            answers = [requests.post(url + TOKEN_PATH, data=token_request(one), timeout=10) for one in credentials]
            return itertools.cycle([answer.json()["access_token"] for answer in answers])

        def set(self, case, data, context):
            case.headers["Authorization"] = f"Bearer {next(data)}"


if personal:

    @schemathesis.auth().apply_to(path_regex="^/api/v1/").skip_for(path_regex="^/api/v1/(container|leases.*|nodes.*)$")
    class PersonalTokens:
        def get(self, case, context):
            return itertools.cycle(personal)

        def set(self, case, data, context):
            case.headers["Authorization"] = f"Bearer {next(data)}"


addresses = itertools.cycle(range(1, 255))


@schemathesis.hook
def before_call(context, case, kwargs):
    """The portal counts the requests from each address too."""
    case.headers["X-Forwarded-For"] = f"192.0.2.{next(addresses)}"


@schemathesis.hook.apply_to(path=TOKEN_PATH)
def map_body(context, body):
    """Nobody comes upon a signature by chance: what would be accepted but for it gets a right one."""
    if credentials and isinstance(body, dict) and body.get("client_assertion_type") == ASSERTION:
        if isinstance(body.get("client_assertion"), str):
            return {**body, "client_assertion": assertion(credentials[0])}
    return body
