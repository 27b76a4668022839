//! What must not compile, and with which words; what must compile.
//!
//! `TRYBUILD=overwrite cargo test -p spawn-tests --test ui` writes the expected outputs anew. Read each of them as the person
//! would who made the mistake.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*/*.rs");
    cases.pass("ui/pass/*.rs");
}
