//! `book/src/overload.md`

use spawn::ErrorKind;
use spawn::prelude::*;

#[message(name = "guide.Album")]
pub struct Album {
    pictures: Vec<Vec<u8>>,
}

#[actor(name = "guide_album", mailbox = 1)]
impl Album {
    #[action]
    fn add(&mut self, picture: Vec<u8>) -> u64 {
        self.pictures.push(picture);
        self.pictures.len() as u64
    }

    #[action]
    async fn develop(&self) {
        std::future::pending::<()>().await;
    }
}

// ANCHOR: told
/// What an HTTP handler answers.
pub async fn status_of_upload(system: &System, picture: Vec<u8>) -> u16 {
    match system.actor::<Album>().add(picture).fail_when_full().await {
        Ok(_) => 201,
        Err(error) if error.kind() == ErrorKind::Overloaded => 503,
        Err(error) if error.kind() == ErrorKind::TooLarge => 413,
        Err(_) => 500,
    }
}
// ANCHOR_END: told

#[tokio::test]
async fn who_does_not_want_to_wait_is_told() -> spawn::Result<()> {
    let builder = System::builder("guide").in_memory().only::<(Album,)>();
    let system = builder.state_limit(1_000).start().await?;
    assert_eq!(status_of_upload(&system, vec![1]).await, 201);
    assert_eq!(status_of_upload(&system, vec![1; 1_000]).await, 413);
    let album = system.actor::<Album>();
    album.develop().cast().await?;
    album.develop().cast().await?;
    assert_eq!(status_of_upload(&system, vec![1]).await, 503);
    Ok(())
}

#[tokio::test]
async fn what_is_too_large_says_so() -> spawn::Result<()> {
    // ANCHOR: large
    let builder = System::builder("guide").payload_limit(64 << 10).state_limit(1 << 20);
    let system = builder.in_memory().only::<(Album,)>().start().await?;

    let picture = vec![0; 2 << 20];
    let error = system.actor::<Album>().add(picture).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.cause::<spawn::TooLarge>().map(|it| it.limit()), Some(1 << 20));
    // ANCHOR_END: large
    system.shutdown().await
}
