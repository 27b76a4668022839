//! What is tested from the outside of `spawn`; and the snippets of the README, which are compiled and run here.

use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;

/// `README.md`
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// A small generator of numbers (`SplitMix64`), which a seed decides.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    /// A seed that nobody has chosen.
    pub fn any_seed() -> u64 {
        use std::hash::{BuildHasher, Hasher};
        std::collections::hash_map::RandomState::new().build_hasher().finish()
    }
}

/// Looks until something holds, and gives what it saw then.
///
/// # Panics
/// If it does not hold in a minute of real time, which is far more than a slow machine needs; with what was seen last.
pub async fn eventually<T: Debug>(
    mut look: impl AsyncFnMut() -> T,
    holds: impl Fn(&T) -> bool,
) -> T {
    let began = Instant::now();
    loop {
        let found = look().await;
        if holds(&found) {
            return found;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{found:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Has `tracing` ask all its subscribers, from now on, whether they want what is told at a place of the program.
///
/// With a single one in the program it asks that of the thread which comes by first, if that has one, and keeps the answer for all: a
/// test that listens on its own thread would hear nothing of a place that another test has been to.
pub fn ask_all_subscribers() {
    static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::new()));
    LazyLock::force(&ANOTHER);
}

/// The methods of a `Store` that a wrapper leaves to its field `inner`.
#[macro_export]
macro_rules! forward_store {
    () => {
        $crate::forward_store! {
            recover() -> Result<::spawn::store::Opened, ::spawn::store::StoreError>;
            history(actor: &::spawn::ActorId)
                -> Result<Vec<::spawn::store::RevisionRow>, ::spawn::store::StoreError>;
            instances(name: &str, after: Option<&str>, limit: usize)
                -> Result<Vec<::spawn::ActorId>, ::spawn::store::StoreError>;
            find(query: &::spawn::store::TagQuery)
                -> Result<Vec<::spawn::ActorId>, ::spawn::store::StoreError>;
            register(subscriptions: &[::spawn::store::NewSubscription])
                -> Result<Vec<::spawn::store::SubscriptionRow>, ::spawn::store::StoreError>;
            drop_subscription(id: ::spawn::store::SubscriptionId)
                -> Result<bool, ::spawn::store::StoreError>;
            cursor(subscriber: &str)
                -> Result<Option<::spawn::store::Cursor>, ::spawn::store::StoreError>;
            parked(name: &str)
                -> Result<Vec<(::spawn::ActorId, ::spawn::store::Cursor)>, ::spawn::store::StoreError>;
            answer(key: &::spawn::store::AnswerKey, now: u64)
                -> Result<Option<::spawn::store::Encoded>, ::spawn::store::StoreError>;
            calls(after: ::spawn::store::CallId, limit: usize)
                -> Result<Vec<::spawn::store::CallRow>, ::spawn::store::StoreError>;
            call(id: ::spawn::store::CallId)
                -> Result<Option<::spawn::store::CallRow>, ::spawn::store::StoreError>;
            dead_letters(after: ::spawn::store::DeadLetterId, limit: usize)
                -> Result<Vec<::spawn::store::DeadLetterRow>, ::spawn::store::StoreError>;
            trim(trim: &::spawn::store::Trim<'_>)
                -> Result<::spawn::store::Trimmed, ::spawn::store::StoreError>;
            survey(now: u64) -> Result<::spawn::store::Survey, ::spawn::store::StoreError>;
            forget_answers(now: u64) -> Result<(), ::spawn::store::StoreError>;
            note(name: &str) -> Result<Option<::bytes::Bytes>, ::spawn::store::StoreError>;
            set_note(name: &str, note: &[u8]) -> Result<(), ::spawn::store::StoreError>;
            close() -> ();
        }
    };
    ($($method:ident($($argument:ident: $ty:ty),*) -> $returned:ty;)*) => {$(
        fn $method(&self, $($argument: $ty),*) -> $returned {
            self.inner.$method($($argument),*)
        }
    )*};
}
