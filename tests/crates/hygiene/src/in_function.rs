//! A definition inside of a function.

/// The name of an actor that only this function knows.
#[must_use]
pub fn name_of_a_local_actor() -> &'static str {
    use spawn::prelude::*;

    /// The actor.
    #[message(name = "hygiene.Local")]
    struct Local {
        count: i64,
    }

    #[actor(name = "local-to-a-function")]
    impl Local {
        #[action]
        fn count(&self) -> i64 {
            self.count
        }
    }

    Local::definition().name()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_actor_in_a_function_is_an_actor() {
        assert_eq!(super::name_of_a_local_actor(), "local-to-a-function");
    }
}
