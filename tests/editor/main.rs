//! What a person sees who writes an actor in an editor: asked of rust-analyzer, over its own protocol.
//!
//! ```text
//! rustup component add rust-analyzer rust-src
//! cargo test -p spawn-tests --features editor --test editor
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod project;
mod server;

use std::sync::{Mutex, MutexGuard, OnceLock};

use self::project::Project;

/// One server for all tests: it takes seconds to read a project, and milliseconds to answer.
fn project() -> MutexGuard<'static, Project> {
    static PROJECT: OnceLock<Mutex<Project>> = OnceLock::new();
    let project = PROJECT.get_or_init(|| Mutex::new(Project::open(include_str!("shop.rs"))));
    let mut project = project.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    project.restore();
    project
}

#[test]
fn a_handler_leads_to_its_action_also_out_of_a_string() {
    let mut project = project();
    for handler in ["|created)", "|removed\")"] {
        let name = handler.trim_start_matches('|').trim_end_matches([')', '"']);
        assert_eq!(project.definition(handler), format!("fn {name}(&mut self"), "from {handler}");
    }
}

#[test]
fn a_call_leads_to_the_action() {
    let mut project = project();
    assert_eq!(project.definition("|create_order(\"o\""), "fn create_order(&mut self");
    let hover = project.hover("|create_order(\"o\"");
    assert!(hover.contains("Accepts an order."), "{hover}");
}

#[test]
fn a_route_leads_to_the_field_and_a_payload_to_its_message() {
    let mut project = project();
    // Beside the field, the place itself is offered: the event that the macro takes the field of stands there too, so that the
    // compiler's words about the route are at the field.
    let found = project.definitions("route = |paid_order)");
    assert!(found.iter().any(|it| it == "pub paid_order: String"), "{found:?}");
    assert!(project.definition("event: |Paid)").starts_with("pub struct Paid {"));
    assert_eq!(project.definition("Self::|weight("), "fn weight(event: &Paid");
}

#[test]
fn a_key_tells_what_it_is() {
    let mut project = project();
    for (key, told) in [
        ("|name = \"shop\"", "what the actor is called"),
        ("kind = |unnamed", "One for each id"),
        ("|route = paid_order", "the field of the event"),
        ("|name = \"ed.Paid\"", "the full name"),
    ] {
        let hover = project.hover(key);
        assert!(hover.contains(told), "{key}: {hover}");
    }
}

#[test]
fn the_attributes_tell_what_they_are() {
    let mut project = project();
    let hover = project.hover("#[|actor(");
    assert!(hover.contains("channels") && hover.contains("stateful"), "{hover}");
    let hover = project.hover("#[|action]");
    assert!(hover.contains("action"), "{hover}");
}

#[test]
fn a_renamed_action_is_renamed_where_it_handles_a_channel() {
    let mut project = project();
    let places = project.rename("fn |created(", "noted");
    assert_eq!(places, ["created)", "created(&mut self"], "the handler and the method");
    // A call is one of the client's method, which the macro made: rust-analyzer leads from it to the action, but does not rename
    // what a macro made. The compiler names each call that is left.
    let places = project.rename("fn |create_order(", "place_order");
    assert_eq!(places, ["create_order(&mut self"]);
}

#[test]
fn a_half_written_action_is_completed() {
    let mut project = project();
    // Without the semicolon, and without an end.
    let labels = project.completions("self.orders += 1;", "self.or|");
    assert!(labels.iter().any(|label| label == "orders"), "{labels:?}");
    let labels = project.completions("self.orders += 1;", "let sum = self.|");
    for wanted in ["orders", "total", "is_new"] {
        assert!(labels.iter().any(|label| label.starts_with(wanted)), "{wanted}: {labels:?}");
    }
}

#[test]
fn a_mistake_in_the_arguments_keeps_nothing_from_being_completed() {
    let mut project = project();
    for mistake in ["nmae = \"shop\",", "name = ,", "name \"shop\" ="] {
        project.restore();
        project.replace("name = \"shop\",", mistake);
        project.replace("self.orders += 1;", "let sum = self.");
        let labels = project.offered("let sum = self.|");
        for wanted in ["orders", "is_new"] {
            let is_wanted = |label: &String| label.starts_with(wanted);
            assert!(labels.iter().any(is_wanted), "{mistake}: {wanted}: {labels:?}");
        }
    }
}

#[test]
fn a_client_offers_the_actions_and_nothing_that_was_generated() {
    let mut project = project();
    let labels = project.completions(
        "let _ = system.actor::<Shop>().create_order(\"o\".into());",
        "system.actor::<Shop>().|",
    );
    for wanted in ["create_order", "created", "removed"] {
        assert!(labels.iter().any(|label| label.starts_with(wanted)), "{wanted}: {labels:?}");
    }
    let others: Vec<_> = labels.iter().filter(|label| label.contains("__spawn")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn keys_are_completed_also_half_written_ones() {
    let mut project = project();
    for (before, after, wanted) in [
        ("name = \"shop\",", "name = \"shop\", deac|", "deactivate_timeout"),
        ("kind = named,", "kind = poo|", "pooled"),
        ("#[action(name = \"drop\")]", "#[action(tim|)]", "timer"),
        ("#[message(name = \"ed.Created\")]", "#[message(na|)]", "name"),
    ] {
        let labels = project.completions(before, after);
        assert!(labels.iter().any(|label| label.starts_with(wanted)), "{after}: {labels:?}");
    }
}
