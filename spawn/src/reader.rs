//! External subscribers with a name: how far they are is saved, and they go on from there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::dead_letter;
use crate::delivery::{self, Delivery, Keyed, Lane, Next, Place, Subscription, Verdict};
use crate::error::{ActionError, BoxError, Error, ErrorKind, Result};
use crate::event::Event;
use crate::retry::Retry;
use crate::store::{Consumed, Cursor, DeadLetterId, SubscriptionId};
use crate::subscriber::{Subscriber, count_retry, hand_over};
use crate::system::Env;

/// How long to wait before the log is read again, after that failed.
const PAUSE: Duration = Duration::from_secs(1);

/// How many events are handed over before it is saved how far the subscriber is; sooner if no more wait.
const EVENTS_PER_COMMIT: u32 = 64;

/// How many dead letters may wait to be handed over again.
const REPLAYS: usize = 64;

/// How long who replays a dead letter waits for what becomes of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events that wait for an external subscriber with a name.
#[derive(Debug)]
pub(crate) struct Reader {
    /// `external:` and the name, as the store knows it.
    pub(crate) subscriber: String,
    subscriptions: Box<[Subscription]>,
    lane: Mutex<Lane<Delivery>>,
    replays: Mutex<VecDeque<Replay>>,
    /// How many of them have not ended.
    replaying: AtomicUsize,
    news: Notify,
    closed: AtomicBool,
    /// Whether the subscriber works on an event.
    in_hand: AtomicBool,
}

/// A dead letter that is to be handed over again.
#[derive(Debug)]
struct Replay {
    letter: DeadLetterId,
    event: Event,
    answer: oneshot::Sender<Result<()>>,
}

impl Reader {
    /// `subscriptions` are in the order of their ids.
    pub(crate) fn new(subscriber: String, subscriptions: Box<[Subscription]>) -> Self {
        let mut lane = Lane::default();
        let _nobody_is_on_the_way_yet = lane.reset();
        Self {
            subscriber,
            subscriptions,
            lane: Mutex::new(lane),
            replays: Mutex::default(),
            replaying: AtomicUsize::new(0),
            news: Notify::new(),
            closed: AtomicBool::new(false),
            in_hand: AtomicBool::new(false),
        }
    }

    pub(crate) fn offer(&self, delivery: Delivery) {
        let has_to_run = self.lane.lock().offer(delivery);
        if has_to_run {
            self.news.notify_one();
        }
    }

    /// Ends the subscriber; what it has not had, it gets after the next start.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.replays.lock().clear();
        self.news.notify_one();
    }

    /// Hands over an event that was given up, before those that wait. When it is taken, the dead letter is gone.
    pub(crate) async fn replay(&self, letter: DeadLetterId, event: Event) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        {
            let mut replays = self.replays.lock();
            if self.closed.load(Ordering::Acquire) {
                return Err(Error::stopped());
            }
            if replays.len() >= REPLAYS {
                let message = format!("{} has {REPLAYS} dead letters to replay", self.subscriber);
                return Err(Error::new(ErrorKind::Overloaded, message));
            }
            self.replaying.fetch_add(1, Ordering::AcqRel);
            replays.push_back(Replay { letter, event, answer });
        }
        self.news.notify_one();
        let Ok(answered) = tokio::time::timeout(PATIENCE, answered).await else {
            let message = format!(
                "{} has not taken the dead letter {letter} within {PATIENCE:?}; it may yet",
                self.subscriber
            );
            return Err(Error::new(ErrorKind::Timeout, message));
        };
        answered.unwrap_or_else(|_| Err(Error::stopped()))
    }

    /// Whether everything was handed over, as far as that is possible now.
    pub(crate) fn is_idle(&self) -> bool {
        self.lane.lock().is_idle() && self.replaying.load(Ordering::Acquire) == 0
    }

    /// As [`Lane::front`].
    pub(crate) fn front(&self) -> Option<(Cursor, bool)> {
        self.lane.lock().front()
    }

    /// Whether everything was handed over.
    pub(crate) fn is_done(&self) -> bool {
        self.lane.lock().is_done()
    }

    pub(crate) fn is_in_hand(&self) -> bool {
        self.in_hand.load(Ordering::Acquire)
    }

    /// The subscriber's own name.
    pub(crate) fn name(&self) -> &str {
        self.subscriber.strip_prefix("external:").unwrap_or(&self.subscriber)
    }

    fn pattern_of(&self, delivery: &Delivery) -> &str {
        let found = self.subscriptions.iter().find(|it| it.id == delivery.subscription);
        found.map_or("", |it| it.pattern.as_str())
    }
}

