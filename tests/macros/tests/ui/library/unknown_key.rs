wadup_guest::wadup_python! {
    entri: "users:main",
    preopens: ["/data"],
    "entry": "users:main",
}

fn main() {}
