"""Clients that move tickets through several portals, and remember what was acknowledged.

Each client has tickets of its own, and names each move with an idempotency key. What has no answer, or one that says to come
again, is sent again with its key until it is acknowledged, through the other portal where one does not answer.
"""

import http.client
import json
import random
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

# Nobody waits longer for an answer.
PATIENCE = 30.0
# The pause before something is sent again. It is shorter than `Retry-After` asks for: how soon there are answers is measured.
AGAIN = 0.25
# So that no token is used more often than it may: 600 times a minute, by two clients each.
PACE = 0.21


@dataclass
class Sent:
    """A request: when it was sent, how long its answer took, and what it was; 0 where the connection broke."""

    at: float
    took: float
    portal: int
    status: int
    # Whether an answer that something is away has words, and says when to come again.
    told: bool = True
    text: str = ""


class Connection:
    """A connection to a portal that is made again when it broke."""

    def __init__(self, number: int, address: str) -> None:
        self.number = number
        self.address = address
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[Sent, bytes]:
        at = time.monotonic()
        try:
            answer, content = self.exchange(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Sent(at, time.monotonic() - at, self.number, 0, text=repr(error)), b""
        sent = Sent(at, time.monotonic() - at, self.number, answer.status)
        if answer.status == 503:
            words = content.decode(errors="replace")
            sent.told = (answer.headers.get("Retry-After") or "").isdigit() and bool(self.words(words))
        if answer.status >= 400:
            sent.text = content[:300].decode(errors="replace")
        return sent, content

    def exchange(self, method: str, path: str, body: str | None, headers: dict[str, str]):
        # An idle connection may be closed at any time, as it is about to be used, too: that is no answer of the portal.
        fresh = self.connection is None
        while True:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                self.close()
                if fresh:
                    raise
                fresh = True

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    @staticmethod
    def words(body: str) -> str:
        """What people are told: the detail of problem details, or the sentence of a page."""
        try:
            return json.loads(body).get("detail", "")
        except ValueError:
            return body if "<h1>" in body else ""


@dataclass
class Ticket:
    id: str
    group: str
    # The groups that it was moved to, as acknowledged.
    acknowledged: list[str] = field(default_factory=list)


class Load:
    """The clients, and what they saw."""

    def __init__(self, portals: list[str], tokens: list[str], groups: list[str], tickets: list[Ticket], clients: int) -> None:
        self.portals = portals
        self.groups = groups
        self.tickets = tickets
        self.sent: list[Sent] = []
        self.stopping = threading.Event()
        self.going = threading.Event()
        self.going.set()
        # How many of them are between two moves.
        self.resting = 0
        self.changed = threading.Condition()
        share = len(tickets) // clients
        self.threads = [
            threading.Thread(
                target=self.client,
                args=(tokens[number % len(tokens)], tickets[number * share : (number + 1) * share]),
                daemon=True,
            )
            for number in range(clients)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def client(self, token: str, tickets: list[Ticket]) -> None:
        connections = [Connection(number, address) for number, address in enumerate(self.portals)]
        dice = random.Random(tickets[0].id)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            # Behind a proxy, addresses are limited as it says.
            "X-Forwarded-For": f"192.0.2.{dice.randrange(1, 255)}",
        }
        while not self.stopping.is_set():
            if not self.going.is_set():
                with self.changed:
                    self.resting += 1
                    self.changed.notify_all()
                self.going.wait()
                with self.changed:
                    self.resting -= 1
                continue
            self.move(connections, dice, headers, dice.choice(tickets))

    def move(self, connections: list[Connection], dice: random.Random, headers: dict[str, str], ticket: Ticket) -> None:
        group = dice.choice([group for group in self.groups if group != ticket.group])
        owner, to = {"group": ticket.group}, {"group": group}
        body = json.dumps({"tickets": [{"ticket": ticket.id, "owner": owner}], "to": to})
        headers = {**headers, "Idempotency-Key": str(uuid.uuid4())}
        connection = dice.choice(connections)
        while not self.stopping.is_set():
            sent, _ = connection.send("POST", "/api/v1/moves", body, headers)
            self.sent.append(sent)
            if sent.status in (200, 201, 204):
                ticket.group = group
                ticket.acknowledged.append(group)
                time.sleep(max(0.0, PACE - sent.took) * dice.uniform(0.9, 1.1))
                return
            time.sleep(AGAIN)
            connection = connections[1 - connection.number] if len(connections) == 2 else dice.choice(connections)

    def rest(self, within: float = 60) -> None:
        """Waits until every move that was begun is acknowledged; nobody moves anything then."""
        self.going.clear()
        with self.changed:
            if not self.changed.wait_for(lambda: self.resting == len(self.threads), within):
                raise SystemExit(f"{len(self.threads) - self.resting} moves have no end, {within} s after the fault")

    def go_on(self) -> None:
        self.going.set()

    def stop(self) -> None:
        self.stopping.set()
        self.going.set()
        for thread in self.threads:
            thread.join(PATIENCE)


class Reader(threading.Thread):
    """Somebody who looks at a page again and again, in German."""

    def __init__(self, number: int, address: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self.connection = Connection(number, address)
        self.headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de", "Cookie": cookie}
        self.sent: list[Sent] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(0.5):
            sent, content = self.connection.send("GET", "/me", None, self.headers)
            if sent.status == 503:
                sent.told &= "Datenbank" in content.decode(errors="replace")
            self.sent.append(sent)


def form(address: str, function: str, cookie: str = "", **fields: object) -> tuple[object, str]:
    """What a form of a page sends; the answer, and the cookie that came with it."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", f"/api/{function}", urllib.parse.urlencode(fields), headers)
    answer = connection.getresponse()
    content = answer.read().decode()
    if answer.status != 200:
        raise SystemExit(f"{function}: {answer.status} {content}")
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])
    return json.loads(content or "null"), cookies or cookie
