//! Definitions in a library are found once the library is named.

use lib_actors as _;
use spawn::prelude::*;

#[tokio::test]
async fn actors_of_a_library_are_part_of_the_program() {
    let system = System::builder("linked").in_memory().start().await.unwrap();
    let response = system.invoke("cupboard", "add", 3_i64).await.unwrap();
    assert_eq!(response.decode::<i64>().unwrap(), 3);
}
