//! Methods: which are actions, and whether the runtime can call them.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{
    Attribute, ExprClosure, FnArg, Pat, PatType, Path, Receiver, ReceiverKind, ReturnType, Type,
};

use super::find;
use crate::actor::model::{Action, Clause, Init, Method, Parameter, Payload, Route};
use crate::actor::parse::{self, Block, Helper, HelperKind};
use crate::diag::{self, Diagnostic, Sink};
use crate::grammar;
use crate::util::arguments::{Accepts, Value, plain};
use crate::util::{arguments, conditions, ends_with, owned, spelled, ungroup, without_self};

const ACTION_ACCEPTS: Accepts = Accepts {
    place: "`#[action]`",
    keys: &[
        ("name", "name = \"create_order\""),
        ("route", "route = order_id"),
        ("timer", "timer = \"30s\""),
    ],
    others: None,
};

/// The subject of diagnostics.
const AN_ACTION: &str = "an action";

/// What every actor has.
const RESERVED: [&str; 2] = ["get", "get_state"];

/// What the methods came to.
#[derive(Default)]
pub(crate) struct Checked {
    pub(crate) actions: Vec<Action>,
    pub(crate) init: Option<Init>,
    pub(crate) markers: Vec<Path>,
    /// The names of actions that were reported and left out.
    pub(crate) faulty: Vec<String>,
    /// Second clauses without a payload. To be reported if it is known which actions are handlers: those may look at an event.
    pub(crate) without_payload: Vec<Diagnostic>,
    /// Whether there is an action whose name may be in what was reported.
    pub(crate) has_nameless: bool,
}

/// `handlers` are the names of the actions that events come to.
pub(crate) fn check(block: &Block, handlers: &[&str], sink: &mut Sink) -> Checked {
    let mut checked = Checked::default();
    let self_ty = block.self_ty.to_token_stream();
    for method in block.methods() {
        let markers = method.helpers.iter().map(|helper| helper.attribute.path().clone());
        checked.markers.extend(markers);
        match helper(method, sink) {
            Some(Helper { kind: HelperKind::Action, attribute }) => {
                action(method, attribute, handlers, &self_ty, &mut checked, sink);
            }
            Some(Helper { kind: HelperKind::Init, attribute }) => {
                init(method, attribute, &self_ty, &mut checked, sink);
            }
            None => {}
        }
    }
    checked
}

/// The helper attribute of a method, of which it has one at most.
fn helper<'a>(method: &'a parse::Method, sink: &mut Sink) -> Option<&'a Helper> {
    let (first, others) = method.helpers.split_first()?;
    for other in others {
        sink.push(if other.kind == first.kind {
            diag::helper_given_twice(&other.attribute, other.kind.name())
        } else {
            diag::action_and_init(&other.attribute)
        });
    }
    Some(first)
}

