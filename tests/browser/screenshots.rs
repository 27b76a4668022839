//! Takes the pictures of the book: `cargo run -p spawn-browser-tests --features browser --example screenshots -- book/src/guide`.
#![expect(clippy::unwrap_used, reason = "a picture that cannot be taken is none")]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use spawn_browser_tests::{Look, Page, Program, post, with_page};

const PEOPLE: [&str; 5] =
    ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Barbara Liskov", "Leslie Lamport"];
const ITEMS: [&str; 4] = ["Teapot", "Desk lamp", "Fountain pen", "Mechanical keyboard"];

#[tokio::main]
async fn main() {
    let target = PathBuf::from(
        std::env::args().nth(1).unwrap_or_else(|| panic!("usage: screenshots DIRECTORY")),
    );
    let directory = tempfile::tempdir().unwrap();
    let server = Program::start("live_dashboard", 0, directory.path());
    let looks = [
        ("live-dashboard", Look { height: 700, ..Look::DESKTOP }),
        ("live-dashboard-phone", Look::PHONE.dark()),
    ];
    for (name, look) in looks {
        let picture = with_page(look, async |page| {
            page.open(&server.address).await;
            happen(page, &server.address).await;
            let live = async |page: &Page| page.texts("#connection").await;
            page.until("live", live, |texts| texts[..] == ["live"]).await;
            // What is new is coloured for a moment.
            tokio::time::sleep(Duration::from_secs(3)).await;
            page.picture().await
        });
        std::fs::write(target.join(name).with_extension("png"), picture.await).unwrap();
    }
}

/// Something to look at: half a minute of a shop.
async fn happen(page: &Page, address: &str) {
    for second in 0..25 {
        if second % 5 == 0 {
            let user = json!({ "name": PEOPLE[second / 5] });
            post(&format!("{address}/users"), None, &user).await.unwrap();
        }
        for number in 0..[0, 2, 1, 3, 1, 2, 5][second % 7] {
            let item = ITEMS[(second + number) % ITEMS.len()];
            let amount = 1995 + second * number * 100;
            let order =
                json!({ "customer": "ada.lovelace@example.org", "item": item, "amount": amount });
            post(&format!("{address}/orders"), None, &order).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for button in ["#create-user", "#create-order", "#create-failing-order"] {
        page.press(button).await;
    }
}
