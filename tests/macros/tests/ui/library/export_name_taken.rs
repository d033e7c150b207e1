wadup_guest::wadup_python! {
    exports: {
        process: "users:main",
        memory: "users:main",
        _start: "users:main",
        wadup_run: "users:main",
        PyInit_fast: "users:main",
        free: "users:main",
        größe: "users:main",
    },
}

fn main() {}