fn action(
    method: &parse::Method,
    attribute: &Attribute,
    handlers: &[&str],
    self_ty: &TokenStream,
    checked: &mut Checked,
    sink: &mut Sink,
) {
    let before = sink.len();
    let ident = &method.signature.ident;
    let Said { name, route, timer } = said(attribute, sink);
    checked.has_nameless |= name.is_none() && sink.len() > before;
    let (name, name_span) = match name {
        Some((name, value)) => (name, value.span()),
        None => (plain(ident), ident.span()),
    };
    let name: String = grammar::snake_case(&name).collect();
    if RESERVED.contains(&name.as_str()) {
        sink.push(diag::reserved_action(name_span, &name));
    }
    if CLIENT_METHODS.contains(&plain(ident).as_str()) {
        sink.push(diag::hides_client_method(ident.span(), &plain(ident)));
    }
    let (mut callable, mut payloads) = callable(method, AN_ACTION, self_ty, sink);
    for second in payloads.iter().skip(1) {
        let first = payloads[0].parameter.pat.to_token_stream().to_string();
        sink.push(diag::second_payload(second.parameter, &first));
    }
    // Who says which instance gets an event handles events, though the entry may be missing.
    let is_handler =
        route.is_some() || handlers.iter().any(|handler| grammar::same_action(handler, &name));
    if is_handler && timer.is_none() && payloads.is_empty() {
        payloads.extend(borrowed_payload(method, &mut callable));
    }
    if let (Some(payload), Some(_)) = (payloads.first(), timer) {
        sink.push(diag::timer_with_payload(payload.parameter));
    } else if timer.is_some() && route.is_some() {
        sink.push(diag::timer_with_route(ident));
    } else if payloads.is_empty() && route.is_some() {
        sink.push(diag::route_without_event(ident));
    }
    let payload = if payloads.is_empty() { None } else { Some(payloads.swap_remove(0)) };
    if let Some(action) = find(&checked.actions, &name)
        && let Some(first) = same_payload(action, payload.as_ref())
    {
        let Some(payload) = &payload else {
            let second = diag::duplicate_clause(ident, &name, "without a payload", first);
            checked.without_payload.push(second);
            checked.faulty.push(name);
            return;
        };
        let ty = format!("for `{}`", spelled(payload.ty));
        sink.push(diag::duplicate_clause(payload.ty, &name, &ty, first));
    }
    // What the compiler reports is left out as well: a method that is there twice, and one with a variadic parameter.
    if sink.len() > before || is_repeated(method, checked) || method.signature.variadic.is_some() {
        checked.faulty.push(name);
        return;
    }
    let clause = Clause {
        method: callable,
        visibility: method.visibility.clone(),
        attributes: documentation(&method.attributes),
        payload: payload.map(|payload| Payload {
            name: name_of(payload.parameter),
            ty: without_self(payload.ty, self_ty),
        }),
        route,
        timer,
    };
    match checked.actions.iter_mut().find(|action| action.name == name) {
        Some(action) => action.clauses.push(clause),
        None => checked.actions.push(Action { name, clauses: vec![clause] }),
    }
}

/// Whether another clause is a method of the same name, and both are there in any case.
fn is_repeated(method: &parse::Method, checked: &Checked) -> bool {
    let mut clauses = checked.actions.iter().flat_map(|action| &action.clauses);
    conditions(&method.attributes).is_empty()
        && clauses.any(|clause| {
            clause.method.ident == method.signature.ident && clause.method.conditions.is_empty()
        })
}

/// What a client has beside the actions.
const CLIENT_METHODS: [&str; 2] = ["clone", "fmt"];

/// The arguments of `#[action(..)]`.
#[derive(Default)]
struct Said {
    /// With where it stands.
    name: Option<(String, TokenStream)>,
    route: Option<Route>,
    timer: Option<Duration>,
}

fn said(attribute: &Attribute, sink: &mut Sink) -> Said {
    let mut said = Said::default();
    if let Some(value) = after_equals(attribute) {
        sink.push(diag::arguments_after_equals(value, "action"));
    }
    for argument in arguments::parse(list_of(attribute), &ACTION_ACCEPTS, sink) {
        match argument.key.to_string().as_str() {
            "name" => said.name = action_name(&argument.value, sink),
            "route" => said.route = route(&argument.value, sink),
            _ => said.timer = parse::length(&argument, sink),
        }
    }
    said
}

fn action_name(value: &Value, sink: &mut Sink) -> Option<(String, TokenStream)> {
    let tokens = value.tokens();
    let Some(name) = value.string() else {
        sink.push(diag::not_a_string(tokens, "name", "create_order"));
        return None;
    };
    let well_formed = name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_numeric());
    if name.is_empty() || !well_formed {
        sink.push(diag::bad_action_name(tokens, &name));
        return None;
    }
    Some((name, tokens))
}

