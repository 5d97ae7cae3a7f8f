//! A PostgreSQL of our own, which can be killed. Unlike that of other tests it waits for the disk.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// A cluster in a temporary folder; killed when it is dropped.
pub struct Postgres {
    folder: TempDir,
    user: Option<&'static str>,
    port: u16,
    child: Option<Child>,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // PostgreSQL refuses to run as root.
        let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(folder.path()).unwrap());
        let user = (owner == 0).then(|| {
            if succeeds(&["id", "postgres"]) {
                "postgres"
            } else {
                "nobody"
            }
        });
        if let Some(user) = user {
            assert!(succeeds(&["chown", user, &folder.path().display().to_string()]));
        }
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut postgres = Self {
            folder,
            user,
            port: free.local_addr().expect("an address").port(),
            child: None,
        };
        drop(free);
        let made = postgres
            .as_user(&[
                "initdb",
                "-D",
                "data",
                "-U",
                "portal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ])
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb starts").success());
        postgres.restart();
        postgres
    }

    fn as_user(&self, arguments: &[&str]) -> Command {
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).args(arguments);
                command
            }
            None => {
                let mut command = Command::new(arguments[0]);
                command.args(&arguments[1..]);
                command
            }
        };
        command.current_dir(self.folder.path());
        command
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("postgres://portal@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it, and waits until it answers: after a kill it recovers first.
    pub fn restart(&mut self) {
        let (port, folder) = (self.port.to_string(), self.folder.path().display().to_string());
        let arguments = [
            "postgres",
            "-D",
            "data",
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-k",
            &folder,
        ];
        for _ in 0..200 {
            let started = self.as_user(&arguments).stderr(Stdio::null()).spawn();
            let mut child = started.expect("postgres starts");
            for _ in 0..600 {
                if child.try_wait().expect("its state").is_some() {
                    // The memory of the one before is still in use.
                    break;
                }
                if self.ready() {
                    self.child = Some(child);
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            let _ = child.kill();
            let _ = child.wait();
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL does not start");
    }

    fn ready(&self) -> bool {
        succeeds(&[
            "pg_isready",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.to_string(),
        ])
    }

    /// SIGKILL to the server and all that belong to it, at once.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let mut processes = Vec::new();
        if let Some(first) = first_process(self.folder.path()) {
            processes.push(first.clone());
            let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"));
            processes.extend(children.unwrap_or_default().split_whitespace().map(str::to_owned));
        }
        let mut kill = Command::new("kill");
        // Some of them may have ended by themselves meanwhile.
        let _ = kill.arg("-KILL").args(&processes).stderr(Stdio::null()).status();
        let _ = child.wait();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn succeeds(command: &[&str]) -> bool {
    let mut ran = Command::new(command[0]);
    ran.args(&command[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    ran.status().is_ok_and(|status| status.success())
}

/// The process that all others of a cluster belong to.
fn first_process(folder: &Path) -> Option<String> {
    let note = std::fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    note.lines().next().map(|line| line.trim().to_owned())
}
