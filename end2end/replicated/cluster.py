"""Three PostgreSQL servers under Patroni in synchronous mode, etcd, HAProxy in front of them, and pgbouncer if asked for.

As root each server has a network of its own (namespaces at one bridge), so that it can be cut; otherwise all share the loopback
interface. Everything lies in one folder, and ends with the program.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

NODES = 3
# Of Patroni, in seconds. The primary's claim lasts for TTL: so long after it died nobody can know of it.
TTL, LOOP_WAIT, RETRY_TIMEOUT = 5, 1, 2
# How long the set-up may take to be whole again after a fault.
HEALING = 150


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as listener:
        listener.bind((host, 0))
        return listener.getsockname()[1]


def run(*command: object, check: bool = True) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def postgres_programs() -> Path:
    found = shutil.which("initdb")
    if not found:
        raise SystemExit("PostgreSQL's server programs are missing")
    return Path(os.path.realpath(found)).parent


class Node:
    """A machine with Patroni and PostgreSQL."""

    def __init__(self, number: int, host: str, namespace: str | None, folder: Path) -> None:
        self.name = f"n{number}"
        self.host = host
        self.namespace = namespace
        # In a namespace of its own every port is free.
        self.port = 5432 if namespace else free_port()
        self.api = 8008 if namespace else free_port()
        self.folder = folder / self.name
        self.process: subprocess.Popen | None = None

    def ask(self, path: str, timeout: float = 2) -> tuple[int, dict]:
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.api}{path}", timeout=timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}
        except (OSError, ValueError):
            return 0, {}


class Cluster:
    def __init__(self, folder: Path, pooled: bool) -> None:
        self.folder = folder
        self.root = os.geteuid() == 0
        self.children: list[subprocess.Popen] = []
        self.namespaces: list[str] = []
        self.bridge: str | None = None
        self.user = self.unprivileged()
        # A range for benchmarks (RFC 2544), which no network uses.
        self.network = f"198.18.{os.getpid() % 250}"
        self.host = f"{self.network}.1" if self.root else "127.0.0.1"
        self.nodes = [self.node(number) for number in range(1, NODES + 1)]
        self.etcd_port, self.haproxy_port = free_port(), free_port()
        self.pooler_port = free_port() if pooled else None
        self.pooled = pooled

    # --- Setting up ---------------------------------------------------------------------------------------------------

    def unprivileged(self) -> str | None:
        """Whom the servers run as; PostgreSQL and pgbouncer refuse to run as root."""
        if not self.root:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def node(self, number: int) -> Node:
        if not self.root:
            return Node(number, "127.0.0.1", None, self.folder)
        namespace = f"portal-{os.getpid()}-{number}"
        return Node(number, f"{self.network}.{10 + number}", namespace, self.folder)

    def wire(self) -> None:
        """A bridge, and at it each node in a network of its own."""
        self.bridge = f"lp{os.getpid()}"
        run("ip", "link", "add", self.bridge, "type", "bridge")
        run("ip", "address", "add", f"{self.host}/24", "dev", self.bridge)
        run("ip", "link", "set", self.bridge, "up")
        for number, node in enumerate(self.nodes, 1):
            run("ip", "netns", "add", node.namespace)
            self.namespaces.append(node.namespace)
            run("ip", "link", "add", self.plug(node), "type", "veth", "peer", "name", "eth0", "netns", node.namespace)
            run("ip", "link", "set", self.plug(node), "master", self.bridge, "up")
            inside = ["ip", "-n", node.namespace]
            run(*inside, "address", "add", f"{node.host}/24", "dev", "eth0")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "link", "set", "lo", "up")

    def plug(self, node: Node) -> str:
        return f"{self.bridge}-{node.name}"

    def start(self, *command: object, node: Node | None = None, log: str) -> subprocess.Popen:
        words = [str(word) for word in command]
        if self.user:
            words = ["runuser", "-u", self.user, "--", *words]
        if node and node.namespace:
            words = ["ip", "netns", "exec", node.namespace, *words]
        with (self.folder / f"{log}.log").open("ab") as lines:
            process = subprocess.Popen(
                words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, start_new_session=True
            )
        self.children.append(process)
        return process

    def up(self) -> None:
        self.folder.chmod(0o755)
        if self.user:
            shutil.chown(self.folder, self.user)
        if self.root:
            self.wire()
        clients, peers = f"http://{self.host}:{self.etcd_port}", f"http://127.0.0.1:{free_port()}"
        self.start(
            "etcd", "--data-dir", self.folder / "etcd",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}",
            log="etcd",
        )  # fmt: skip
        for node in self.nodes:
            node.folder.mkdir()
            if self.user:
                shutil.chown(node.folder, self.user)
            (self.folder / f"{node.name}.json").write_text(json.dumps(self.patroni(node)))
            self.boot(node)
        (self.folder / "haproxy.cfg").write_text(self.haproxy())
        self.start("haproxy", "-f", self.folder / "haproxy.cfg", log="haproxy")
        if self.pooled:
            (self.folder / "pgbouncer.ini").write_text(self.pgbouncer())
            self.start("pgbouncer", self.folder / "pgbouncer.ini", log="pgbouncer")
        self.wait_until_whole()
        self.sql("CREATE DATABASE portal", database="postgres")

    def patroni(self, node: Node) -> dict:
        network = f"{self.network}.0/24" if self.root else "127.0.0.1/32"
        users = {"replication": "replicator", "superuser": "postgres", "rewind": "rewind"}
        hba = [f"host {database} all {network} trust" for database in ("all", "replication")]
        return {
            "scope": "portal",
            "name": node.name,
            "restapi": {"listen": f"{node.host}:{node.api}", "connect_address": f"{node.host}:{node.api}"},
            "etcd3": {"hosts": f"{self.host}:{self.etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL,
                    "loop_wait": LOOP_WAIT,
                    "retry_timeout": RETRY_TIMEOUT,
                    "synchronous_mode": True,
                    # Rather no answer than one that a second fault could take back.
                    "synchronous_mode_strict": True,
                    "primary_start_timeout": 0,
                    "postgresql": {
                        "use_pg_rewind": True,
                        "remove_data_directory_on_rewind_failure": True,
                        "remove_data_directory_on_diverged_timelines": True,
                        "parameters": {
                            "synchronous_commit": "on",
                            "max_connections": 100,
                            # A replica that was cut off is noticed before people give up.
                            "wal_sender_timeout": "3s",
                            "wal_receiver_timeout": "3s",
                        },
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "data-checksums"],
                "pg_hba": hba,
            },
            "postgresql": {
                "listen": f"{node.host}:{node.port}",
                "connect_address": f"{node.host}:{node.port}",
                "data_dir": str(node.folder / "data"),
                "bin_dir": str(postgres_programs()),
                "pgpass": str(node.folder / "pgpass"),
                "authentication": {role: {"username": name, "password": "x"} for role, name in users.items()},
                "parameters": {"unix_socket_directories": str(node.folder)},
                "pg_hba": hba,
            },
        }

    def haproxy(self) -> str:
        servers = "\n".join(
            f"  server {node.name} {node.host}:{node.port} check port {node.api}" for node in self.nodes
        )
        return f"""global
  maxconn 400
