//! `spawn` under another name.

/// For crates that have it from here.
pub use actors;
use actors::prelude::*;

/// A message.
#[message(name = "renamed.Greeting", crate = actors)]
pub struct Greeting {
    /// To whom.
    pub name: String,
    /// How.
    pub tone: Tone,
}

/// An enumeration.
#[message(name = "renamed.Tone", crate = actors)]
pub enum Tone {
    /// Low.
    Quiet,
    /// High.
    Loud,
}

/// An actor.
#[message(name = "renamed.Greeter", crate = actors)]
pub struct Greeter {
    greeted: i64,
}

#[actor(crate = actors, channels = [("doors.*", greet)])]
impl Greeter {
    /// Greets.
    #[action]
    pub fn greet(&mut self, greeting: Greeting) -> Value<String> {
        self.greeted += 1;
        let text = match greeting.tone {
            Tone::Quiet => format!("hello {}", greeting.name),
            Tone::Loud => format!("HELLO {}", greeting.name),
        };
        Value::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_renamed_dependency_works() {
        let system = System::builder("renamed").in_memory().start().await.unwrap();
        let greeting = Greeting { name: "Ada".to_owned(), tone: Tone::Loud };
        assert_eq!(system.actor::<Greeter>().greet(greeting).await.unwrap(), "HELLO Ada");
    }
}
