//! The admin page, in a browser: a dead letter is replayed by pressing the button, states are looked into, and the page goes on when
//! the server was killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use serde_json::json;
use spawn_browser_tests::{Look, Page, Program, post, with_page};

const LETTERS: &str = "#letters > li";

fn shop(port: u16, directory: &Path) -> Program {
    Program::start("admin", port, directory)
}

async fn order(address: &str, id: &str) {
    let order = json!({ "sku": "teapot", "quantity": 2, "city": "Tromsø" });
    let (status, _) = post(&format!("{address}/orders/{id}"), None, &order).await.unwrap();
    assert_eq!(status, 200);
}

async fn carrier(address: &str, door: &str) {
    post(&format!("{address}/carrier/{door}"), None, &json!({})).await.unwrap();
}

/// How many parcels the handler of the events has sent.
async fn parcels(page: &Page, address: &str) -> i64 {
    let script = format!("return fetch('{address}/parcels').then((it) => it.json())");
    page.run(&script).await.as_i64().unwrap()
}

async fn until_state(page: &Page, state: &str) {
    let look = async |page: &Page| page.texts("#connection").await;
    page.until(state, look, |texts| texts[..] == [state]).await;
}

async fn until_letters(page: &Page, keys: &[&str]) {
    let look = async |page: &Page| page.data(LETTERS, "key").await;
    page.until("the dead letters", look, |found| *found == keys).await;
}

#[tokio::test]
async fn a_dead_letter_is_replayed_by_pressing_the_button() {
    let directory = tempfile::tempdir().unwrap();
    let server = shop(0, directory.path());
    let address = &server.address;
    with_page(Look::DESKTOP, async |page| {
        page.open(&format!("{address}/admin")).await;
        until_state(page, "live").await;
        page.run("window.loaded = 'once'").await;
        assert_eq!(page.texts("#dead-letters .empty").await, ["Nothing was given up."]);

        order(address, "a").await;
        order(address, "b").await;
        until_letters(page, &["1", "2"]).await;
        let error = &page.texts("#letters .error").await[0];
        assert!(error.contains("the carrier does not go to Tromsø today"), "{error}");
        let tile = async |page: &Page| page.texts("#tile-letters strong").await;
        page.until("two", tile, |texts| texts[..] == ["2"]).await;

        // It fails again, and stays.
        page.press("#letters > li[data-key='1'] .replay").await;
        let refused = async |page: &Page| page.texts("#told .refused").await;
        let refused = page.until("a refusal", refused, |texts| !texts.is_empty()).await;
        assert!(refused[0].contains("the carrier does not go"), "{refused:?}");
        until_letters(page, &["1", "2"]).await;
        assert_eq!(parcels(page, address).await, 0);

        carrier(address, "open").await;
        page.press("#letters > li[data-key='2'] .replay").await;
        until_letters(page, &["1"]).await;
        assert_eq!(parcels(page, address).await, 1, "the handler has had it, once");
        page.press("#letters > li[data-key='1'] .discard").await;
        until_letters(page, &[]).await;
        assert_eq!(parcels(page, address).await, 1);
        assert_eq!(page.run("return window.loaded").await, "once", "the page was not loaded again");
    })
    .await;
}

#[tokio::test]
async fn a_page_goes_on_when_the_server_was_killed() {
    let directory = tempfile::tempdir().unwrap();
    let server = shop(0, directory.path());
    let (address, port) = (server.address.clone(), server.port());
    with_page(Look::DESKTOP, async |page| {
        page.open(&format!("{address}/admin")).await;
        order(&address, "a").await;
        until_letters(page, &["1"]).await;
        page.run("document.querySelector('#letters > li').isTheSame = true").await;
        server.kill();
        until_state(page, "reconnecting").await;
        let _server = shop(port, directory.path());
        until_state(page, "live").await;
        order(&address, "b").await;
        until_letters(page, &["1", "2"]).await;
        let start = async |page: &Page| page.texts("#about").await;
        page.until("its second start", start, |texts| texts[0].contains("start 2")).await;
        let same = "return document.querySelector('#letters > li').isTheSame";
        assert_eq!(page.run(same).await, true, "what has not changed was left alone");
    })
    .await;
}