/// `route = order_id`, or `route = |event| ..`.
fn route(value: &Value, sink: &mut Sink) -> Option<Route> {
    if let Ok(field) = syn::parse2::<Ident>(value.tokens()) {
        return Some(Route::Field(field));
    }
    match syn::parse2::<ExprClosure>(value.tokens()) {
        Ok(closure) if closure.inputs.len() == 1 => Some(Route::Closure(Box::new(closure))),
        _ => {
            sink.push(diag::bad_route(value.tokens()));
            None
        }
    }
}

/// `#[action = "x"]`
fn after_equals(attribute: &Attribute) -> Option<&syn::Expr> {
    match &attribute.meta {
        syn::Meta::NameValue(pair) => Some(&pair.value),
        _ => None,
    }
}

/// What stands in the parentheses of an attribute.
fn list_of(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        // What stands after an equals sign is reported by itself.
        syn::Meta::Path(_) | syn::Meta::NameValue(_) => TokenStream::new(),
    }
}

fn init(
    method: &parse::Method,
    attribute: &Attribute,
    self_ty: &TokenStream,
    checked: &mut Checked,
    sink: &mut Sink,
) {
    let before = sink.len();
    let surplus =
        after_equals(attribute).map_or_else(|| list_of(attribute), ToTokens::to_token_stream);
    if !surplus.is_empty() {
        sink.push(diag::takes_no_arguments(surplus, "`#[init]`"));
    }
    if let Some(first) = &checked.init {
        sink.push(diag::second_init(attribute, &first.method.ident));
    }
    let (callable, payloads) = callable(method, "`#[init]`", self_ty, sink);
    for payload in payloads {
        sink.push(diag::init_with_payload(payload.parameter));
    }
    if sink.len() == before {
        checked.init = Some(Init { method: callable });
    }
}

/// The clause of `action` that takes the same payload, token for token.
///
/// A clause under a `#[cfg]` may not be there, so it is left to the compiler.
fn same_payload<'a>(action: &'a Action, payload: Option<&Taken<'_>>) -> Option<&'a Ident> {
    let written = payload.map(|payload| payload.ty.to_token_stream().to_string());
    let first = action.clauses.iter().find(|clause| {
        clause.method.conditions.is_empty()
            && clause.payload.as_ref().map(|it| it.ty.to_token_stream().to_string()) == written
    });
    first.map(|clause| &clause.method.ident)
}

/// A parameter that is a payload.
struct Taken<'a> {
    parameter: &'a PatType,
    /// Of the message.
    ty: &'a Type,
}

/// The last parameter, if it is `&T`: a handler that takes no event by value looks at it.
///
/// What is asked is where the parameter stands and not what its type is called: the type of an event may have any name.
fn borrowed_payload<'a>(method: &'a parse::Method, callable: &mut Method) -> Option<Taken<'a>> {
    let FnArg::Typed(parameter) = method.signature.inputs.last()? else { return None };
    let Type::Reference(reference) = ungroup(&parameter.ty) else { return None };
    // What is called so is the context, most likely, and no event: of another name for it the compiler speaks.
    if matches!(ungroup(&reference.elem), Type::Path(ty) if ends_with(&ty.path, "Context")) {
        return None;
    }
    *callable.parameters.last_mut()? = Parameter::BorrowedPayload;
    Some(Taken { parameter, ty: &reference.elem })
}

