wadup_guest::wadup_python! {
    functions: {
        pub fn fetch(name: &str) -> String = "users.scoring:fetch";
        pub fn lines(path: &Path) -> Vec<String> = "users.scoring:lines";
        pub fn stream(path: &Path) -> Vec<String> = "users.scoring:stream";
        pub fn missing() = "users.scoring:scorre";
    },
}

fn main() {}
