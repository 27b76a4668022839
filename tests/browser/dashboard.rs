//! The live dashboard, in a browser: what is pressed is shown, and nothing is lost or doubled, whoever dies when.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use spawn_browser_tests::{Look, Page, Program, post, with_page};

const USERS: &str = "#user-rows li";
const ORDERS: &str = "#order-rows li";
const NOTIFICATIONS: &str = "#notification-rows li";

fn dashboard(port: u16, directory: &Path) -> Program {
    Program::start("live_dashboard", port, directory)
}

/// What the rows are called, the newest first.
async fn rows(page: &Page, selector: &str) -> Vec<String> {
    page.data(selector, "name").await
}

/// Waits until the last row of all is there; those before it came before it.
async fn until_last(page: &Page, notification: &str) {
    let first = async |page: &Page| rows(page, NOTIFICATIONS).await.into_iter().next();
    page.until(notification, first, |first| first.as_deref() == Some(notification)).await;
}

async fn until_state(page: &Page, state: &str) {
    let look = async |page: &Page| page.texts("#connection").await;
    page.until(state, look, |texts| texts[..] == [state]).await;
}

/// `name-<count>` to `name-1`.
fn counted(name: &str, count: usize) -> Vec<String> {
    (1..=count).rev().map(|number| format!("{name}-{number}")).collect()
}

fn order(item: &str) -> Value {
    json!({ "customer": "ada@example.org", "item": item, "amount": 1250 })
}

