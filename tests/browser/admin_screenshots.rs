//! Takes the pictures of the admin page: `cargo run -p spawn-browser-tests --features browser --example admin_screenshots -- book/src`.
#![expect(clippy::unwrap_used, reason = "a picture that cannot be taken is none")]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use spawn_browser_tests::{Look, Page, Program, post, with_page};

const ITEMS: [&str; 4] = ["teapot", "desk-lamp", "fountain-pen", "keyboard"];
const CITIES: [&str; 3] = ["Lyon", "Porto", "Tromsø"];

/// Opens the state of an order.
const SHOW_STATE: &str = "[...document.querySelectorAll('#stored .link')].find((it) => it.textContent === 'order/2026-0117').click()";

/// Goes down to the events and the topology.
const SHOW_TOPOLOGY: &str =
    "document.getElementById('log-title').closest('section').scrollIntoView()";

#[tokio::main]
async fn main() {
    let target = PathBuf::from(
        std::env::args().nth(1).unwrap_or_else(|| panic!("usage: admin_screenshots DIRECTORY")),
    );
    let directory = tempfile::tempdir().unwrap();
    let server = Program::start("admin", 0, directory.path());
    happen(&server.address).await;
    let looks = [
        ("admin", Look { height: 860, ..Look::DESKTOP }, ""),
        ("admin-state", Look { height: 560, ..Look::DESKTOP }, SHOW_STATE),
        ("admin-topology", Look { height: 860, ..Look::DESKTOP }.dark(), SHOW_TOPOLOGY),
        ("admin-phone", Look::PHONE.dark(), ""),
    ];
    for (name, look, show) in looks {
        let picture = with_page(look, async |page| {
            page.open(&format!("{}/admin", server.address)).await;
            let live = async |page: &Page| page.texts("#connection").await;
            page.until("live", live, |texts| texts[..] == ["live"]).await;
            page.run(show).await;
            // Bars grow for a moment.
            tokio::time::sleep(Duration::from_secs(1)).await;
            page.picture().await
        });
        std::fs::write(target.join(name).with_extension("png"), picture.await).unwrap();
    }
}

/// Something to look at: a morning of a shop, whose carrier closes at the end of it.
async fn happen(address: &str) {
    let door =
        async |door: &str| post(&format!("{address}/carrier/{door}"), None, &json!({})).await;
    door("open").await.unwrap();
    for number in 0..24_usize {
        if number == 21 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            door("close").await.unwrap();
        }
        let order = json!({
            "sku": ITEMS[number % ITEMS.len()], "quantity": 1 + number % 3, "city": CITIES[number % CITIES.len()],
        });
        let id = format!("2026-{:04}", 117 + 7 * number);
        post(&format!("{address}/orders/{id}"), None, &order).await.unwrap();
    }
}