/// How a method is called, and its parameters by value; what keeps the runtime from calling it is reported.
fn callable<'a>(
    method: &'a parse::Method,
    what: &str,
    self_ty: &TokenStream,
    sink: &mut Sink,
) -> (Method, Vec<Taken<'a>>) {
    let signature = &method.signature;
    if let Some(token) = &signature.constness {
        sink.push(diag::qualified_action(token, what, "const"));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        sink.push(diag::qualified_action(token, what, "unsafe"));
    }
    if let Some(abi) = &signature.abi {
        sink.push(diag::qualified_action(abi, what, "extern"));
    }
    if !signature.generics.params.is_empty() {
        sink.push(diag::generic_action(&signature.generics, what));
    }
    if let Some(where_clause) = &signature.generics.where_clause {
        sink.push(diag::generic_action(where_clause, what));
    }
    let mutates = receiver(signature, what, sink);
    let mut payloads = Vec::new();
    let mut parameters = Vec::new();
    let mut lent = Vec::new();
    for input in &signature.inputs {
        let FnArg::Typed(parameter) = input else { continue };
        match ungroup(&parameter.ty) {
            Type::Reference(reference) => {
                loan(parameter, reference, sink);
                let written = spelled(&parameter.ty);
                if lent.contains(&written) {
                    sink.push(diag::second_loan(&parameter.ty, &written));
                }
                lent.push(written);
                parameters.push(Parameter::Lent(Box::new(without_self(&reference.elem, self_ty))));
            }
            Type::ImplTrait(ty) => sink.push(diag::impl_trait_in_action(ty, what)),
            _ => {
                payloads.push(Taken { parameter, ty: &parameter.ty });
                parameters.push(Parameter::Payload);
            }
        }
    }
    let returns = without_self(&returns(&signature.output, what, sink), self_ty);
    let method = Method {
        ident: signature.ident.clone(),
        conditions: conditions(&method.attributes),
        is_async: signature.asyncness.is_some(),
        mutates,
        parameters,
        returns,
    };
    (method, payloads)
}

/// Whether the receiver is `&mut self`.
fn receiver(signature: &syn::Signature, what: &str, sink: &mut Sink) -> bool {
    let Some(receiver) = signature.receiver() else {
        sink.push(diag::no_receiver(&signature.ident, what));
        return false;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, None, mutability) => mutability.is_some(),
        ReceiverKind::Reference(_, Some(lifetime), _) => {
            sink.push(diag::generic_action(lifetime, what));
            false
        }
        _ => {
            sink.push(diag::owned_receiver(without_attributes(receiver), what));
            false
        }
    }
}

fn without_attributes(receiver: &Receiver) -> Receiver {
    Receiver { attrs: Vec::new(), ..receiver.clone() }
}

/// `&T`, where `T` has a size and no lifetime of its own.
fn loan(parameter: &PatType, reference: &syn::TypeReference, sink: &mut Sink) {
    let inner = spelled(&reference.elem);
    if reference.mutability.is_some() {
        sink.push(diag::mutable_loan(&parameter.ty, &inner));
    } else if reference.lifetime.is_some() {
        sink.push(diag::loan_with_lifetime(&parameter.ty));
    } else {
        let instead = match ungroup(&reference.elem) {
            Type::Path(path) if path.path.is_ident("str") => owned(&reference.elem),
            Type::Slice(_) => owned(&reference.elem),
            Type::TraitObject(_) => format!("&Arc<{inner}>"),
            _ => return,
        };
        sink.push(diag::unsized_loan(&parameter.ty, &instead));
    }
}

fn returns(output: &ReturnType, what: &str, sink: &mut Sink) -> Type {
    let ReturnType::Type(_, ty) = output else {
        return syn::parse_quote_spanned!(output.span()=> ());
    };
    match ungroup(ty) {
        Type::Reference(reference) => {
            sink.push(diag::borrowed_response(ty, &owned(&reference.elem)));
        }
        Type::ImplTrait(_) => sink.push(diag::impl_trait_in_action(ty, what)),
        Type::Never(_) => sink.push(diag::never_response(ty, what)),
        _ => {}
    }
    (**ty).clone()
}

/// The name of a parameter, for the client's method.
fn name_of(parameter: &PatType) -> Option<Ident> {
    match &*parameter.pat {
        Pat::Ident(name) => Some(name.ident.clone()),
        _ => None,
    }
}

/// What the client's method says about itself.
fn documentation(attributes: &[Attribute]) -> Vec<Attribute> {
    let copied = ["doc", "deprecated", "cfg"];
    attributes
        .iter()
        .filter(|it| copied.iter().any(|name| it.path().is_ident(name)))
        .cloned()
        .collect()
}
