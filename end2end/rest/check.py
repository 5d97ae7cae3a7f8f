"""Holds the REST interface against its own description (`/api/v1/openapi.json`), with Schemathesis: `check.py PROGRAM`.

The program is started on a fresh database; a container gets licences and credential files in the way in which people do
that; then Schemathesis asks for what the description allows, and for what it does not, with access tokens and without:
first the routes for machines, and then, with tokens of an ISV admin, those for programs of people.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import requests

HERE = Path(__file__).parent
PASSWORD = "not the one of anybody real"
LOGIN = "ci"
# The product that the examples of the description name, floating and node-locked.
ORGANISATION = {
    "format": "license-portal/organisation@1",
    "users": [{"login": LOGIN, "isv_admin": True}],
    "tickets": [
        {
            "owner": {"user": LOGIN},
            "licenses": [
                {"product": "CAD-PRO", "quantity": 20},
                {"product": "CAD-PRO", "quantity": 20, "binding": "node_locked", "returns": 20},
            ],
        }
    ],
}


MACHINES = r"^/(oauth/token|\.well-known/.*|api/v1/(container|leases.*|nodes.*))$"
# A second factor is demanded of everybody from then on, and nothing else is let in.
SHUTS_OUT = r"^/api/v1/instance/second-factor$"
AREAS = ["groups", "users", "tickets", "licenses", "products", "history", "webhooks", "instance"]
# Each is limited by itself; the password is given so many times a minute at most.
TOKENS = 8


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(server: subprocess.Popen, url: str) -> None:
    for _ in range(400):
        if server.poll() is not None:
            break
        try:
            if requests.get(f"{url}/readyz", timeout=1).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.025)
    raise SystemExit("the portal did not start")


class Browser:
    """Somebody's browser: the forms of the pages, and no more."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def call(self, function: str, **fields: object):
        return self.post(f"/api/{function}", fields).json()

    def post(self, path: str, fields: dict[str, object]) -> requests.Response:
        answer = self.session.post(self.url + path, data=fields, timeout=10, allow_redirects=False)
        if not answer.ok:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
        return answer


def prepare(url: str, folder: Path) -> Browser:
    """A container with all of two licences in it, and the files of its credentials in the folder; the browser of who did it."""
    browser = Browser(url)
    browser.call("log_in", login=LOGIN, password=PASSWORD)
    me = browser.call("me")["actor"]["user"]
    container = browser.call(
        "create_container", of=f"user:{me}", name="Build machines", kind="Cloud", key=str(uuid.uuid4())
    )
    everything = {"node": "all", "below": "true", "search": "", "sort": "since", "reverse": "false", "page": 0}
    for row in browser.call("tickets", **{f"query[{name}]": value for name, value in everything.items()})["rows"]:
        for license in row["licenses"]:
            browser.call(
                "activate",
                license=license["id"],
                container=container,
                quantity=license["quantity"],
                key=str(uuid.uuid4()),
            )
    for number in range(20):
        file = browser.post(f"/containers/{container}/credentials", {"label": f"ci {number}"})
        (folder / f"{number:02}.json").write_text(file.text)
    return browser


def tokens(browser: Browser) -> list[str]:
    """Personal access tokens, good for everything."""
    scopes = {f"scopes[{area}]": "write" for area in AREAS}
    made = []
    for number in range(TOKENS):
        made.append(browser.call("create_token", name=f"ci {number}", days=1, present=PASSWORD, **scopes))
    return made


def check(url: str, folder: Path, credentials: Path, *options: str, personal: list[str] = []) -> bool:
    environment = {
        **os.environ,
        "REST_URL": url,
        "REST_CREDENTIALS": str(credentials),
        "REST_TOKENS": " ".join(personal),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [Path(sys.executable).parent / "st", "--config-file", HERE / "schemathesis.toml", "run"]
    command += [f"{url}/api/v1/openapi.json", *options]
    return subprocess.run(command, env=environment, cwd=folder).returncode == 0


def main(program: str) -> None:
    with tempfile.TemporaryDirectory(prefix="license-portal-rest-") as name:
        folder = Path(name)
        site, with_token, without = (folder / name for name in ("site", "credentials", "none"))
        for made in (site, with_token, without):
            made.mkdir()
        (site / "hash.txt").write_text("js: 1\nwasm: 2\ncss: 3\n")
        organisation = folder / "organisation.json"
        organisation.write_text(json.dumps(ORGANISATION))
        portal = [program, "--database", f"sqlite:{folder}/portal.db"]
        subprocess.run([*portal, "import", organisation], check=True, capture_output=True)
        subprocess.run([*portal, "password", LOGIN], check=True, capture_output=True, input=PASSWORD, text=True)
        listen = f"127.0.0.1:{free_port()}"
        url = f"http://{listen}"
        # Behind a proxy, the portal counts the addresses that the requests say they come from.
        options = ["--listen", listen, "--behind-proxy", "--site", site, "--mail-folder", folder / "mail"]
        log = folder / "log"
        with log.open("wb") as lines:
            command = [*portal, "--log", "warn", "serve", *options]
            server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines)
        good = False
        try:
            wait_until_ready(server, url)
            browser = prepare(url, with_token)
            machines = ["--include-path-regex", MACHINES]
            good = check(url, folder, with_token, *machines)
            # Without a token, nothing is to be had, and that is described too.
            good &= check(url, folder, without, *machines, "--max-examples", "20", "--warnings", "off")
            people = ["--exclude-path-regex", f"{MACHINES}|{SHUTS_OUT}", "--max-examples", "20", "--warnings", "off"]
            # Whether what is well formed is also possible, no description tells.
            people += ["--exclude-checks", "positive_data_acceptance"]
            good &= check(url, folder, without, *people, personal=tokens(browser))
        finally:
            server.kill()
            server.wait()
            if not good:
                print(log.read_text())
        if not good:
            raise SystemExit(1)


main(sys.argv[1])
