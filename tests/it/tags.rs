//! Tags: declared, changed by actions, and found.

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, Client, ErrorKind, Tags};

#[message(name = "tags.Account")]
struct Account {
    balance: i64,
}

#[actor(name = "tags_account", kind = unnamed, tags = { tier = "iron", region = "eu" })]
impl Account {
    #[action]
    fn pay_in(&mut self, amount: i64) -> Value<i64> {
        self.balance += amount;
        let value = Value::from(self.balance);
        match self.balance {
            ..1_000 => value,
            _ => value.tags([("tier", "gold")]),
        }
    }

    #[action]
    fn tags(&self, ctx: &Context) -> Pairs {
        Pairs { pairs: ctx.tags().clone().into_iter().collect() }
    }

    /// Sets a tag, keeps the others, and may fail after that.
    #[action]
    async fn set(&self, ctx: &Context, change: Change) -> Result<Value<()>, ActionError> {
        let mut tags = ctx.tags().clone();
        tags.insert(change.key, change.value);
        if change.fails {
            return Err(ActionError::new("no", "it does not want to"));
        }
        Ok(Value::of().tags(tags))
    }

    #[action]
    fn clear(&self) -> Value<()> {
        Value::of().tags(Tags::new())
    }

    /// The tags are good, the channel is not.
    #[action]
    fn half(&self) -> Value<()> {
        let channel = String::from("no channel");
        Value::of().tags([("tier", "half")]).broadcast(Broadcast::to(channel, Pairs::default()))
    }
}

#[message(name = "tags.Pairs")]
#[derive(PartialEq, Eq)]
struct Pairs {
    pairs: std::collections::HashMap<String, String>,
}

#[message(name = "tags.Change")]
struct Change {
    key: String,
    value: String,
    fails: bool,
}

#[message(name = "tags.Bank")]
struct Bank {
    accounts: i64,
}

#[actor(name = "tags_bank", tags = { region = "eu" })]
impl Bank {
    #[action]
    fn move_to(&self, region: String) -> Value<()> {
        Value::of().tags([("region", region)])
    }
}

#[derive(Default)]
struct Clerk;

#[actor(name = "tags_clerk", kind = pooled, stateful = false, tags = { region = "eu" })]
impl Clerk {
    #[action]
    fn promote(&self) -> Value<()> {
        Value::of().tags([("tier", "gold")])
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Account, Bank, Clerk)>()).await.unwrap()
}

async fn found(system: &System, tags: &[(&str, &str)]) -> Vec<String> {
    let find = tags.iter().fold(system.find(), |find, (key, value)| find.tag(*key, *value));
    find.await.unwrap().iter().map(ToString::to_string).collect()
}

fn account(system: &System, id: &str) -> Client<Account> {
    system.actor_by_id::<Account>(id)
}

async fn tags_of(system: &System, id: &str) -> Vec<(String, String)> {
    let tags = account(system, id).tags().await.unwrap().pairs;
    let mut tags: Vec<_> = tags.into_iter().collect();
    tags.sort();
    tags
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[tokio::test]
async fn an_actor_has_the_tags_of_its_definition_until_it_sets_others() {
    let system = start().await;
    assert_eq!(tags_of(&system, "a").await, [pair("region", "eu"), pair("tier", "iron")]);
    assert_eq!(account(&system, "a").pay_in(1_000).await.unwrap(), 1_000);
    assert_eq!(tags_of(&system, "a").await, [pair("tier", "gold")]);
    assert_eq!(tags_of(&system, "b").await, [pair("region", "eu"), pair("tier", "iron")]);
    account(&system, "a").clear().await.unwrap();
    assert_eq!(tags_of(&system, "a").await, []);
    let declared = Account::definition().tags().clone();
    assert_eq!(
        declared.into_iter().collect::<Vec<_>>(),
        [pair("region", "eu"), pair("tier", "iron")]
    );
}

#[tokio::test]
async fn actors_are_found_by_their_tags() {
    let system = start().await;
    for (id, amount) in [("a", 1), ("b", 5_000), ("c", 2)] {
        account(&system, id).pay_in(amount).await.unwrap();
    }
    // Of an unnamed actor, what has nothing saved does not exist.
    tags_of(&system, "d").await;
    let iron = ["tags_account/a", "tags_account/c"];
    assert_eq!(found(&system, &[("tier", "iron")]).await, iron);
    assert_eq!(found(&system, &[("tier", "iron"), ("region", "eu")]).await, iron);
    assert_eq!(found(&system, &[("tier", "gold")]).await, ["tags_account/b"]);
    let all = found(&system, &[("region", "eu")]).await;
    assert_eq!(all, ["tags_account/a", "tags_account/c", "tags_bank", "tags_clerk"]);
    system.actor::<Bank>().move_to("us".to_owned()).await.unwrap();
    assert_eq!(found(&system, &[("region", "us")]).await, ["tags_bank"]);
    assert_eq!(found(&system, &[("region", "eu")]).await, [iron[0], iron[1], "tags_clerk"]);
    let of = system.find().of::<Account>().tag("region", "eu");
    assert_eq!(of.await.unwrap().len(), 2);
    assert_eq!(found(&system, &[("region", "eu"), ("tier", "gold")]).await, [""; 0]);
}

#[tokio::test]
async fn what_is_found_comes_in_pages() {
    let system = start().await;
    for id in 0..25 {
        account(&system, &format!("{id:02}")).pay_in(1 + 1_000 * (id % 2)).await.unwrap();
    }
    system.actor::<Bank>().move_to("eu".to_owned()).await.unwrap();
    let mut pages = Vec::new();
    let mut find = system.find().limit(10);
    loop {
        let page = find.await.unwrap();
        let Some(last) = page.last() else { break };
        find = system.find().limit(10).after(last);
        pages.push(page.len());
    }
    assert_eq!(pages, [10, 10, 7]);
    assert!(system.find().limit(0).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_failed_action_changes_no_tags() {
    let system = start().await;
    let a = account(&system, "a");
    let change = |value: &str, fails| Change { key: "tier".into(), value: value.into(), fails };
    a.set(change("gold", false)).await.unwrap();
    let gold = [pair("region", "eu"), pair("tier", "gold")];
    a.set(change("iron", true)).await.unwrap_err();
    assert_eq!(a.half().await.unwrap_err().kind(), ErrorKind::InvalidName);
    assert_eq!(tags_of(&system, "a").await, gold);
    let too_long = a.set(change(&"x".repeat(513), false)).await.unwrap_err();
    assert_eq!(too_long.kind(), ErrorKind::InvalidName);
    let message = "the value of the tag \"tier\" is longer than 512 bytes";
    assert!(too_long.to_string().ends_with(message), "{too_long}");
    let empty = Change { key: String::new(), value: String::new(), fails: false };
    assert!(a.set(empty).await.unwrap_err().to_string().ends_with("the key of a tag is empty"));
    assert_eq!(tags_of(&system, "a").await, gold);
    assert_eq!(found(&system, &[("tier", "gold")]).await, ["tags_account/a"]);
}

#[tokio::test]
async fn tags_of_a_stateless_actor_are_those_of_its_definition() {
    let system = start().await;
    let error = system.actor::<Clerk>().promote().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName);
    assert!(error.to_string().contains("`stateful = false`"), "{error}");
}