defaults
  mode tcp
  timeout connect 2s
  timeout check 1s
  timeout client 60s
  timeout server 60s
listen primary
  bind {self.host}:{self.haproxy_port}
  option httpchk GET /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""

    def pgbouncer(self) -> str:
        return f"""[databases]
portal = host={self.host} port={self.haproxy_port} dbname=portal user=postgres password=x
[pgbouncer]
listen_addr = {self.host}
listen_port = {self.pooler_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
default_pool_size = 24
ignore_startup_parameters = extra_float_digits
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 8
tcp_user_timeout = 5000
"""

    # --- Looking ------------------------------------------------------------------------------------------------------

    def address(self) -> str:
        """Where the portal finds its database."""
        return f"postgres://postgres:x@{self.host}:{self.pooler_port or self.haproxy_port}/portal"

    def members(self) -> dict[str, str]:
        """The roles of those that run, by name, as one of them sees it."""
        for node in self.nodes:
            status, answer = node.ask("/cluster")
            if status == 200:
                return {
                    member["name"]: member["role"]
                    for member in answer.get("members", [])
                    if member.get("state") in ("running", "streaming")
                }
        return {}

    def with_role(self, role: str) -> Node:
        members = self.members()
        for node in self.nodes:
            if members.get(node.name) == role:
                return node
        raise SystemExit(f"nobody is {role}: {members}")

    def wait_until_whole(self) -> float:
        """Waits until there are a primary, a synchronous replica and another one; how long that took."""
        begin = time.monotonic()
        while time.monotonic() < begin + HEALING:
            roles = sorted(self.members().values())
            if roles == ["leader", "replica", "sync_standby"] and self.answers():
                return time.monotonic() - begin
            time.sleep(0.5)
        raise SystemExit(f"the replicated database did not become whole: {self.members()}, see {self.folder}")

    def psql(self, sql: str, database: str) -> subprocess.CompletedProcess:
        address = f"postgres://postgres:x@{self.host}:{self.haproxy_port}/{database}?connect_timeout=3"
        command = [str(postgres_programs() / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", address, "-c", sql]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def answers(self) -> bool:
        try:
            return self.psql("SELECT 1", "postgres").returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def sql(self, sql: str, database: str = "portal") -> list[list[str]]:
        done = self.psql(sql, database)
        if done.returncode != 0:
            raise SystemExit(f"{sql}: {done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines()]

    # --- Faults -------------------------------------------------------------------------------------------------------

    def boot(self, node: Node) -> None:
        node.process = self.start("patroni", self.folder / f"{node.name}.json", node=node, log=node.name)

    def kill(self, node: Node) -> None:
        """The machine stops: everything that runs on it gets SIGKILL."""
        os.killpg(node.process.pid, signal.SIGKILL)
        try:
            postmaster = int((node.folder / "data" / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            postmaster = 0
        if postmaster:
            children = run("ps", "-o", "pid=", "--ppid", postmaster, check=False).split()
            for process in [postmaster, *map(int, children)]:
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        node.process.wait()

    def isolate(self, *nodes: Node) -> None:
        """These nodes do not reach each other; the others do. Packets vanish, and nobody is told."""
        for node in nodes:
            run("ip", "link", "set", self.plug(node), "type", "bridge_slave", "isolated", "on")

    def unplug(self, node: Node) -> None:
        """Nobody reaches the node."""
        run("ip", "link", "set", self.plug(node), "nomaster")

    def heal(self) -> None:
        for node in self.nodes:
            run("ip", "link", "set", self.plug(node), "master", self.bridge)
            run("ip", "link", "set", self.plug(node), "type", "bridge_slave", "isolated", "off")

    def switch_over(self) -> None:
        """Asks the primary to hand over to the synchronous replica."""
        leader, candidate = self.with_role("leader"), self.with_role("sync_standby")
        body = json.dumps({"leader": leader.name, "candidate": candidate.name}).encode()
        request = urllib.request.Request(
            f"http://{leader.host}:{leader.api}/switchover", body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"switchover: {error.code} {error.read().decode()}") from error

    def down(self) -> None:
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                self.kill(node)
        for process in self.children:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for namespace in self.namespaces:
            run("ip", "netns", "delete", namespace, check=False)
        if self.bridge:
            run("ip", "link", "delete", self.bridge, check=False)
