//! Links Python into the guest.

fn main() {
    wadup_build::configure().build();
}
