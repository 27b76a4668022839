//! Activating by hand, with the state as it was.

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;
use spawn::{ActorId, ErrorKind, SystemBuilder};

#[message(name = "restore.Cart")]
struct Cart {
    items: Vec<String>,
}

#[actor(name = "restore_cart", kind = unnamed)]
impl Cart {
    #[action]
    fn put(&mut self, item: String) -> u64 {
        self.items.push(item);
        self.items.len() as u64
    }
}

#[message(name = "restore.Shop")]
struct Shop {
    open: bool,
}

#[actor(name = "restore_shop")]
impl Shop {
    #[action]
    fn toggle(&mut self) -> bool {
        self.open = !self.open;
        self.open
    }
}

/// Keeps three states of each.
#[message(name = "restore.Few")]
struct Few {
    items: i64,
}

#[actor(name = "restore_few", kind = unnamed, revisions = 3)]
impl Few {
    #[action]
    fn put(&mut self, items: i64) -> i64 {
        self.items += items;
        self.items
    }
}

/// Keeps what it is.
#[message(name = "restore.Single")]
struct Single {
    items: i64,
}

#[actor(name = "restore_single", revisions = 1)]
impl Single {
    #[action]
    fn put(&mut self, items: i64) -> i64 {
        self.items += items;
        self.items
    }
}

#[derive(Default)]
struct Idle;

#[actor(name = "restore_idle", stateful = false)]
impl Idle {
    #[action]
    fn nothing(&self) {}
}

async fn start() -> TestSystem {
    TestSystem::with(SystemBuilder::only::<(Cart, Shop, Idle, Few, Single)>).await.unwrap()
}

async fn revisions(system: &TestSystem, id: &str) -> Vec<u64> {
    let history = system.history(&ActorId::parse(id).unwrap()).await.unwrap();
    history.iter().map(|row| row.revision.0).collect()
}

#[tokio::test]
async fn an_earlier_state_becomes_the_newest() {
    let system = start().await;
    let cart = system.actor_by_id::<Cart>("a");
    for item in ["bread", "milk", "poison"] {
        cart.put(item.to_owned()).await.unwrap();
    }
    let cart = system.spawn_actor::<Cart>("a").revision(2).await.unwrap();
    assert_eq!(revisions(&system, "restore_cart/a").await, [1, 2, 3, 4]);
    assert_eq!(cart.put("eggs".to_owned()).await.unwrap(), 3);
    // What was undone can be had again.
    let cart = system.spawn_actor::<Cart>("a").revision(3).await.unwrap();
    assert_eq!(cart.put("antidote".to_owned()).await.unwrap(), 4);
    assert_eq!(revisions(&system, "restore_cart/a").await, [1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn the_newest_revision_changes_nothing() {
    let system = start().await;
    system.actor_by_id::<Cart>("a").put("bread".to_owned()).await.unwrap();
    system.spawn_actor::<Cart>("a").revision(1).await.unwrap();
    system.spawn_actor::<Cart>("a").await.unwrap();
    system.spawn_actor::<Cart>("b").await.unwrap();
    assert_eq!(revisions(&system, "restore_cart/a").await, [1]);
    assert_eq!(revisions(&system, "restore_cart/b").await, [0_u64; 0]);
}

#[tokio::test]
async fn a_named_actor_is_spawned_by_its_name() {
    let system = start().await;
    let shop = system.actor::<Shop>();
    assert!(shop.toggle().await.unwrap());
    assert!(!shop.toggle().await.unwrap());
    let shop = system.spawn_actor::<Shop>("restore_shop").revision(1).await.unwrap();
    assert!(!shop.toggle().await.unwrap());
    let error = system.spawn_actor::<Shop>("shop").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownActor);
}

#[tokio::test]
async fn a_revision_that_is_not_kept_is_an_error_that_says_which_are() {
    let system = start().await;
    let cart = system.actor_by_id::<Cart>("a");
    for number in 0..20 {
        cart.put(number.to_string()).await.unwrap();
    }
    for revision in [0, 4, 21] {
        let error = system.spawn_actor::<Cart>("a").revision(revision).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownRevision);
        let text = format!("restore_cart/a has no revision {revision}; 5 to 20 are kept");
        assert_eq!(error.to_string(), text);
    }
    let error = system.spawn_actor::<Cart>("b").revision(1).await.unwrap_err();
    assert_eq!(error.to_string(), "restore_cart/b has no revision 1; it was never saved");
    let error = system.spawn_actor::<Idle>("restore_idle").revision(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownRevision);
    assert_eq!(cart.put("x".to_owned()).await.unwrap(), 21, "nothing was changed");
}

#[tokio::test]
async fn as_many_revisions_are_kept_as_the_actor_says() {
    let directory = tempfile::tempdir().unwrap();
    let stores = [
        System::builder("restore").in_memory(),
        System::builder("restore").store(Sqlite::at(directory.path())),
    ];
    for builder in stores {
        let system: TestSystem =
            builder.only::<(Cart, Few, Single)>().start().await.unwrap().into();
        let (few, single) = (system.actor_by_id::<Few>("a"), system.actor::<Single>());
        for number in 1..=20 {
            few.put(1).await.unwrap();
            single.put(1).await.unwrap();
            system.actor_by_id::<Cart>("a").put(number.to_string()).await.unwrap();
        }
        assert_eq!(revisions(&system, "restore_few/a").await, [18, 19, 20]);
        assert_eq!(revisions(&system, "restore_single").await, [20]);
        let kept = revisions(&system, "restore_cart/a").await;
        assert_eq!(kept, (5..=20).collect::<Vec<_>>(), "sixteen unless it says otherwise");

        let error = system.spawn_actor::<Few>("a").revision(17).await.unwrap_err();
        assert_eq!(error.to_string(), "restore_few/a has no revision 17; 18 to 20 are kept");
        let few = system.spawn_actor::<Few>("a").revision(18).await.unwrap();
        assert_eq!(few.put(100).await.unwrap(), 118);
        assert_eq!(revisions(&system, "restore_few/a").await, [20, 21, 22]);
        assert_eq!(Few::definition().revisions(), 3);
    }
}
