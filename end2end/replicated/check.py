"""Two portals on a replicated PostgreSQL, under load, while faults happen to it (R15): `check.py PROGRAM [short]`.

Sixty-four clients move tickets through both portals. Ten times each, the primary is killed, the network between the primary
and its synchronous replica is cut, the primary is cut off from everybody, and a switchover is asked for; and once more, less
often, through pgbouncer in transaction mode. After each fault the acknowledged moves are compared with the owners and the history in
the database. Fails when an acknowledged move is lost or done twice, when there is no answer for longer than ten seconds, or
when something else is answered meanwhile than 503 with words and `Retry-After`.
"""

import itertools
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from cluster import Cluster, free_port, run
from load import Connection, Load, Reader, Sent, Ticket, form

PASSWORD = "not the one of anybody real"
LOGINS = [f"ci{number}" for number in range(4)]
TOKENS_EACH = 8
CLIENTS = 64
GROUPS = 16
TICKETS = 256
# Without an answer, at most.
AWAY = 10.0
# How long a fault lasts, in seconds, and for how long is watched what comes of it.
FAULT, AFTER = 12.0, 4.0


class Portals:
    """Two servers on one database."""

    def __init__(self, program: str, folder: Path, cluster: Cluster) -> None:
        self.command = [program, "--database", cluster.address(), "--log", "warn"]
        if cluster.pooled:
            self.command.append("--behind-pooler")
        self.folder = folder
        self.addresses: list[str] = []
        self.processes: list[subprocess.Popen] = []

    def prepare(self) -> None:
        """People, groups, and tickets of groups."""
        groups = [{"key": f"g{number}", "name": f"Group {number}", "parent": None} for number in range(GROUPS)]
        tickets = [
            {"owner": {"group": f"g{number % GROUPS}"}, "licenses": [{"product": "CAD-PRO", "quantity": 1}]}
            for number in range(TICKETS)
        ]
        organisation = {
            "format": "license-portal/organisation@1",
            "users": [{"login": login, "isv_admin": True} for login in LOGINS],
            "groups": groups,
            "tickets": tickets,
        }
        file = self.folder / "organisation.json"
        file.write_text(json.dumps(organisation))
        run(*self.command, "import", file)
        for login in LOGINS:
            subprocess.run([*self.command, "password", login], check=True, capture_output=True, input=PASSWORD, text=True)

    def start(self) -> None:
        site = self.folder / "site"
        site.mkdir()
        (site / "hash.txt").write_text("js: 1\nwasm: 2\ncss: 3\n")
        for number in range(2):
            address = f"127.0.0.1:{free_port()}"
            options = ["--listen", address, "--behind-proxy", "--site", site, "--mail-folder", self.folder / "mail"]
            with (self.folder / f"portal-{number}.log").open("wb") as log:
                process = subprocess.Popen(
                    [*self.command, "serve", *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            self.processes.append(process)
            self.addresses.append(address)
        for number, address in enumerate(self.addresses):
            connection = Connection(number, address)
            for _ in range(600):
                if connection.send("GET", "/readyz", None, {})[0].status == 200:
                    break
                time.sleep(0.1)
            else:
                raise SystemExit(f"the portal did not start, see {self.folder}")

    def log_in(self) -> tuple[list[str], str]:
        """Access tokens, and the cookie of a login."""
        tokens, cookie = [], ""
        for login in LOGINS:
            _, cookie = form(self.addresses[0], "log_in", login=login, password=PASSWORD)
            for number in range(TOKENS_EACH):
                made, _ = form(
                    self.addresses[0], "create_token", cookie,
                    name=f"ci {number}", days=1, present=PASSWORD, **{"scopes[tickets]": "write"},
                )  # fmt: skip
                tokens.append(made)
        return tokens, cookie

    def down(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


class Trial:
    """One set-up with its load, and what was found."""

    def __init__(self, program: str, folder: Path, pooled: bool) -> None:
        self.folder = folder
        self.cluster = Cluster(folder, pooled)
        self.portals = Portals(program, folder, self.cluster)
        self.label = "through pgbouncer, " if pooled else ""
        self.missed: list[str] = []
        self.quiet: list[Sent] = []
        self.faults = 0
        self.outcomes: dict[str, list] = {}

    def up(self) -> None:
        self.cluster.up()
        self.portals.prepare()
        self.portals.start()
        tokens, cookie = self.portals.log_in()
        owners = self.cluster.sql("SELECT id, owner_group_id FROM tickets ORDER BY id")
        groups = [id for (id,) in self.cluster.sql("SELECT id FROM groups ORDER BY id")]
        tickets = [Ticket(id, group) for id, group in owners]
        # Ids grow with the time; what comes later is the clients'.
        self.before = self.cluster.sql("SELECT MAX(id) FROM events")[0][0]
        self.load = Load(self.portals.addresses, tokens, groups, tickets, CLIENTS)
        self.readers = [Reader(number, address, cookie) for number, address in enumerate(self.portals.addresses)]
        self.load.start()
        for reader in self.readers:
            reader.start()

    def down(self) -> None:
        if hasattr(self, "load"):
            self.load.stop()
        self.portals.down()
        self.cluster.down()

    # --- Faults -------------------------------------------------------------------------------------------------------

    def killed(self) -> None:
        primary = self.cluster.with_role("leader")
        self.cluster.kill(primary)
        time.sleep(FAULT)
        self.cluster.boot(primary)

    def cut(self) -> None:
        self.cluster.isolate(self.cluster.with_role("leader"), self.cluster.with_role("sync_standby"))
        time.sleep(FAULT)
        self.cluster.heal()

    def cut_off(self) -> None:
        self.cluster.unplug(self.cluster.with_role("leader"))
        time.sleep(FAULT)
        self.cluster.heal()

    def asked(self) -> None:
        self.cluster.switch_over()

    def fault(self, name: str, happen) -> None:
        self.cluster.wait_until_whole()
        time.sleep(AFTER)
        quiet_from = time.monotonic() - AFTER
        begin = time.monotonic()
        self.quiet += [sent for sent in self.load.sent if quiet_from <= sent.at and sent.at + sent.took <= begin]
        happen()
        time.sleep(AFTER)
        end = time.monotonic()
        self.load.rest()
        self.judge(name, begin, end)
        self.load.go_on()

    # --- Judging ------------------------------------------------------------------------------------------------------

    def miss(self, words: str) -> None:
        self.missed.append(words)
        print(f"MISSED: {self.label}{words}", flush=True)

    def judge(self, name: str, begin: float, end: float) -> None:
        self.faults += 1
        during = [sent for sent in self.load.sent if sent.at + sent.took >= begin]
        pages = [sent for reader in self.readers for sent in reader.sent if sent.at + sent.took >= begin]
        away = max(self.silence(during, number, begin, end) for number in range(len(self.portals.addresses)))
        statuses = Counter(sent.status for sent in during)
        seen = Counter(sent.status for sent in pages)
        self.outcomes.setdefault(name, []).append((away, statuses, seen, during, pages))
        print(
            f"{self.label}{name}: answers again after {away:.1f} s; moves {dict(statuses)}; pages {dict(seen)}", flush=True
        )
        if away > AWAY:
            self.miss(f"{name}: no answer for {away:.1f} s")
        for sent in [*during, *pages]:
            if sent.status not in (200, 201, 204, 503):
                self.miss(f"{name}: {sent.status} {sent.text} after {sent.took:.1f} s")
            elif not sent.told:
                self.miss(f"{name}: a 503 without words or Retry-After: {sent.text}")
        self.compare(name)

    @staticmethod
    def silence(during: list[Sent], portal: int, begin: float, end: float) -> float:
        """The longest time without an acknowledged move."""
        acknowledged = (sent.at + sent.took for sent in during if sent.portal == portal and sent.status < 300 and sent.status)
        times = [begin, *sorted(at for at in acknowledged if begin <= at <= end), end]
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def compare(self, name: str) -> None:
        """Holds what was acknowledged against owners and history."""
        owners = dict(self.cluster.sql("SELECT id, owner_group_id FROM tickets"))
        history: dict[str, list[str]] = {}
        moves = f"SELECT ticket_id, to_owner FROM events WHERE ticket_id IS NOT NULL AND id > {self.before} ORDER BY id"
        for ticket, owner in self.cluster.sql(moves):
            history.setdefault(ticket, []).append(owner.split(":")[-1])
        for ticket in self.load.tickets:
            if owners[ticket.id] != ticket.group:
                self.miss(f"{name}: ticket {ticket.id} is at {owners[ticket.id]}, acknowledged was {ticket.group}")
            if history.get(ticket.id, []) != ticket.acknowledged:
                self.miss(f"{name}: the history of ticket {ticket.id} is not what was acknowledged")

    # --- Telling ------------------------------------------------------------------------------------------------------

    def tell(self) -> None:
        for name, rounds in self.outcomes.items():
            aways = [away for away, *_ in rounds]
            statuses, pages = Counter(), Counter()
            for _, moves, seen, *_ in rounds:
                statuses.update(moves)
                pages.update(seen)
            print(
                f"figure: {self.label}{name} × {len(rounds)}: answers again after {statistics.median(aways):.1f} s, "
                f"at most {max(aways):.1f} s; moves {told(statuses)}; pages {told(pages)}"
            )
        acknowledged = sum(len(ticket.acknowledged) for ticket in self.load.tickets)
        took = sorted(sent.took for sent in self.quiet if sent.status < 300)
        p99 = f", p99 between faults {1000 * took[len(took) * 99 // 100]:.0f} ms" if took else ""
        print(
            f"figure: {self.label}{self.faults} faults under {CLIENTS} clients: {acknowledged} moves acknowledged, "
            f"{len(self.missed)} targets missed{p99}",
            flush=True,
        )


def told(statuses: Counter) -> str:
    return ", ".join(f"{number} × {status or 'broken'}" for status, number in sorted(statuses.items()))


def trial(program: str, pooled: bool, rounds: int) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="license-portal-replicated-"))
    at_work = Trial(program, folder, pooled)
    good = False
    try:
        at_work.up()
        faults = {"primary killed": at_work.killed, "switchover": at_work.asked}
        if at_work.cluster.root:
            faults["primary and replica cut"] = at_work.cut
            faults["primary cut off"] = at_work.cut_off
        else:
            print("The network is not cut: that takes network namespaces, and therefore root.")
        for _ in range(rounds):
            for name, happen in faults.items():
                at_work.fault(name, happen)
        verified = subprocess.run([*at_work.portals.command, "verify-history"], capture_output=True, text=True)
        if verified.returncode != 0:
            at_work.miss(f"the history does not verify: {verified.stderr}")
        at_work.tell()
        good = not at_work.missed
    finally:
        at_work.down()
        if good:
            shutil.rmtree(folder)
        else:
            print(f"what was logged is left in {folder}", flush=True)
    return good


def main(program: str, mode: str = "long") -> None:
    # Whoever stops it stops all of it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rounds, pooled = {"short": (1, 1), "long": (10, 3)}[mode]
    good = trial(os.path.abspath(program), pooled=False, rounds=rounds)
    good &= trial(os.path.abspath(program), pooled=True, rounds=pooled)
    if not good:
        raise SystemExit(1)


main(*sys.argv[1:])
