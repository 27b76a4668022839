//! Knows the users.

use serde::Deserialize;
use spawn::prelude::*;

use crate::events::UserCreated;

#[message(name = "live_dashboard.NewUser")]
#[derive(Deserialize)]
pub struct NewUser {
    pub name: String,
}

/// How many users there are.
#[message(name = "live_dashboard.UserManager")]
pub struct UserManager {
    users: i64,
}

#[actor(name = "user_manager")]
impl UserManager {
    #[action]
    pub fn create_user(&mut self, user: NewUser) -> Result<Value<UserCreated>, ActionError> {
        let name = user.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(ActionError::new("bad_name", "a name has 1 to 80 characters").fatal());
        }
        self.users += 1;
        let mailbox = name.to_lowercase().replace(char::is_whitespace, ".");
        let event = UserCreated {
            user_id: format!("user-{}", self.users),
            name,
            email: format!("{mailbox}@example.org"),
        };
        Ok(Value::from(event.clone()).broadcast(Broadcast::to("user.events", event)))
    }
}
