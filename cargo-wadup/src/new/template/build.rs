//! Links Python, the packages of pyproject.toml and the folder `python` into the guest.

fn main() {
    wadup_build::configure().build();
}
