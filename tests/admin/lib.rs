//! What is tested of the admin page's API; see `main.rs`.
