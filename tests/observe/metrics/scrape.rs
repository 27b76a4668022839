//! Reads `/metrics`, as Prometheus does.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use spawn::prometheus::Metrics;

/// The program's recorder, and where it is served.
fn server() -> &'static (Metrics, SocketAddr) {
    static SERVER: OnceLock<(Metrics, SocketAddr)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let installed = spawn::prometheus::install().unwrap();
        let metrics = installed.clone();
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                metrics.serve(listener).await.unwrap();
            });
        });
        (installed, told.recv().unwrap())
    })
}

pub(crate) fn served() -> Metrics {
    server().0.clone()
}

/// Sees to it that there is a recorder.
pub(crate) fn record() {
    let _there = server();
}

/// The answer to a request, head and body.
pub(crate) fn get(path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(server().1).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// The samples of one system: `name{label="value",..}` without the system, and the value.
#[derive(Debug)]
pub(crate) struct Samples(BTreeMap<String, f64>);

impl Samples {
    pub(crate) fn of(system: &str) -> Self {
        let (head, body) = get("/metrics");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let label = format!("system=\"{system}\"");
        let sample = |line: &str| {
            let (key, value) = line.rsplit_once(' ')?;
            let (name, labels) = key.strip_suffix('}')?.split_once('{')?;
            let mut labels: Vec<_> = labels.split(',').filter(|it| !it.is_empty()).collect();
            let is_its = labels.contains(&label.as_str());
            labels.retain(|it| *it != label);
            labels.sort_unstable();
            is_its.then(|| (format!("{name}{{{}}}", labels.join(",")), value.parse().unwrap()))
        };
        let lines = body.lines().filter(|line| !line.starts_with('#'));
        Self(lines.filter_map(sample).collect())
    }

    /// The value of `name{labels}`, with the labels in the order of the alphabet; NaN if there is none.
    pub(crate) fn get(&self, key: &str) -> f64 {
        self.0.get(key).copied().unwrap_or(f64::NAN)
    }

    #[track_caller]
    pub(crate) fn assert(&self, expected: &[(&str, f64)]) {
        for (key, value) in expected {
            let found = self.get(key);
            assert!((found - value).abs() < 1e-9, "{key} is {found}, not {value}; {:#?}", self.0);
        }
    }
}

/// Reads until it is as expected, for so long as a gauge may take.
pub(crate) async fn until(system: &str, is_so: impl Fn(&Samples) -> bool) -> Samples {
    let began = Instant::now();
    loop {
        let samples = Samples::of(system);
        if is_so(&samples) {
            return samples;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{samples:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
