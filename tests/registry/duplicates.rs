//! Everything that is wrong across definitions is reported at once, with the places.

use spawn::ErrorKind;
use spawn::prelude::*;

/// The first of its name.
#[message(name = "twins.Twin")]
pub struct First {}

#[actor(name = "twin")]
impl First {}

/// The second of its name, and its message too.
#[message(name = "twins.Twin")]
pub struct Second {}

#[actor(name = "twin")]
impl Second {}

/// Has no `Default`.
#[derive(Debug)]
pub struct Stubborn {
    never: core::convert::Infallible,
}

/// Nobody gives this to the system.
#[derive(Debug)]
pub struct Ledger;

#[actor(stateful = false)]
impl Stubborn {
    /// Needs a resource.
    #[action]
    fn book(&self, _ledger: &Ledger) {
        match self.never {}
    }
}

/// What serde calls as it calls another type.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename = "Namesake")]
pub struct Alias {}

/// The other type.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Namesake {}

/// Cannot tell them apart.
#[derive(Debug, Default)]
pub struct Undecided;

#[actor(stateful = false)]
impl Undecided {
    /// Takes the one.
    #[action]
    fn take(&self, _one: Json<Alias>) {}

    /// Takes the other.
    #[action(name = "take")]
    fn take_other(&self, _other: Json<Namesake>) {}
}

#[tokio::test]
async fn all_mistakes_are_reported_at_once() {
    let error = System::builder("bad").start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Definition);
    let here = file!();
    let expected = [
        "the system `bad` cannot start:".to_owned(),
        format!(
            "two actors are named `twin`: duplicates::First at {here}:10:1 and duplicates::Second at {here}:17:1"
        ),
        format!("two messages are named `twins.Twin`: at {here}:7:1 and at {here}:14:1"),
        format!(
            "the actor `stubborn` cannot be made: implement `Default` for duplicates::Stubborn ({here}:30:1), or say how \
             with `.provide(..)`"
        ),
        format!(
            "the action `book` of the actor `stubborn` ({here}:30:1) borrows a duplicates::Ledger, which was not given \
             with `.resource(..)`"
        ),
        format!(
            "the action `take` of the actor `undecided` ({here}:52:1) has two clauses for what is called \
             `spawn.json.Namesake`: give one of the types another name with `#[serde(rename = \"..\")]`"
        ),
    ];
    assert_eq!(error.to_string(), expected.join("\n  - "));
}

#[tokio::test]
async fn a_restriction_leaves_the_conflict_out() {
    let error = System::builder("bad").only::<(First,)>().start().await.unwrap_err();
    // Two messages of one name are dangerous whoever uses them.
    assert!(error.to_string().contains("two messages are named"), "{error}");
    assert!(!error.to_string().contains("two actors"), "{error}");
}
