//! An example that serves a page.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

const HINT: &str = "build the examples first: cargo build -p spawn-examples --examples";

/// An example that runs, and is killed at the end.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Where its page is, as it said: `http://127.0.0.1:34567`.
    pub address: String,
}

impl Program {
    /// Starts an example on a port, 0 for one that is free, with its data in `directory`; ready when it has said where its page is.
    ///
    /// # Panics
    /// If it is not built, or is older than its sources, or does not start.
    pub fn start(example: &str, port: u16, directory: &Path) -> Self {
        Self::start_with(example, port, directory, &[])
    }

    /// As [`start`](Self::start), with these environment variables.
    ///
    /// # Panics
    /// As `start`.
    pub fn start_with(
        example: &str,
        port: u16,
        directory: &Path,
        variables: &[(&str, &str)],
    ) -> Self {
        let port = if port == 0 { free_port() } else { port };
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        let program = profile.join("examples").join(example);
        check_age(&program);
        let mut command = Command::new(program);
        command
            .arg(port.to_string())
            .current_dir(directory)
            .env_remove("SPAWN_STORE")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("http://"), "{example} has not started: {address}");
        Self { child, address: address.trim_end().to_owned() }
    }

    /// The port of its page.
    ///
    /// # Panics
    /// If its address has none.
    pub fn port(&self) -> u16 {
        self.address.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    /// Kills it, whatever it is doing (`SIGKILL`), and waits until it is gone.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// A port that is free, and stays so while a program is started again: the operating system gives it to nobody who asks for any, as each
/// connection of a browser does, and this function gives it once.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Two runs of the tests at the same time begin in different places, both behind the ports that a browser refuses.
    let begin = 11_000 + u16::try_from(std::process::id() % 200).unwrap() * 100;
    let mut ports = std::iter::repeat_with(|| begin + NEXT.fetch_add(1, Ordering::Relaxed));
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).unwrap()
}

/// Cargo does not build the examples of another package for a test.
fn check_age(program: &Path) {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified());
    let (Ok(built), Ok(sources)) =
        (changed(program), std::fs::read_to_string(program.with_extension("d")))
    else {
        panic!("{}: {HINT}", program.display())
    };
    for source in sources.split_whitespace().skip(1) {
        assert!(
            changed(Path::new(source)).is_ok_and(|it| it <= built),
            "{source} is newer: {HINT}"
        );
    }
}