/// Orders until there is an answer, as the page does.
async fn order_at_last(address: &str, key: &str) {
    let orders = format!("{address}/orders");
    loop {
        if let Some((status, answer)) = post(&orders, Some(key), &order(key)).await {
            assert_eq!(status, 201, "{answer}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_is_pressed_is_shown_and_what_fails_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let server = dashboard(0, directory.path());
    with_page(Look::DESKTOP, async |page| {
        page.open(&server.address).await;
        until_state(page, "live").await;
        page.run("window.loaded = 'once'").await;
        let empty = page.texts(".panel .empty").await;
        assert!(empty.len() == 3 && empty.iter().all(|text| !text.is_empty()), "{empty:?}");

        page.press("#create-user").await;
        until_last(page, "note-1").await;
        assert_eq!(rows(page, USERS).await, ["user-1"]);
        page.press("#create-order").await;
        until_last(page, "note-2").await;
        assert_eq!(rows(page, ORDERS).await, ["ord-1"]);
        let (mail, bought) =
            (page.texts("#user-rows .detail").await, page.texts("#order-rows .detail").await);
        assert!(bought[0].ends_with(&mail[0]), "the order {bought:?} is that of {mail:?}");

        page.press("#create-failing-order").await;
        let refused = async |page: &Page| page.texts("#outcomes .refused").await;
        let refused = page.until("a failure", refused, |texts| !texts.is_empty()).await;
        let told = "card_declined: the card is good for €1000.00, the order comes to €250000.00. \
                    Nothing was saved, nothing was published.";
        assert_eq!(refused, [told]);

        // The number of the order that failed is that of the next one, which is what is told of after the last one.
        page.press("#create-order").await;
        until_last(page, "note-3").await;
        assert_eq!(rows(page, ORDERS).await, ["ord-2", "ord-1"]);
        assert_eq!(rows(page, NOTIFICATIONS).await, counted("note", 3));
        assert_eq!(page.texts(".count").await, ["1", "2", "3"]);
        assert_eq!(page.texts("#outcomes .done").await.len(), 2, "two more have an answer");

        let bars = async |page: &Page| page.texts(".plot rect.orders").await.len();
        page.until("orders in the plot", bars, |bars| *bars > 0).await;
        assert_eq!(page.run("return window.loaded").await, "once", "the page was not loaded again");
    })
    .await;
}

#[tokio::test]
async fn a_page_goes_on_where_it_was_when_the_server_was_killed() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = dashboard(0, directory.path());
    let (address, port) = (server.address.clone(), server.port());
    with_page(Look::DESKTOP, async |page| {
        page.open(&address).await;
        page.press("#create-user").await;
        until_last(page, "note-1").await;
        // If the page forgot its rows and was given them again, this would be another element.
        page.run("document.querySelector('#user-rows li').isTheSame = true").await;

        let (mut users, mut orders) = (1, 0);
        for round in 1..=3 {
            server.kill();
            until_state(page, "reconnecting").await;
            page.press("#create-user").await;
            // Elsewhere, so that the page is not there when it happens.
            let elsewhere = dashboard(0, directory.path());
            for number in 1..=3 {
                let url = format!("{}/orders", elsewhere.address);
                let (status, _) =
                    post(&url, None, &order(&format!("{round}.{number}"))).await.unwrap();
                assert_eq!(status, 201);
            }
            elsewhere.kill();
            (users, orders) = (users + 1, orders + 3);
            assert_eq!(
                rows(page, ORDERS).await.len(),
                orders - 3,
                "the page knows nothing of it yet"
            );

            server = dashboard(port, directory.path());
            until_last(page, &format!("note-{}", users + orders)).await;
            assert_eq!(rows(page, USERS).await, counted("user", users));
            assert_eq!(rows(page, ORDERS).await, counted("ord", orders));
            assert_eq!(rows(page, NOTIFICATIONS).await, counted("note", users + orders));
            until_state(page, "live").await;
        }
        let same = "return [...document.querySelectorAll('#user-rows li')].at(-1).isTheSame";
        assert_eq!(
            page.run(same).await,
            true,
            "the page was told what it did not know, and no more"
        );

        let shown = page.data(".rows li", "id").await;
        page.reload().await;
        let look = async |page: &Page| page.data(".rows li", "id").await;
        page.until("the same rows", look, |ids| *ids == shown).await;
    })
    .await;
}

#[tokio::test]
async fn killed_at_any_moment_it_shows_each_order_once() {
    const ALL: usize = 40;
    let directory = tempfile::tempdir().unwrap();
    let mut server = dashboard(0, directory.path());
    let (address, port) = (server.address.clone(), server.port());
    with_page(Look::DESKTOP, async |page| {
        page.open(&address).await;
        let orders = tokio::spawn(async move {
            for number in 1..=ALL {
                order_at_last(&address, &format!("order {number}")).await;
            }
        });
        for moment in [3, 11, 25] {
            let shown = async |page: &Page| rows(page, ORDERS).await.len();
            page.until("some orders", shown, |shown| *shown >= moment).await;
            server.kill();
            server = dashboard(port, directory.path());
        }
        orders.await.unwrap();
        until_last(page, &format!("note-{ALL}")).await;
        assert_eq!(rows(page, ORDERS).await, counted("ord", ALL));
        assert_eq!(rows(page, NOTIFICATIONS).await, counted("note", ALL));
        drop(server);
    })
    .await;
}

#[tokio::test]
async fn a_press_whose_answer_is_lost_happens_once() {
    let directory = tempfile::tempdir().unwrap();
    let server = dashboard(0, directory.path());
    with_page(Look::DESKTOP, async |page| {
        page.open(&server.address).await;
        let lose_an_answer = "const real = window.fetch;
            window.fetch = async (...question) => {
                window.fetch = real;
                await real(...question);
                throw new TypeError('the answer is lost');
            };";
        page.run(lose_an_answer).await;
        page.press("#create-order").await;
        let told = async |page: &Page| page.texts("#outcomes .done").await;
        let told = page.until("an answer", told, |texts| !texts.is_empty()).await;
        assert!(told[0].starts_with("ord-1 "), "the answer that was lost comes again: {told:?}");
        page.press("#create-user").await;
        until_last(page, "note-2").await;
        assert_eq!(rows(page, ORDERS).await, ["ord-1"]);
    })
    .await;
}

#[tokio::test]
async fn a_server_with_other_data_begins_anew() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = dashboard(0, first.path());
    let port = server.port();
    with_page(Look::DESKTOP, async |page| {
        page.open(&server.address).await;
        for number in 1..=2 {
            page.press("#create-user").await;
            until_last(page, &format!("note-{number}")).await;
        }
        server.kill();
        let other = dashboard(port, second.path());
        order_at_last(&other.address, "the only one").await;
        until_last(page, "note-1").await;
        assert_eq!(rows(page, USERS).await, [""; 0]);
        assert_eq!(rows(page, ORDERS).await, ["ord-1"]);
        assert_eq!(page.texts(".count").await, ["0", "1", "1"]);
    })
    .await;
}
