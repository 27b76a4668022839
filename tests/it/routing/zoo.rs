//! Actors of every kind with every sort of subscription.

use std::sync::Arc;
use std::time::Duration;

use spawn::Definition;
use spawn::prelude::*;

use super::{Record, number_of};

#[message(name = "zoo.Alpha")]
pub(super) struct Alpha {
    pub(super) key: String,
    pub(super) number: u64,
}

#[message(name = "zoo.Beta")]
pub(super) struct Beta {
    pub(super) key: u64,
    pub(super) number: u64,
}

#[message(name = "zoo.Gamma")]
pub(super) struct Gamma {
    pub(super) number: u64,
}

/// Which rule of routing holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Named,
    Unnamed,
    Routed,
    Pooled,
}

/// An actor, and what stands in its attribute.
#[derive(Debug)]
pub(super) struct Species {
    pub(super) name: &'static str,
    pub(super) flavour: Flavour,
    pub(super) entries: &'static [(&'static str, &'static str)],
    pub(super) definition: fn() -> &'static Definition,
}

fn note(ctx: &Context, record: &Record, action: &str, number: u64) {
    record.note(ctx.id().as_str(), action, number);
}

/// Later events and entries come meanwhile.
async fn pause(number: u64) {
    tokio::time::sleep(Duration::from_millis(number % 3)).await;
}

macro_rules! actor {
    ($ty:ident, $name:literal, [$($option:tt)*], $entries:tt) => {
        #[actor(name = $name, $($option)*, channels = $entries)]
        impl $ty {
            #[action]
            fn alphas(&mut self, ctx: &Context, record: &Arc<Record>, event: Alpha) {
                note(ctx, record, "alphas", event.number);
            }

            #[action]
            fn both(&mut self, ctx: &Context, record: &Arc<Record>, event: Alpha) {
                note(ctx, record, "both", event.number);
            }

            #[action(name = "both")]
            async fn both_of_beta(&mut self, ctx: &Context, record: &Arc<Record>, event: Beta) {
                pause(event.number).await;
                note(ctx, record, "both", event.number);
            }

            #[action]
            fn any(&mut self, ctx: &Context, record: &Arc<Record>, event: Event) {
                note(ctx, record, "any", number_of(&event));
            }

            #[action]
            fn touch(&mut self) {
                self.touched += 1;
            }
        }
    };
}

macro_rules! routed {
    ($ty:ident, $name:literal, $entries:tt) => {
        #[actor(name = $name, kind = unnamed, channels = $entries)]
        impl $ty {
            #[action(route = key)]
            fn alphas(&mut self, ctx: &Context, record: &Arc<Record>, event: Alpha) {
                note(ctx, record, "alphas", event.number);
            }

            #[action(route = key)]
            fn both(&mut self, ctx: &Context, record: &Arc<Record>, event: Alpha) {
                note(ctx, record, "both", event.number);
            }

            #[action(name = "both", route = |event| format!("beta-{}", event.key))]
            async fn both_of_beta(&mut self, ctx: &Context, record: &Arc<Record>, event: Beta) {
                pause(event.number).await;
                note(ctx, record, "both", event.number);
            }

            #[action(route = |event: &Event| event.channel().to_string())]
            fn any(&mut self, ctx: &Context, record: &Arc<Record>, event: Event) {
                self.touched += 1;
                note(ctx, record, "any", number_of(&event));
            }
        }
    };
}

macro_rules! zoo {
    ($($list:ident { $named:literal $free:literal $unnamed:literal $routed:literal $pool:literal $entries:tt })*) => {
        $(mod $list {
            use super::*;

            #[message(name = $named)]
            pub(super) struct Named { touched: i64 }
            actor!(Named, $named, [stateful = true], $entries);

            #[derive(Default)]
            pub(super) struct Free { touched: i64 }
            actor!(Free, $free, [stateful = false], $entries);

            #[message(name = $unnamed)]
            pub(super) struct Unnamed { touched: i64 }
            actor!(Unnamed, $unnamed, [kind = unnamed], $entries);

            #[message(name = $routed)]
            pub(super) struct Routed { touched: i64 }
            routed!(Routed, $routed, $entries);

            #[derive(Default)]
            pub(super) struct Pool { touched: i64 }
            actor!(Pool, $pool, [kind = pooled, stateful = false, max_pool_size = 3], $entries);
        })*

        /// All of them.
        pub(super) const SPECIES: &[Species] = &[$(
            zoo!(@species $named, Named, $list::Named, $entries),
            zoo!(@species $free, Named, $list::Free, $entries),
            zoo!(@species $unnamed, Unnamed, $list::Unnamed, $entries),
            zoo!(@species $routed, Routed, $list::Routed, $entries),
            zoo!(@species $pool, Pooled, $list::Pool, $entries),
        )*];
    };
    (@species $name:literal, $flavour:ident, $ty:ty, [$(($pattern:literal, $handler:ident)),*]) => {
        Species {
            name: $name,
            flavour: Flavour::$flavour,
            entries: &[$(($pattern, stringify!($handler))),*],
            definition: <$ty>::definition,
        }
    };
}

// A route has to be of use, so that each list has all handlers; nothing is published to `never`.
zoo! {
    one { "zoo.one.Named" "zoo.one.Free" "zoo.one.Unnamed" "zoo.one.Routed" "zoo.one.Pool" [("a.b", both), ("never", alphas), ("never", any)] }
    star { "zoo.star.Named" "zoo.star.Free" "zoo.star.Unnamed" "zoo.star.Routed" "zoo.star.Pool" [("a.*", any), ("never", alphas), ("never", both)] }
    rest {
        "zoo.rest.Named" "zoo.rest.Free" "zoo.rest.Unnamed" "zoo.rest.Routed" "zoo.rest.Pool"
        [("a.b", alphas), (">", any), ("never", both)]
    }
    inner {
        "zoo.inner.Named" "zoo.inner.Free" "zoo.inner.Unnamed" "zoo.inner.Routed" "zoo.inner.Pool"
        [("a.*.c", both), ("*.b.>", alphas), ("never", any)]
    }
    overlap {
        "zoo.overlap.Named" "zoo.overlap.Free" "zoo.overlap.Unnamed" "zoo.overlap.Routed" "zoo.overlap.Pool"
        [("*.*", any), ("a.>", both), ("a.b", any), ("*.b", alphas), (">", both)]
    }
    short {
        "zoo.short.Named" "zoo.short.Free" "zoo.short.Unnamed" "zoo.short.Routed" "zoo.short.Pool"
        [("*", both), ("c", alphas), ("c.>", any)]
    }
    deep {
        "zoo.deep.Named" "zoo.deep.Free" "zoo.deep.Unnamed" "zoo.deep.Routed" "zoo.deep.Pool"
        [("*.*.*", both), ("*.*.>", any), ("b.b.b", alphas)]
    }
}
