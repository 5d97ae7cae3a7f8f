//! A PostgreSQL of one's own, which waits for the disk as one in use does. The tests' one does not.

use std::{fs, net::TcpListener, path::{Path, PathBuf}, process::Command};

use crate::{Failure, stores::scratch};

/// A running server; stopped and deleted when dropped.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts it. `None`, with a line that says so, where PostgreSQL's programs are not on the machine.
    ///
    /// # Errors
    /// What those programs say.
    pub fn start() -> Result<Option<Self>, Failure> {
        if Command::new("initdb").arg("--version").output().is_err() {
            println!("PostgreSQL: initdb is not on this machine; skipped");
            return Ok(None);
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = scratch("postgres")?;
        let cluster = Self { folder, port };
        if let Some(user) = other_user() {
            run(Command::new("chown").arg(user).arg(&cluster.folder))?;
        }
        run(cluster.program("initdb").args([
            "-D",
            "data",
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]))?;
        let configuration = cluster.folder.join("data/postgresql.conf");
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\n",
            cluster.folder.display()
        );
        let defaults = fs::read_to_string(&configuration)?;
        fs::write(&configuration, defaults + &settings)?;
        run(cluster
            .program("pg_ctl")
            .args(["-D", "data", "-l", "server.log", "-s", "-w", "start"]))?;
        Ok(Some(cluster))
    }

    /// A new database.
    ///
    /// # Errors
    /// What psql says.
    pub fn database(&self, name: &str) -> Result<String, Failure> {
        let create = format!("CREATE DATABASE {name}");
        run(Command::new("psql")
            .args(self.visibility())
            .args(["-q", "-d", "postgres", "-c", &create]))?;
        Ok(format!("postgres://portal@127.0.0.1:{}/{name}", self.port))
    }

    /// Runs pgbench with one client; seconds for one transaction.
    ///
    /// # Errors
    /// What pgbench says.
    pub fn pgbench(
        &self,
        database: &str,
        script: &Path,
        transactions: usize,
        variables: &[(&str, i64)],
    ) -> Result<f64, Failure> {
        let mut command = Command::new("pgbench");
        command
            .args(self.visibility())
            .args(["-n", "-M", "prepared", "-c", "1", "-j", "1"]);
        command
            .arg("-t")
            .arg(transactions.to_string())
            .arg("-f")
            .arg(script);
        for (name, value) in variables {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let output = run(command.arg(database))?;
        let rate = output.lines().find_map(|line| {
            line.strip_prefix("tps = ")?
                .split(' ')
                .next()?
                .parse::<f64>()
                .ok()
        });
        rate.map(f64::recip)
            .ok_or_else(|| format!("pgbench: {output}").into())
    }

    fn visibility(&self) -> [String; 6] {
        ["-h", "127.0.0.1", "-U", "portal", "-p", &self.port.to_string()].map(str::to_owned)
    }

    /// A program of the server, in the server's folder, as a user whom PostgreSQL accepts.
    fn program(&self, name: &str) -> Command {
        let mut command = match other_user() {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--", name]);
                command
            }
            None => Command::new(name),
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stop = ["-D", "data", "-m", "immediate", "-s", "stop"];
        if let Err(error) = run(self.program("pg_ctl").args(stop)) {
            println!("{error}");
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// PostgreSQL refuses to run as root.
fn other_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| Command::new("id").args(arguments).output().ok();
    let root = id(&["-u"]).is_some_and(|output| output.stdout.trim_ascii() == b"0");
    root.then(|| match id(&["postgres"]) {
        Some(output) if output.status.success() => "postgres",
        _ => "nobody",
    })
}

fn run(command: &mut Command) -> Result<String, Failure> {
    // pg_ctl hands its output on to the server, which keeps it open.
    let is_start = command.get_args().any(|argument| argument == "start");
    if is_start {
        let status = command.status()?;
        return if status.success() {
            Ok(String::new())
        } else {
            Err(format!("{command:?}: {status}").into())
        };
    }
    let output = command.output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
