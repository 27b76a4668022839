//! What the program defines.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::actor::Kind;
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::definition::{ActionDefinition, ChannelDefinition, Definition};
use crate::introspect::{Graph, Link, Shape};
use crate::tags::Tags;

#[derive(Debug, Serialize)]
pub(super) struct Defined {
    name: &'static str,
    #[serde(rename = "type")]
    type_name: &'static str,
    location: String,
    kind: String,
    stateful: bool,
    deactivate_timeout_seconds: f64,
    ask_timeout_seconds: f64,
    snapshot_timeout_seconds: Option<f64>,
    mailbox: usize,
    attempts: u32,
    revisions: u16,
    tags: &'static Tags,
    actions: Vec<Action>,
    channels: Vec<Entry>,
    publishes: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct Action {
    name: &'static str,
    timer_seconds: Option<f64>,
    clauses: Vec<Clause>,
}

#[derive(Debug, Serialize)]
struct Clause {
    /// `null` if it takes every message.
    payload: Option<String>,
    response: String,
    optional: bool,
}

#[derive(Debug, Serialize)]
struct Entry {
    pattern: &'static str,
    action: &'static str,
    from_start: bool,
    wakes_eagerly: bool,
    routed: bool,
}

impl From<&'static Definition> for Defined {
    fn from(it: &'static Definition) -> Self {
        Self {
            name: it.name(),
            type_name: it.type_name(),
            location: it.location().to_string(),
            kind: it.kind().to_string(),
            stateful: it.is_stateful(),
            deactivate_timeout_seconds: it.deactivate_timeout().as_secs_f64(),
            ask_timeout_seconds: it.ask_timeout().as_secs_f64(),
            snapshot_timeout_seconds: it.snapshot_timeout().map(|it| it.as_secs_f64()),
            mailbox: it.mailbox(),
            attempts: it.attempts(),
            revisions: it.revisions(),
            tags: it.tags(),
            actions: it.actions().iter().map(Action::from).collect(),
            channels: it.channels().iter().map(Entry::from).collect(),
            publishes: it.publishes(),
        }
    }
}

impl From<&'static ActionDefinition> for Action {
    fn from(it: &'static ActionDefinition) -> Self {
        let clauses = it.clauses().iter().map(|clause| Clause {
            payload: clause.payload().map(|name| name.to_string()),
            response: clause.response().to_string(),
            optional: clause.is_optional(),
        });
        Self {
            name: it.name(),
            timer_seconds: it.timer().map(|every| every.as_secs_f64()),
            clauses: clauses.collect(),
        }
    }
}

impl From<&'static ChannelDefinition> for Entry {
    fn from(it: &'static ChannelDefinition) -> Self {
        Self {
            pattern: it.pattern(),
            action: it.action(),
            from_start: it.is_from_start(),
            wakes_eagerly: it.wakes_eagerly(),
            routed: it.is_routed(),
        }
    }
}

pub(super) async fn definitions(
    State(handle): State<Handle>,
) -> Result<Json<Vec<Defined>>, Failure> {
    let definitions = handle.system().definitions()?;
    Ok(Json(definitions.iter().map(|it| Defined::from(*it)).collect()))
}

#[derive(Debug, Serialize)]
pub(super) struct Drawn {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    mermaid: String,
}

#[derive(Debug, Serialize)]
struct Node {
    id: String,
    name: String,
    shape: &'static str,
}

#[derive(Debug, Serialize)]
struct Edge {
    from: String,
    to: String,
    link: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
}

pub(super) async fn topology(State(handle): State<Handle>) -> Result<Json<Drawn>, Failure> {
    let topology = handle.system().topology()?;
    let Graph { nodes, edges } = topology.graph();
    let nodes = nodes.into_iter().map(|node| {
        let shape = match node.shape {
            Shape::Actor(Kind::Named) => "named",
            Shape::Actor(Kind::Unnamed) => "unnamed",
            Shape::Actor(Kind::Pooled | Kind::Task) => "pool",
            Shape::Subscriber => "subscriber",
            Shape::Channel => "channel",
        };
        Node { id: node.id, name: node.name.to_owned(), shape }
    });
    let edges = edges.into_iter().map(|edge| {
        let (link, action) = match edge.link {
            Link::Handled(action) => ("handled", Some(action)),
            Link::Received => ("received", None),
            Link::Published => ("published", None),
            Link::StandsFor => ("stands_for", None),
        };
        Edge { from: edge.from, to: edge.to, link, action }
    });
    let (nodes, edges) = (nodes.collect(), edges.collect());
    Ok(Json(Drawn { nodes, edges, mermaid: topology.to_mermaid() }))
}
