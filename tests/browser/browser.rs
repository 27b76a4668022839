//! A browser for the time of a test.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{Instant, sleep};

/// How long something may take that is waited for; nothing here does unless it never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The screen that a page is shown on.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Pixels of the screen for each.
    pub scale: f32,
    /// Whether the person prefers a dark page.
    pub dark: bool,
}

impl Look {
    /// A window on a desk.
    pub const DESKTOP: Self = Self { width: 1200, height: 800, scale: 1.0, dark: false };
    /// A phone.
    pub const PHONE: Self = Self { width: 390, height: 844, scale: 1.0, dark: false };

    /// The same, dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// A page in a browser of its own.
#[derive(Debug)]
pub struct Page {
    client: Client,
}

/// Runs a test with a browser that nobody has used before, and ends the browser, also if the test panics.
///
/// # Panics
/// If there is no browser, and as `test` does.
pub async fn with_page<R>(look: Look, test: impl AsyncFnOnce(&Page) -> R) -> R {
    let (mut driver, address, _open) = start_driver().await;
    let profile = tempfile::tempdir().unwrap();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let Value::Object(wanted) = capabilities(look, &profile.path().display().to_string()) else {
        unreachable!("they are an object")
    };
    let client = builder.capabilities(wanted).connect(&address).await.unwrap();
    let page = Page { client: client.clone() };
    let tested = AssertUnwindSafe(test(&page)).catch_unwind().await;
    // The driver ends the browser with the session, and would leave it behind.
    client.close().await.unwrap();
    driver.kill().await.unwrap();
    tested.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Starts chromedriver on a port that is free. What it says has to be read, or it waits.
async fn start_driver() -> (Child, String, Lines<BufReader<ChildStdout>>) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut driver = command.spawn().unwrap_or_else(|error| {
        panic!("chromedriver: {error}; apt-get install chromium chromium-driver")
    });
    let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = said.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return (driver, format!("http://127.0.0.1:{}", port.trim_end_matches('.')), said);
        }
    }
    panic!("chromedriver has ended")
}

fn capabilities(look: Look, profile: &str) -> Value {
    let scheme = u8::from(!look.dark);
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                format!("--user-data-dir={profile}"),
                format!("--window-size={},{}", look.width, look.height),
                format!("--blink-settings=preferredColorScheme={scheme}"),
            ],
            "mobileEmulation": {
                "deviceMetrics": {
                    "width": look.width, "height": look.height, "pixelRatio": look.scale, "touch": false, "mobile": look.width < 600,
                },
            },
        },
    })
}

impl Page {
    /// Goes to a page.
    ///
    /// # Panics
    /// If it is not there.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Loads the page again.
    ///
    /// # Panics
    /// If it is not there.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// Clicks the element that a CSS selector finds first, as a person would: what is hidden or covered cannot be pressed.
    ///
    /// # Panics
    /// If there is none, or it cannot be pressed.
    pub async fn press(&self, selector: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// Runs a function body in the page and gives what it returns.
    ///
    /// # Panics
    /// If it throws.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The text that a person sees of each element that a CSS selector finds.
    ///
    /// # Panics
    /// If the browser has ended.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.innerText ?? it.textContent)";
        strings(self.client.execute(script, vec![json!(selector)]).await.unwrap())
    }

    /// The value of `data-<name>` of each element that a CSS selector finds.
    ///
    /// # Panics
    /// If the browser has ended.
    pub async fn data(&self, selector: &str, name: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.dataset[arguments[1]] ?? '')";
        strings(self.client.execute(script, vec![json!(selector), json!(name)]).await.unwrap())
    }

    /// Looks again and again, until what is seen is what was waited for, and gives it.
    ///
    /// # Panics
    /// If that takes more than half a minute; with what was seen last.
    pub async fn until<T: Debug>(
        &self,
        what: &str,
        look: impl AsyncFn(&Self) -> T,
        holds: impl Fn(&T) -> bool,
    ) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = look(self).await;
            if holds(&seen) {
                return seen;
            }
            assert!(Instant::now() < end, "waited for: {what}; seen last: {seen:#?}");
            sleep(Duration::from_millis(25)).await;
        }
    }

    /// What is on the screen, as PNG.
    ///
    /// # Panics
    /// If the browser has ended.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }
}

fn strings(found: Value) -> Vec<String> {
    serde_json::from_value(found).unwrap()
}
