//! Passes on which Python pyo3 is compiled for: `cfg(Py_3_14)` means that version or a later one.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "python")]
    pyo3_build_config::use_pyo3_cfgs();
}
