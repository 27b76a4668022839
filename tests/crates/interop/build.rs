//! From `interop.proto` to the types of `prost`, without a `protoc` of the system.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let files = protox::compile(["interop.proto"], ["proto"])?;
    // ANCHOR: types
    // Maps are sorted, so that bytes can be compared.
    prost_build::Config::new().enable_type_names().btree_map(["."]).compile_fds(files)?;
    // ANCHOR_END: types
    Ok(())
}
