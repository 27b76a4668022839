//! What is tested from the outside of `spawn`: see the directories beside this file.
