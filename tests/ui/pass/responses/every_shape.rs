//! Every shape that an action can have.
// style: 3.1

use spawn::Invocation;
use spawn::prelude::*;

#[derive(Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

type Answer<T> = Result<T, Failed>;
type Ctx = Context;

#[message(name = "pass.Shapes")]
struct Shapes {
    count: i64,
}

#[actor]
impl Shapes {
    #[action]
    fn nothing(&self) {}

    #[action]
    fn message(&self) -> i64 {
        self.count
    }

    #[action]
    fn option(&self) -> Option<String> {
        None
    }

    #[action]
    fn value(&mut self, by: i64) -> Value<i64> {
        self.count += by;
        Value::from(self.count)
    }

    #[action]
    fn functional(&self, by: i64) -> Value<i64, Self> {
        Value::from(by).state(Self { count: by })
    }

    #[action]
    fn result(&self) -> Result<Value<i64>, ActionError> {
        Ok(Value::from(1))
    }

    #[action]
    fn alias(&self) -> Answer<Option<i64>> {
        Err(Failed)
    }

    #[action]
    async fn everything(
        &mut self,
        number: &u8,
        ctx: &Ctx,
        mut text: String,
        more: &Vec<u64>,
    ) -> spawn::Result<String> {
        text.push_str(&(*number + u8::from(more.is_empty())).to_string());
        let _call: Invocation = ctx.invoke("shapes", "nothing", ());
        Ok(text)
    }

    #[action(name = "anything")]
    fn first(&self, _parcel: Parcel) {}

    #[action(name = "anything")]
    fn second(&self, _number: i64) -> i64 {
        1
    }

    /// No action.
    fn helper<T: Default>(self) -> T {
        T::default()
    }

    const LIMIT: i64 = 3;
}

#[test]
fn it_compiles() {
    assert_eq!(Shapes::definition().actions().len(), 9);
    assert_eq!(Shapes { count: Shapes::LIMIT }.helper::<u8>(), 0);
}
