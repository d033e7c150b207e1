//! Renders the groups as a table for the terminal, in bytes, so that they add up.

use comfy_table::{Cell, CellAlignment, Table, presets};

use super::groups::{Group, Report};

/// The table, with a heading.
pub(super) fn of(report: &Report) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "code", "data", "files", "bytes", ""].map(right));
    for group in &report.groups {
        let share = 100.0 * group.bytes as f64 / report.bytes.max(1) as f64;
        table.add_row([
            Cell::new(group.label()),
            right(number(group.code)),
            right(number(group.data)),
            right(number(group.files)),
            right(number(group.bytes)),
            right(format!("{share:.1} %")),
        ]);
    }
    let sum = |of: fn(&Group) -> u64| right(number(report.groups.iter().map(of).sum()));
    table.add_row([
        Cell::new("all"),
        sum(|group| group.code),
        sum(|group| group.data),
        sum(|group| group.files),
        sum(|group| group.bytes),
        right(String::new()),
    ]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let note = match report.basis {
        "link map" => String::new(),
        basis => format!(
            "code is attributed by {basis}: the linker's map is missing\nhelp: build the guest with `cargo wadup build`, which keeps the map\n"
        ),
    };
    let megabytes = report.bytes as f64 / 1e6;
    format!(
        "{}: {megabytes:.2} MB\n{note}\n{}\n",
        report.guest,
        table.trim_fmt()
    )
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// A number with separated thousands; empty for 0.
fn number(bytes: u64) -> String {
    if bytes == 0 {
        return String::new();
    }
    let digits = bytes.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_the_last_line_is_the_sum() {
        let text = of(&super::super::groups::tests::report());

        assert_eq!(
            text,
            "users.wasm: 1.23 MB\n\n\
             \u{20}                             code    data    files      bytes\n\
             extension pydantic-core  1,000,000          200,000  1,200,000  97.2 %\n\
             the rest                            30,000              30,000   2.4 %\n\
             app                                           4,567      4,567   0.4 %\n\
             all                      1,000,000  30,000  204,567  1,234,567\n"
        );
    }

    #[test]
    fn thousands_are_separated() {
        for (bytes, text) in [
            (0, ""),
            (7, "7"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(number(bytes), text);
        }
    }
}
