wadup_guest::wadup_python! {}

wadup_guest::wadup_python! {
    entry: "users:helper",
}

fn main() {}
