//! What must not compile, and with which words; what must compile.
//!
//! `TRYBUILD=overwrite cargo test -p spawn-tests --test ui` writes the expected outputs anew. Read each of them as the person
//! would who made the mistake.

// Two tests, since cases that are to run are built and not only checked, and then more of rustc speaks.
#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
}

#[test]
fn what_is_right_compiles() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}
