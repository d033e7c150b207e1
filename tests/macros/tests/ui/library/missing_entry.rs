wadup_guest::wadup_python! { entry: "users.main" }

fn main() {}
