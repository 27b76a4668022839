//! Any serde type as payload, event and response.
// style: 3.2

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use spawn::prelude::*;

#[derive(Clone, Serialize, Deserialize)]
struct Created {
    id: String,
}

#[derive(Clone, Serialize, Deserialize)]
enum Changed {
    Price(f64),
    Labels { labels: HashMap<String, Option<u8>> },
}

#[derive(Clone, Serialize, Deserialize)]
struct Page<T> {
    items: Vec<T>,
}

#[message(name = "pass.json.Shop")]
struct Shop {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("json.created", created)])]
impl Shop {
    #[action(route = id)]
    fn created(&mut self, event: Json<Created>) {
        self.orders += i64::from(event.id.is_empty());
    }

    #[action]
    fn change(&mut self, Json(changed): Json<Changed>) -> Json<Changed> {
        Json(changed)
    }

    #[action(name = "change")]
    async fn change_another(&mut self, page: Json<Page<Created>>) -> Value<Json<Page<Created>>> {
        Value::from(page)
    }

    #[action]
    fn any(&self, any: Json<serde_json::Value>) -> Result<Json<serde_json::Value>, std::io::Error> {
        Ok(any)
    }

    #[action]
    fn maybe(&self, ids: Json<Vec<(u8, char)>>) -> Option<Json<HashMap<String, usize>>> {
        Some(Json(HashMap::from([("ids".to_owned(), ids.len())])))
    }
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 5);
}
