//! The code in the guide, a module for each page: compiled and run with the tests.

#![cfg_attr(
    test,
    expect(
        unreachable_pub,
        clippy::redundant_closure_for_method_calls,
        reason = "the pages show what a person writes"
    )
)]

#[cfg(test)]
mod administration;
#[cfg(test)]
mod concepts;
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod first_actor;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod observability;
#[cfg(test)]
mod overload;
#[cfg(test)]
mod persistence;
#[cfg(test)]
mod running;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod timers;
#[cfg(test)]
mod workflows;
