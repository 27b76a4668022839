//! Takes the pictures of the admin page: `cargo run -p spawn-browser-tests --features browser --example admin_screenshots -- book/src`.
#![expect(clippy::unwrap_used, reason = "a picture that cannot be taken is none")]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use spawn_browser_tests::{Look, Page, Program, post, with_page};

const ITEMS: [&str; 4] = ["teapot", "desk-lamp", "fountain-pen", "keyboard"];
const CITIES: [&str; 3] = ["Lyon", "Porto", "Tromsø"];

#[tokio::main]
async fn main() {
    let target = PathBuf::from(
        std::env::args().nth(1).unwrap_or_else(|| panic!("usage: admin_screenshots DIRECTORY")),
    );
    let directory = tempfile::tempdir().unwrap();
    let server = Program::start("admin", 0, directory.path());
    happen(&server.address).await;
    let desk = Look { height: 900, ..Look::DESKTOP };
    let whole = Look { height: 2600, ..Look::DESKTOP };
    let phone = Look { height: 3800, ..Look::PHONE };
    let looks = [
        ("admin", desk, ""),
        ("admin-dark", whole.dark(), ""),
        ("admin-whole", whole, ""),
        ("admin-phone", Look::PHONE.dark(), ""),
        ("admin-phone-whole", phone, ""),
        ("admin-state", Look { height: 620, ..Look::DESKTOP }, "order/2026-0117"),
        ("admin-state-phone", Look::PHONE.dark(), "order/2026-0117"),
    ];
    for (name, look, actor) in looks {
        let picture = with_page(look, async |page| {
            page.open(&format!("{}/admin", server.address)).await;
            let live = async |page: &Page| page.texts("#connection").await;
            page.until("live", live, |texts| texts[..] == ["live"]).await;
            if !actor.is_empty() {
                let press = format!(
                    "[...document.querySelectorAll('#stored .link')].find((it) => it.textContent === '{actor}').click()"
                );
                page.run(&press).await;
                let state = async |page: &Page| page.texts("#state").await;
                page.until("its state", state, |texts| !texts[0].is_empty()).await;
            }
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
