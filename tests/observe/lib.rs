//! What `spawn` exports is tested in programs of their own: a recorder and a subscriber are the program's.
