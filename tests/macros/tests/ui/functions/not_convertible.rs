pub struct Row;

wadup_guest::wadup_python! {
    functions: {
        /// Rows cannot be converted.
        pub fn first(items: &[Row]) -> Option<Row> = "users.scoring:first";
    },
}

fn main() {}
