//! The messages of `interop`, as `prost-build` generates them.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let proto = "../interop/proto";
    println!("cargo::rerun-if-changed={proto}");
    let files = protox::compile(["interop.proto"], [proto])?;
    prost_build::Config::new().enable_type_names().btree_map(["."]).compile_fds(files)?;
    Ok(())
}
