//! What rust-analyzer offers inside of an attribute: each list is a module, each thing that can stand in it a module in it.

/// Empty for the compiler, which never sees the modules below.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! attribute_hints {
    ($($any:tt)*) => {};
}

/// Looks up what was written, as an editor does when it completes a path.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! attribute_hints {
    ($($list:ident { $($written:ident)* })*) => {$($(
        const _: () = {
            use $crate::__private::offered::$list::$written;
        };
    )*)*};
}

/// What can stand in each list.
#[cfg(rust_analyzer)]
pub mod offered {
    /// The keys of `#[actor(..)]`.
    pub mod actor {
        /// `name = "order_processor"`: what the actor is called; without it, the type's name in `snake_case`.
        pub mod name {}
        /// `kind = unnamed`: `named` (the default), `unnamed`, `pooled` or `task`.
        pub mod kind {}
        /// `channels = [("order.events", handle_order), "user.*"]`: what it listens to, and the action that handles it.
        pub mod channels {}
        /// `stateful = false`: the state does not last, and need not be a message.
        pub mod stateful {}
        /// `min_pool_size = 1`: how many members a pool has at least.
        pub mod min_pool_size {}
        /// `max_pool_size = 8`: how many members a pool has at most.
        pub mod max_pool_size {}
        /// `deactivate_timeout = "10s"`: how long it may have nothing to do before it leaves memory.
        pub mod deactivate_timeout {}
        /// `ask_timeout = "5s"`: how long a call waits for its response.
        pub mod ask_timeout {}
        /// `mailbox = 1024`: how many calls can wait.
        pub mod mailbox {}
        /// `retry = { attempts = 10, backoff = "100ms", max_backoff = "30s" }`: how an event that failed comes again.
        pub mod retry {}
        /// `snapshot_timeout = "5s"`: a response does not wait for the disk, and the state is saved so often.
        pub mod snapshot_timeout {}
        /// `revisions = 16`: how many states are kept.
        pub mod revisions {}
        /// `tags = { region = "eu" }`: what it is found by.
        pub mod tags {}
    }

    /// The values of `kind`.
    pub mod kind {
        /// One in each system.
        pub mod named {}
        /// One for each id.
        pub mod unnamed {}
        /// Several that are alike, any of which takes a message.
        pub mod pooled {}
        /// A fresh one for each message.
        pub mod task {}
    }

    /// The keys of `#[action(..)]`.
    pub mod action {
        /// `name = "create_order"`: what the action is called; without it, the method's name.
        pub mod name {}
        /// `route = order_id`: the field of the event that names the instance which gets it.
        pub mod route {}
        /// `timer = "30s"`: the action runs so often, by the clock.
        pub mod timer {}
    }

    /// The keys of `#[message(..)]`.
    pub mod message {
        /// `name = "shop.OrderCreated"`: the full name.
        pub mod name {}
        /// `reserved(3, 5)`: numbers that no field has any more.
        pub mod reserved {}
    }
}
