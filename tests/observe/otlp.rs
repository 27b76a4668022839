//! What a collector gets from a program, with OTLP over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use spawn::prelude::*;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

#[derive(Default)]
struct Greeter;

#[actor(name = "greeter", stateful = false, channels = [("otlp.greeted", note)])]
impl Greeter {
    #[action]
    fn greet(&self, name: String) -> Value<String> {
        Value::from(format!("hello {name}")).broadcast(Broadcast::to("otlp.greeted", name))
    }

    #[action]
    fn note(&self, _name: String) {}
}

/// The program that exports; the other tests run it, with an environment.
#[tokio::test]
#[ignore = "a program of the other tests"]
async fn program() {
    let exporter = spawn::otel::Exporter::new("greetings").unwrap();
    let spans = Targets::new().with_target("spawn", Level::DEBUG);
    tracing_subscriber::registry().with(exporter.layer().with_filter(spans)).init();
    let system = System::builder("otlp").in_memory().only::<(Greeter,)>().start().await.unwrap();
    system.actor::<Greeter>().greet("Ann".to_owned()).await.unwrap();
    system.shutdown().await.unwrap();
    exporter.shutdown().await.unwrap();
}

fn run(environment: &[(&str, &str)]) -> ExitStatus {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program", "--ignored"])
        .env_remove("OTEL_SERVICE_NAME")
        .envs(environment.iter().copied())
        .output()
        .unwrap()
        .status
}

/// A request, as far as it matters.
struct Posted {
    line: String,
    body: Vec<u8>,
}

fn answer(mut stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    Some(Posted { line: line.trim().to_owned(), body })
}

/// A collector, and what it gets.
fn collector() -> (String, Receiver<Posted>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if let Some(posted) = answer(&stream.unwrap())
                && tell.send(posted).is_err()
            {
                return;
            }
        }
    });
    (endpoint, told)
}

#[test]
fn a_collector_gets_the_service_and_its_spans() {
    let (endpoint, told) = collector();
    assert!(run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]).success());
    let (mut services, mut names, mut traces) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for posted in told.try_iter() {
        assert_eq!(posted.line, "POST /v1/traces HTTP/1.1");
        let request = ExportTraceServiceRequest::decode(&*posted.body).unwrap();
        for resource in request.resource_spans {
            let attributes = resource.resource.unwrap().attributes;
            let service = attributes.into_iter().find(|it| it.key == "service.name").unwrap();
            services.insert(format!("{:?}", service.value.unwrap().value.unwrap()));
            for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                names.push(span.name);
                traces.insert(span.trace_id);
            }
        }
    }
    names.sort_unstable();
    assert_eq!(names, ["greeter.greet", "greeter.note"]);
    assert_eq!(traces.len(), 1);
    assert_eq!(services.into_iter().collect::<Vec<_>>(), ["StringValue(\"greetings\")"]);
}

#[test]
fn the_environment_names_the_service() {
    let (endpoint, told) = collector();
    let environment =
        [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_SERVICE_NAME", "renamed")];
    assert!(run(&environment).success());
    let posted = told.try_iter().next().unwrap();
    let body = String::from_utf8_lossy(&posted.body);
    assert!(body.contains("renamed") && !body.contains("greetings"));
}

#[test]
fn a_collector_that_is_not_there_is_told_at_the_end() {
    // Nobody listens there, and nobody else can while it is taken.
    let taken = tokio::net::TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let deaf = format!("http://{}", taken.local_addr().unwrap());
    assert!(!run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &deaf)]).success());
    assert!(!run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "no address")]).success());
}
