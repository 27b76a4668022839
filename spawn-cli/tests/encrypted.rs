//! Data that is encrypted: what can be seen of it, and what can be done with it.

use std::sync::atomic::Ordering;

use spawn::SystemBuilder;
use spawn::store::Keys;

use crate::kit::{cli, fill, start_with};

const KEY: &str = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";

fn encrypt(builder: SystemBuilder) -> SystemBuilder {
    builder.encrypt(KEY.parse::<Keys>().unwrap())
}

#[tokio::test]
async fn what_is_encrypted_is_named_and_replayed() {
    let data = tempfile::tempdir().unwrap();
    let (system, _hands) = start_with(data.path(), encrypt, false).await;
    fill(&system).await;
    system.shutdown().await.unwrap();

    let overview = cli(data.path(), &["overview", "--json"]).json();
    assert_eq!(overview["encrypted"], true);
    let state = cli(data.path(), &["state", "cart", "ann"]);
    assert!(state.out.ends_with("(encrypted)\n"), "{state:?}");
    let state = cli(data.path(), &["state", "cart", "ann", "--json"]).json();
    assert_eq!(
        (&state["state"]["encrypted"], &state["state"]["type"]),
        (&true.into(), &"cli.Cart".into())
    );
    for arguments in [&["log"][..], &["dead-letters"], &["schedules"], &["history", "cart", "ann"]]
    {
        let said = cli(data.path(), arguments);
        assert!(said.status == 0 && said.out.contains("(encrypted)"), "{said:?}");
        assert!(!said.out.contains("Ann") && !said.out.contains("closed"), "{said:?}");
    }
    assert_eq!(cli(data.path(), &["check"]).status, 0);
    assert_eq!(cli(data.path(), &["replay", "1"]).status, 0);

    let (system, hands) = start_with(data.path(), encrypt, true).await;
    while system.dead_letters().list().await.unwrap().len() > 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(hands.booked.load(Ordering::SeqCst), 500);
    system.shutdown().await.unwrap();
}
