wadup_guest::wadup_python! {
    functions: {
        /// Every kind of parameter.
        pub fn everything(
            flag: i32,
            number: f64,
            ratio: &str,
            data: &str,
            when: std::time::Duration,
            day: &str,
            wait: f64,
            price: f64,
            key: &str,
            path: &str,
            names: &[i64],
            counts: &HashMap<String, String>,
            unique: &[i64],
            pair: (i64, String),
            row: &str,
            model: HashMap<String, String>,
            options: &str,
            color: &str,
            maybe: Option<&str>,
        ) = "users.scoring:everything";
        /// No `None`.
        pub fn find(name: Option<&str>) -> Option<f64> = "users.scoring:find";
    },
}

fn main() {}
