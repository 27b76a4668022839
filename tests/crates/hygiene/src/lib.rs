//! Programs that must compile without a warning, whatever is around them.

// Everything that is known to trip over generated code; `forbid` is not possible for groups that a user lowers here and there.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    unused,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unnameable_types,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    single_use_lifetimes,
    let_underscore_drop,
    non_local_definitions,
    private_interfaces,
    private_bounds,
    redundant_lifetimes,
    rust_2018_idioms,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod aliases;
pub mod deprecated;
pub mod imports;
pub mod in_function;
pub mod many;
pub mod no_prelude;
pub mod shadowed;
pub mod visibility;
