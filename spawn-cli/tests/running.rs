//! While the system runs.

use crate::kit::{Cart, cli, fill, start};

#[tokio::test]
async fn what_reads_reads_and_what_writes_says_who_has_the_data() {
    let data = tempfile::tempdir().unwrap();
    let (system, _hands) = start(data.path()).await;
    fill(&system).await;
    for arguments in [
        &["overview"][..],
        &["actors"],
        &["state", "cart", "ann"],
        &["history", "cart", "ann"],
        &["channels"],
        &["log"],
        &["lag"],
        &["schedules"],
        &["dead-letters"],
        &["check"],
    ] {
        let said = cli(data.path(), arguments);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{arguments:?}: {said:?}");
    }
    for arguments in [["replay", "1"], ["discard", "1"]] {
        let said = cli(data.path(), &arguments);
        assert_eq!((said.status, said.out.as_str()), (1, ""), "{said:?}");
        let process = format!("is in use by the process {}", std::process::id());
        assert!(said.err.contains(&process), "{said:?}");
    }
    // The system has noticed nothing of it, and what it writes now is seen.
    assert_eq!(system.actor_by_id::<Cart>("ann").add(1).await.unwrap(), 3);
    let state = cli(data.path(), &["state", "cart", "ann", "--json"]).json();
    assert_eq!(state["revision"], 3);
    system.settled().await;
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 4 + 1);
    system.shutdown().await.unwrap();
}
