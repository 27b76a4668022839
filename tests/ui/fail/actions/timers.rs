use spawn::prelude::*;

#[message(name = "ui.Heart")]
pub struct Heart {
    beats: i64,
}

#[actor]
impl Heart {
    #[action(timer = "0s")]
    fn never(&mut self) {}

    #[action(timer = 30s)]
    fn unquoted(&mut self) {}

    #[action(timer = "1s")]
    fn add(&mut self, beats: i64) {
        self.beats += beats;
    }

    #[action(timer = "1s", route = id)]
    fn routed(&mut self) {}

    #[action(timr = "1s")]
    fn misspelled(&mut self) {}
}

fn main() {}
