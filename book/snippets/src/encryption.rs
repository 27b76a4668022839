//! Data that is encrypted, and keys that change.

use spawn::prelude::*;
use spawn::store::{EncryptionError, Keys, Sqlite};
use spawn::{BoxError, ErrorKind};

#[message(name = "encryption.Patient")]
pub struct Patient {
    visits: i64,
}

#[actor(kind = unnamed, name = "encryption_patient")]
impl Patient {
    #[action]
    fn visit(&mut self) -> i64 {
        self.visits += 1;
        self.visits
    }
}

// ANCHOR: encrypt
#[tokio::test]
async fn the_data_opens_with_its_key() -> Result<(), BoxError> {
    let directory = tempfile::tempdir()?;
    let builder =
        || System::builder("clinic").only::<(Patient,)>().store(Sqlite::at(directory.path()));

    let keys: Keys = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=".parse()?;
    let system = builder().encrypt(keys).start().await?;
    assert_eq!(system.actor_by_id::<Patient>("ann").visit().await?, 1);
    system.shutdown().await?;

    let error = builder().start().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(matches!(error.cause(), Some(EncryptionError::NoKey { .. })));
    Ok(())
}
// ANCHOR_END: encrypt

// ANCHOR: rotate
#[tokio::test]
async fn a_new_key_takes_the_place_of_an_old_one() -> Result<(), BoxError> {
    let directory = tempfile::tempdir()?;
    let visit = async |keys: Keys| -> spawn::Result<i64> {
        let store = Sqlite::at(directory.path());
        let builder = System::builder("clinic").only::<(Patient,)>().store(store);
        let system = builder.encrypt(keys).start().await?;
        let visits = system.actor_by_id::<Patient>("ann").visit().await?;
        system.shutdown().await?;
        Ok(visits)
    };
    let (old, new) = ([1; 32], [2; 32]);

    assert_eq!(visit(Keys::new("2025", old)?).await?, 1);
    // The first key encrypts from now on; the others still decrypt.
    assert_eq!(visit(Keys::new("2026", new)?.and("2025", old)?).await?, 2);

    let error = visit(Keys::new("2026", new)?).await.unwrap_err();
    assert!(matches!(error.cause(), Some(EncryptionError::MissingKey { .. })));
    Ok(())
}
// ANCHOR_END: rotate

// ANCHOR: provider
#[tokio::test]
async fn keys_come_from_a_file() -> Result<(), BoxError> {
    let secrets = tempfile::tempdir()?;
    let file = secrets.path().join("spawn-key");
    std::fs::write(&file, "1:q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n")?;

    let keys = move || Ok(std::fs::read_to_string(&file)?.parse::<Keys>()?);
    let builder = System::builder("clinic").only::<(Patient,)>().in_memory();
    let system = builder.encrypt(keys).start().await?;
    assert_eq!(system.actor_by_id::<Patient>("bob").visit().await?, 1);
    Ok(system.shutdown().await?)
}
// ANCHOR_END: provider