/// Hands over events until the reader is closed.
pub(crate) async fn supervise<S: Subscriber>(subscriber: S, reader: Arc<Reader>, env: Arc<Env>) {
    let mut supervisor = Supervisor { subscriber, reader, env, cursor: None, unsaved: 0 };
    while !supervisor.reader.closed.load(Ordering::Acquire) {
        supervisor.step().await;
    }
    supervisor.save();
}

struct Supervisor<S> {
    subscriber: S,
    reader: Arc<Reader>,
    env: Arc<Env>,
    /// How far it is; `None` if that was not read yet.
    cursor: Option<Cursor>,
    /// Events since that was saved.
    unsaved: u32,
}

impl<S: Subscriber> Supervisor<S> {
    async fn step(&mut self) {
        if self.cursor.is_none()
            && let Err(error) = self.load().await
        {
            tracing::warn!(subscriber = self.reader.subscriber, ?error, "its events wait");
            tokio::time::sleep(PAUSE).await;
            return;
        }
        let replay = self.reader.replays.lock().pop_front();
        if let Some(replay) = replay {
            return self.replay(replay).await;
        }
        // Before the lane says that it is idle, so that who waits for that waits for the commit as well.
        let is_done = self.reader.lane.lock().is_done_but_for_its_turn();
        if is_done {
            self.save();
        }
        let next = self.reader.lane.lock().next();
        match next {
            Next::Deliver { item, failed } => self.deliver(item, failed).await,
            Next::Read { after } => self.read(after).await,
            Next::Paused | Next::Empty => self.reader.news.notified().await,
        }
    }

    async fn load(&mut self) -> Result<()> {
        let subscriber = self.reader.subscriber.clone();
        let cursor = self.env.read(move |store| store.cursor(&subscriber)).await?;
        self.cursor = Some(cursor.unwrap_or_default());
        Ok(())
    }

    async fn read(&mut self, after: Cursor) {
        let begin = after.max(self.cursor.unwrap_or_default());
        match delivery::read(&self.env, &self.reader.subscriptions, begin).await {
            Ok((mut found, stopped_at)) => {
                // Patterns may overlap; the subscriber gets an event once.
                found.dedup_by_key(|delivery| delivery.event.position());
                self.reader.lane.lock().fill(found, stopped_at);
            }
            Err(error) => {
                tracing::warn!(subscriber = self.reader.subscriber, ?error, "its events wait");
                self.reader.lane.lock().read_failed(after);
                self.pause(PAUSE).await;
            }
        }
    }

    async fn deliver(&mut self, delivery: Delivery, failed: u32) {
        let key = delivery.key();
        if key.is_some() && key <= self.cursor {
            return;
        }
        let event = delivery.event.clone().with_attempt(failed + 1);
        let name = &self.reader.subscriber;
        self.reader.in_hand.store(true, Ordering::Release);
        let handed_over = hand_over(&mut self.subscriber, name, event, &self.env).await;
        self.reader.in_hand.store(false, Ordering::Release);
        let Err(error) = handed_over else {
            return self.move_to(done(&delivery));
        };
        let retryable = error.downcast_ref().is_none_or(ActionError::is_retryable);
        let verdict = self.reader.lane.lock().failed(delivery, failed, &Retry::DEFAULT, retryable);
        match verdict {
            Verdict::Retry(pause) => {
                tracing::warn!(subscriber = name, ?pause, %error, "an event comes again");
                count_retry(&self.env, name);
                self.pause(pause).await;
            }
            Verdict::GiveUp { item, attempts } => self.give_up(&item, attempts, error).await,
        }
    }

