wadup_guest::wadup_python! {
    exports: {
        my-score: "users:main",
        "score": "users:main",
        fn: "users:main",
    },
}

fn main() {}
