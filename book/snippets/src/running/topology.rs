//! What is in it.

// ANCHOR: topology
use spawn::prelude::*;

#[derive(Default)]
pub struct Desk;

#[actor(name = "guide_desk", stateful = false)]
impl Desk {
    #[action]
    fn accept(&self, order: String) -> Value<()> {
        Value::of().broadcast(Broadcast::to("guide.orders", order))
    }
}

#[derive(Default)]
pub struct Clerk;

#[actor(name = "guide_clerk", stateful = false, channels = [("guide.*", note)])]
impl Clerk {
    #[action]
    fn note(&self, _order: String) {}
}

pub async fn describe() -> spawn::Result<()> {
    let system = System::builder("guide").in_memory().only::<(Desk, Clerk)>().start().await?;
    assert_eq!(
        system.definitions()?.to_string().lines().skip(1).take(4).collect::<Vec<_>>(),
        [
            "  action     payload                      response",
            "    note     google.protobuf.StringValue  -",
            "  channel    action                       options",
            "    guide.*  note                         -",
        ],
    );
    assert_eq!(
        system.topology()?.to_mermaid(),
        r#"flowchart LR
    a0["guide_clerk"]
    a1["guide_desk"]
    c0{{"guide.#42;"}}
    c1{{"guide.orders"}}
    c0 -->|"note"| a0
    a1 -.-> c1
    c1 ==> c0
"#,
    );
    system.shutdown().await
}
// ANCHOR_END: topology

#[tokio::test]
async fn it_tells_what_it_consists_of() -> spawn::Result<()> {
    describe().await
}