    async fn replay(&mut self, Replay { letter, event, answer }: Replay) {
        let outcome = self.replayed(letter, event).await;
        self.reader.replaying.fetch_sub(1, Ordering::AcqRel);
        // Who went away does not want to know.
        let _gone = answer.send(outcome);
    }

    async fn replayed(&mut self, letter: DeadLetterId, event: Event) -> Result<()> {
        // Who pressed twice gets it once.
        dead_letter::get(&self.env, letter).await?;
        let name = &self.reader.subscriber;
        if let Err(error) = hand_over(&mut self.subscriber, name, event, &self.env).await {
            let message = format!("{name} failed");
            return Err(Error::new(ErrorKind::Action, message).caused_by(error));
        }
        let consumed = Some(Consumed::DeadLetter(letter));
        let commit = crate::store::Commit { consumed, ..self.env.new_commit() };
        self.env.save(Some(commit), None).await.map(drop)
    }

    /// Waits with the lane, or until the reader is closed.
    async fn pause(&mut self, pause: Duration) {
        let deadline = tokio::time::Instant::now() + pause;
        while !self.reader.closed.load(Ordering::Acquire) {
            // Offers do not end it: the lane is paused and says nothing of them.
            let news = self.reader.news.notified();
            if tokio::time::timeout_at(deadline, news).await.is_err() {
                break;
            }
        }
        let _on_the_way_already = self.reader.lane.lock().unpause();
    }

    fn move_to(&mut self, key: Option<Cursor>) {
        self.cursor = key.or(self.cursor);
        self.unsaved += u32::from(key.is_some());
        if self.unsaved >= EVENTS_PER_COMMIT {
            self.save();
        }
    }

    /// Saves how far it is. A crash before that brings a few events again.
    fn save(&mut self) {
        let is_lost = self.reader.lane.lock().take_lost_cursor();
        if std::mem::take(&mut self.unsaved) == 0 && !is_lost {
            return;
        }
        let mut commit = self.env.new_commit();
        commit.consumed = self.consumed();
        let (env, reader) = (Arc::clone(&self.env), Arc::clone(&self.reader));
        let again = move || {
            let _on_the_way_already = reader.lane.lock().lose_cursor();
            reader.news.notify_one();
        };
        self.env.pipeline.submit(Box::new(Place { env, commit, is_void: || false, again }));
    }

    fn consumed(&self) -> Option<Consumed> {
        let subscriber = self.reader.subscriber.clone();
        self.cursor.map(|cursor| Consumed::Events { subscriber, cursor })
    }

    /// Puts the event among the dead letters, in the commit that moves the cursor.
    async fn give_up(&mut self, delivery: &Delivery, attempts: u32, error: BoxError) {
        let name = &self.reader.subscriber;
        tracing::error!(subscriber = name, event = ?delivery.event, attempts, %error, "an event is given up");
        let error = Error::new(ErrorKind::Action, format!("{name} failed")).caused_by(error);
        let before = std::mem::replace(&mut self.cursor, done(delivery));
        let mut commit = self.env.new_commit();
        let pattern = self.reader.pattern_of(delivery);
        let letter =
            dead_letter::of_event(name, pattern, &delivery.event, &error, attempts, commit.at);
        let mut outbox = dead_letter::announcement(&self.env, &letter, None);
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.consumed = self.consumed();
        commit.dead_letter = Some(Box::new(letter));
        if let Err(error) = self.env.save(Some(commit), outbox).await {
            tracing::warn!(subscriber = self.reader.subscriber, ?error, "an event has to wait");
            self.cursor = before;
            self.reader.lane.lock().put_back(delivery.clone(), attempts - 1);
            self.pause(PAUSE).await;
        } else {
            self.unsaved = 0;
        }
    }
}

/// Where a subscriber is that has had the event; whichever of its patterns the event came by, it does not come by another.
fn done(delivery: &Delivery) -> Option<Cursor> {
    let key = delivery.key()?;
    Some(Cursor { subscription: SubscriptionId(u64::MAX), ..key })
}