#[tokio::test]
async fn states_are_looked_into_by_revision() {
    let directory = tempfile::tempdir().unwrap();
    let server = shop(0, directory.path());
    let address = &server.address;
    with_page(Look::DESKTOP, async |page| {
        page.open(&format!("{address}/admin")).await;
        until_state(page, "live").await;
        carrier(address, "open").await;
        order(address, "a").await;
        let actors = async |page: &Page| page.texts("#actors .link").await;
        page.until("the order", actors, |texts| texts.iter().any(|it| it == "order/a")).await;
        page.run("[...document.querySelectorAll('#actors .link')].find((it) => it.textContent === 'order/a').click()").await;
        let state = async |page: &Page| page.texts("#state").await;
        let shipped = page.until("shipped", state, |it| it[0].contains("\"Shipped\"")).await;
        assert!(shipped[0].contains("\"city\": \"Tromsø\""), "{shipped:?}");
        page.press("#revisions > li[data-key='1'] button").await;
        page.until("placed", state, |it| it[0].contains("\"Placed\"")).await;
        page.press("#viewer-close").await;

        // Its own event is among those of its channel, and not of another one.
        page.run("const it = document.getElementById('channel'); it.value = 'order.shipped'; it.dispatchEvent(new Event('input'))").await;
        let log = async |page: &Page| page.texts("#log .channel").await;
        page.until("one channel", log, |it| it[..] == ["order.shipped"]).await;
        page.run("const it = document.getElementById('channel'); it.value = 'order..'; it.dispatchEvent(new Event('input'))").await;
        let failed = async |page: &Page| page.texts("#log-failed").await;
        page.until("what is wrong", failed, |it| it[0].contains("order..")).await;
        assert_eq!(page.texts("#topology text").await.iter().filter(|it| *it == "warehouse").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_page_asks_for_the_token_and_keeps_it_in_its_tab() {
    let directory = tempfile::tempdir().unwrap();
    let server = Program::start_with("admin", 0, directory.path(), &[("ADMIN_TOKEN", "s3cret")]);
    let address = &server.address;
    order(address, "a").await;
    with_page(Look::DESKTOP, async |page| {
        page.open(&format!("{address}/admin")).await;
        let asks = async |page: &Page| page.texts("#sign-in h2").await;
        page.until("the question", asks, |texts| texts[..] == ["This system asks for a token"])
            .await;
        assert_eq!(page.data(LETTERS, "key").await, [""; 0], "nothing is shown");
        let type_in = async |token: &str| {
            page.run(&format!("document.getElementById('token').value = '{token}'")).await;
            page.press("#sign-in button").await;
        };
        type_in("wrong").await;
        let failed = async |page: &Page| page.texts("#sign-in-failed").await;
        page.until("no", failed, |texts| texts[..] == ["This is not the token."]).await;
        type_in("s3cret").await;
        until_letters(page, &["1"]).await;
        carrier(address, "open").await;
        page.press("#letters .replay").await;
        until_letters(page, &[]).await;

        page.reload().await;
        until_state(page, "live").await;
        let kept = "return [sessionStorage.length, localStorage.length, document.cookie]";
        assert_eq!(page.run(kept).await, json!([1, 0, ""]), "in the tab alone");
    })
    .await;
}

#[tokio::test]
async fn what_is_due_at_once_is_due_now() {
    let directory = tempfile::tempdir().unwrap();
    let server = shop(0, directory.path());
    let address = &server.address;
    with_page(Look::DESKTOP, async |page| {
        page.open(&format!("{address}/admin")).await;
        until_state(page, "live").await;
        // An effect is made before it can be looked at.
        let show = "return import(`${location.origin}/admin/overview.js`).then((it) => {
            const call = { id: 1, target: 'a', action: 'b', attempts: 0, payload: { type: 't', json: 1 } };
            it.schedules({ items: [{ ...call, due: null }], next: null });
            const time = document.querySelector('#schedules time');
            return [time.textContent, time.title];
        })";
        assert_eq!(page.run(show).await, json!(["now", "due at once"]));
    })
    .await;
}
