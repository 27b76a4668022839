//! The dispatch table: a constant.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{clause, client};
use crate::actor::model::{Action, Actor, Channel, Clause, Kind, Method, Reference, Retry};
use crate::util::generated;

pub(super) fn generate(actor: &Actor) -> TokenStream {
    let span = generated(actor.self_ty.span());
    let self_ty = &actor.self_ty;
    let name = &actor.name;
    let kind = match actor.kind {
        Kind::Named => quote_spanned!(span=> kind: __spawn::Kind::Named,),
        Kind::Unnamed => quote_spanned!(span=> kind: __spawn::Kind::Unnamed,),
        Kind::Pooled => quote_spanned!(span=> kind: __spawn::Kind::Pooled,),
        Kind::Task => quote_spanned!(span=> kind: __spawn::Kind::Task,),
    };
    let min_pool_size = actor.min_pool_size.map(|it| quote_spanned!(span=> min_pool_size: #it,));
    let max_pool_size =
        actor.max_pool_size.map(|it| quote_spanned!(span=> max_pool_size: __spawn::Some(#it),));
    let state = actor
        .stateful
        .then(|| quote_spanned!(span=> state: __spawn::Some(__spawn::durable::<#self_ty>()),));
    let init = actor.init.as_ref().map(|init| {
        let (_, handler) = clause::init(init, self_ty);
        let conditions = &init.method.conditions;
        quote_spanned!(span=> #(#conditions)* init: __spawn::Some(#handler),)
    });
    let deactivate_timeout = actor.deactivate_timeout.map(|length| {
        let length = duration(length);
        quote_spanned!(span=> deactivate_timeout: #length,)
    });
    let ask_timeout = actor.ask_timeout.map(|length| {
        let length = duration(length);
        quote_spanned!(span=> ask_timeout: #length,)
    });
    let mailbox = actor.mailbox.map(|mailbox| quote_spanned!(span=> mailbox: #mailbox,));
    let retry = actor.retry.map(|it| {
        let retry = retry(it);
        quote_spanned!(span=> retry: #retry,)
    });
    let snapshot_timeout = actor.snapshot_timeout.map(|length| {
        let length = duration(length);
        quote_spanned!(span=> snapshot_timeout: __spawn::Some(#length),)
    });
    let revisions = actor.revisions.map(|revisions| quote_spanned!(span=> revisions: #revisions,));
    let tags = (!actor.tags.is_empty()).then(|| {
        let tags = actor.tags.iter().map(|(key, value)| quote!((#key, #value)));
        quote_spanned!(span=> tags: &[#(#tags,)*],)
    });
    let timers = actor
        .actions
        .iter()
        .flat_map(|action| action.clauses.iter().filter_map(|clause| timer(&action.name, clause)));
    let publishes = (!actor.publishes.is_empty()).then(|| {
        let channels = &actor.publishes;
        quote_spanned!(span=> publishes: &[#(#channels,)*],)
    });
    let actions =
        actor.actions.iter().enumerate().map(|(place, action)| entry(actor, place, action));
    let channels = actor.channels.iter().map(|channel| subscription(actor, channel));
    let methods = actor.actions.iter().flat_map(|action| {
        action.clauses.iter().map(|clause| (action.name.as_str(), &clause.method))
    });
    let resources = methods
        .chain(actor.init.iter().map(|init| ("init", &init.method)))
        .flat_map(|(action, method)| resources(action, method));
    quote_spanned! {span=>
        __spawn::Table {
            #kind #min_pool_size #max_pool_size #state #init #deactivate_timeout #ask_timeout #mailbox #retry #snapshot_timeout
            #revisions #publishes #tags
            make: <__spawn::Maker<#self_ty>>::MAKE,
            actions: &[#(#actions,)*],
            channels: &[#(#channels,)*],
            timers: &[#(#timers,)*],
            resources: &[#(#resources,)*],
            ..__spawn::Table::named(#name, __spawn::Location::caller())
        }
    }
}

fn entry(actor: &Actor, place: usize, action: &Action) -> TokenStream {
    let name = &action.name;
    let client = client::name(actor);
    let is_heard = actor.channels.iter().any(|channel| channel.action == *name);
    let make =
        Ident::new(if is_heard { "heard" } else { "clause" }, generated(actor.self_ty.span()));
    let clauses = action.clauses.iter().map(|clause| {
        let conditions = &clause.method.conditions;
        let ty = clause.payload_ty();
        let span = clause.payload.as_ref().map_or(clause.method.ident.span(), |it| it.ty.span());
        quote_spanned!(generated(span)=> #(#conditions)* __spawn::#make::<Self, #client, #place, #ty>())
    });
    let span = generated(actor.self_ty.span());
    quote_spanned!(span=> __spawn::ActionEntry { name: #name, clauses: &[#(#clauses,)*] })
}

/// An entry of `channels`. The methods are named with the span of the handler, so that an editor finds the way to them.
fn subscription(actor: &Actor, channel: &Channel) -> TokenStream {
    let self_ty = &actor.self_ty;
    let Channel { pattern, action, from_start, wake_eagerly, references } = channel;
    let from_start = from_start.then(|| quote!(.from_start()));
    let wake_eagerly = wake_eagerly.then(|| quote!(.wake_eagerly()));
    let span = generated(self_ty.span());
    let references = references.iter().map(|Reference { method, conditions, handler }| {
        let mut method = method.clone();
        if let Some(handler) = handler {
            method.set_span(handler.span());
        }
        quote_spanned!(span=> #(#conditions)* { let _ = <#self_ty>::#method; })
    });
    quote_spanned! {span=>
        { #(#references)* __spawn::ChannelEntry::new(#pattern, #action) #from_start #wake_eagerly }
    }
}

fn resources<'a>(action: &'a str, method: &'a Method) -> impl Iterator<Item = TokenStream> + 'a {
    let conditions = &method.conditions;
    method.lent().map(move |ty| {
        let span = generated(ty.span());
        quote_spanned!(span=> #(#conditions)* __spawn::ResourceEntry::of::<#ty>(#action, <__spawn::Loan<#ty>>::RESOURCE))
    })
}

fn timer(action: &str, clause: &Clause) -> Option<TokenStream> {
    let every = duration(clause.timer?);
    let conditions = &clause.method.conditions;
    Some(quote!(#(#conditions)* __spawn::TimerEntry { action: #action, every: #every }))
}

fn retry(retry: Retry) -> TokenStream {
    let attempts = retry.attempts.map(|attempts| quote!(.attempts(#attempts)));
    let backoff = retry.backoff.map(duration).map(|length| quote!(.backoff(#length)));
    let max_backoff = retry.max_backoff.map(duration).map(|length| quote!(.max_backoff(#length)));
    quote!(__spawn::Retry::DEFAULT #attempts #backoff #max_backoff)
}

fn duration(length: Duration) -> TokenStream {
    let (seconds, nanos) = (length.as_secs(), length.subsec_nanos());
    quote!(__spawn::time::Duration::new(#seconds, #nanos))
}
