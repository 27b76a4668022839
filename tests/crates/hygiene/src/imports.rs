//! However the attributes are named, no import is unused.

mod named {
    use spawn::{action, actor, init, message};

    /// An actor.
    #[message(name = "hygiene.imports.Named")]
    pub(super) struct Named {
        count: i64,
    }

    #[actor]
    impl Named {
        #[init]
        fn begin(&mut self) {
            self.count = 1;
        }

        #[action]
        fn count(&self) -> i64 {
            self.count
        }
    }
}

mod paths {
    /// An actor.
    #[spawn::message(name = "hygiene.imports.Paths")]
    pub(super) struct Paths {
        count: i64,
    }

    #[spawn::actor]
    impl Paths {
        #[spawn::action]
        fn count(&self) -> i64 {
            self.count
        }
    }
}

mod renamed {
    use spawn as actors;

    /// An actor.
    #[actors::message(name = "hygiene.imports.Renamed", crate = actors)]
    pub(super) struct Renamed {
        count: i64,
    }

    #[actors::actor(crate = actors)]
    impl Renamed {
        #[actors::action]
        fn count(&self) -> i64 {
            self.count
        }
    }
}

mod without_actions {
    /// An actor that does nothing.
    #[derive(Debug, Default)]
    pub(super) struct Idle;

    #[spawn::actor(stateful = false)]
    impl Idle {}
}
