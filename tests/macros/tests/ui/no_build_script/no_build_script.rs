wadup_guest::wadup_python! {}

fn main() {}
