//! Names that are keywords.

use spawn::prelude::*;

#[message(name = "pass.raw_identifiers.Loop")]
struct r#Loop {
    r#type: String,
}

#[actor]
impl r#Loop {
    #[action]
    fn r#match(&mut self, r#type: String) -> String {
        std::mem::replace(&mut self.r#type, r#type)
    }
}

#[test]
fn names_are_without_the_mark() {
    assert_eq!(r#Loop::definition().name(), "loop");
    assert_eq!(r#Loop::definition().actions()[0].name(), "match");
}
