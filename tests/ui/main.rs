//! What must not compile, and with which words; what must compile.
//!
//! `TRYBUILD=overwrite cargo test -p spawn-tests --test ui` writes the expected outputs anew. Read each of them as the person
//! would who made the mistake.
//!
//! A case of `fail/` begins with the cases of the list in `cases.md` that it stands for (`// style: B1`) and with what is said to
//! it: functions of `spawn-macros/src/diag/texts`, codes of the compiler, or a part of its words in quotes (`// says: unknown_key`).
//! `spawn-macros/src/cases` holds these lists against each other, and tries every case with tokens missing.
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the shorter form would name a type that is not the point"
)]

mod pass;

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
}
