//! Programs that are asked to end while they work: children of this one, which get real signals.
//!
//! ```text
//! cargo test -p spawn-tests --test signal
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the child tells the parent what was acknowledged")]

#[cfg(unix)]
mod child;
#[cfg(unix)]
mod parent;

fn main() {
    #[cfg(unix)]
    match std::env::var(child::DATA) {
        Ok(directory) => child::run(directory.as_ref()),
        Err(_) => parent::run(),
    }
}
