//! States that another version of the program wrote.

use spawn::prelude::*;
use spawn::prost::Message;
use spawn::store::{ActorWrite, Commit, Encoded, Memory, Revision, Store};
use spawn::{ActorId, ErrorKind};

/// The program of today.
#[message(name = "evolution.Account")]
pub(crate) struct Account {
    pub(crate) balance: i64,
    pub(crate) owner: String,
}

#[actor(name = "evolution_account")]
impl Account {
    #[action]
    pub(crate) fn deposit(&mut self, amount: i64) -> Account {
        self.balance += amount;
        self.clone()
    }
}

/// The account of a program that knew less.
#[message(name = "evolution.Older")]
struct Older {
    balance: i64,
}

/// The account of a program that knew more.
#[message(name = "evolution.Newer")]
struct Newer {
    balance: i64,
    owner: String,
    limits: Vec<i64>,
    note: Option<String>,
}

/// A store in which the account was saved so by another program.
fn saved(type_name: &str, bytes: Vec<u8>) -> Memory {
    let store = Memory::new();
    let opened = store.open("evolution").unwrap();
    let write = ActorWrite {
        actor: ActorId::parse("evolution_account").unwrap(),
        expected: Revision(0),
        state: Some(Encoded { type_name: type_name.to_owned().into(), bytes: bytes.into() }),
        keep: 16,
        cursor: None,
        tags: None,
    };
    let commit = Commit { epoch: opened.epoch, actor: Some(write), ..Commit::default() };
    store.commit(opened.batch + 1, &[&commit]).unwrap();
    store.close();
    store
}

async fn start(store: &Memory) -> System {
    let builder = System::builder("evolution").store(store.clone()).only::<(Account,)>();
    builder.start().await.unwrap()
}

#[tokio::test]
async fn a_state_of_a_program_that_knew_less_is_loaded() {
    let store = saved("evolution.Account", Older { balance: 5 }.encode_to_vec());
    let system = start(&store).await;
    let account = system.actor::<Account>().deposit(1).await.unwrap();
    assert_eq!(account, Account { balance: 6, owner: String::new() });
}

#[tokio::test]
async fn a_state_of_a_program_that_knew_more_is_loaded() {
    let newer = Newer {
        balance: 5,
        owner: "ann".to_owned(),
        limits: vec![1, 2],
        note: Some("later".to_owned()),
    };
    let system = start(&saved("evolution.Account", newer.encode_to_vec())).await;
    let account = system.actor::<Account>().deposit(1).await.unwrap();
    assert_eq!(account, Account { balance: 6, owner: "ann".to_owned() });
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_told_and_kept() {
    for (type_name, bytes, cause) in [
        ("evolution.Account", vec![8, 255], "malformed evolution.Account"),
        ("evolution.Wallet", vec![8, 1], "it was saved as a evolution.Wallet"),
    ] {
        let store = saved(type_name, bytes.clone());
        let system = start(&store).await;
        let error = system.actor::<Account>().deposit(1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Activation);
        let text = format!("{error:?}");
        assert!(text.contains("evolution_account could not be activated"), "{text}");
        assert!(
            text.contains(&format!("revision 1 of evolution_account, a {type_name}")),
            "{text}"
        );
        assert!(text.contains(cause), "{text}");
        // Nothing was written over.
        let id = ActorId::parse("evolution_account").unwrap();
        let stored = store.load(&id).unwrap().unwrap();
        assert_eq!(stored.revision, Revision(1));
        assert_eq!(stored.state.unwrap().bytes, bytes);
    }
}

#[tokio::test]
async fn every_commit_of_a_state_has_a_number_and_the_last_ones_are_kept() {
    let store = Memory::new();
    let system = start(&store).await;
    for _ in 0..20 {
        system.actor::<Account>().deposit(1).await.unwrap();
    }
    system.actor::<Account>().deposit(0).await.unwrap();
    let history = system.history(&ActorId::parse("evolution_account").unwrap()).await.unwrap();
    let numbers: Vec<_> = history.iter().map(|row| row.revision.0).collect();
    assert_eq!(numbers, (5..=20).collect::<Vec<_>>());
    let tenth = history.iter().find(|row| row.revision == Revision(10)).unwrap();
    assert_eq!(Account::decode(&*tenth.state.bytes).unwrap().balance, 10);
}
