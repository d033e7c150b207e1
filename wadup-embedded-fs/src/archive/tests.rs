//! What is read from a zip, and what is refused.

use super::*;
use crate::samples;

/// Offset of a field in the only central record of an archive.
fn central_field(archive: &[u8], field: usize) -> usize {
    let signature = CENTRAL_SIGNATURE.to_le_bytes();
    archive
        .windows(4)
        .position(|window| window == signature)
        .unwrap()
        + field
}

fn with_field<const N: usize>(mut archive: Vec<u8>, field: usize, value: [u8; N]) -> Vec<u8> {
    let start = central_field(&archive, field);
    archive[start..start + N].copy_from_slice(&value);
    archive
}

fn refusal(archive: &[u8]) -> String {
    entries(archive).err().unwrap().to_string()
}

#[test]
fn a_stored_file_is_borrowed_from_the_archive() {
    let archive = samples::stored(&[("a", "text")]);
    let contents = entries(&archive).unwrap()[0].content.read().unwrap();
    assert!(matches!(contents, Cow::Borrowed(b"text")));
}

#[test]
fn a_deflated_file_is_inflated() {
    let text = "a line that repeats\n".repeat(1000);
    let archive = samples::deflated(&[("a", &text)]);
    assert!(archive.len() < text.len() / 10);
    assert_eq!(
        *entries(&archive).unwrap()[0].content.read().unwrap(),
        *text.as_bytes()
    );
}

#[test]
fn an_empty_deflated_file_is_empty() {
    let archive = samples::deflated(&[("a", "")]);
    assert_eq!(*entries(&archive).unwrap()[0].content.read().unwrap(), *b"");
}

#[test]
fn a_deflated_file_with_another_checksum_is_damaged() {
    let archive = with_field(samples::deflated(&[("a", "text")]), 16, [0; 4]);
    assert_eq!(
        entries(&archive).unwrap()[0].content.read(),
        Err(AccessError::Damaged)
    );
}

#[test]
fn a_deflated_file_of_another_size_is_damaged() {
    for size in [3u32, 5] {
        let archive = with_field(samples::deflated(&[("a", "text")]), 24, size.to_le_bytes());
        assert_eq!(
            entries(&archive).unwrap()[0].content.read(),
            Err(AccessError::Damaged)
        );
    }
}

#[test]
fn a_size_that_deflate_cannot_reach_is_refused_before_it_is_allocated() {
    let archive = with_field(
        samples::deflated(&[("a", "text")]),
        24,
        0xffff_fff0u32.to_le_bytes(),
    );
    assert_eq!(
        refusal(&archive),
        "the zip is damaged: \"a\" cannot have the declared size with 6 bytes in the zip"
    );
}

#[test]
#[cfg_attr(
    miri,
    ignore = "Miri takes minutes for a mebibyte; small files take it through the same code"
)]
fn the_best_that_deflate_can_do_is_read() {
    let text = "0".repeat(1 << 20);
    let archive = samples::deflated(&[("a", &text)]);
    assert_eq!(
        entries(&archive).unwrap()[0].content.read().unwrap().len(),
        text.len()
    );
}

#[test]
fn a_comment_at_the_end_is_skipped() {
    let mut archive = samples::stored(&[("a", "text")]);
    let length = archive.len();
    archive[length - 2..].copy_from_slice(&5u16.to_le_bytes());
    archive.extend(b"hello");
    assert_eq!(entries(&archive).unwrap().len(), 1);
}

#[test]
fn bytes_without_an_end_record_are_no_archive() {
    let archive = samples::stored(&[("a", "text")]);
    for bytes in [
        &b""[..],
        b"PK",
        &[0; 100],
        &archive[..archive.len() - 1],
        &[&archive[..], b"x"].concat(),
    ] {
        assert_eq!(entries(bytes).err(), Some(ImageError::NotAnArchive));
    }
}

#[test]
fn bytes_before_the_archive_are_refused() {
    let archive = [b"prefix", &samples::stored(&[("a", "text")])[..]].concat();
    assert_eq!(
        refusal(&archive),
        "the zip is damaged: the central directory does not end where the end record starts"
    );
}

#[test]
fn more_entries_than_there_are_bytes_for_are_refused() {
    let mut archive = samples::stored(&[("a", "text")]);
    let start = archive.len() - END_LENGTH;
    archive[start + 8..start + 12].copy_from_slice(&[0xf0, 0xff, 0xf0, 0xff]);
    assert_eq!(
        refusal(&archive),
        "the zip is damaged: the central directory is shorter than its entries"
    );
}

#[test]
fn fewer_entries_than_there_are_records_are_refused() {
    let mut archive = samples::stored(&[("a", "text"), ("b", "text")]);
    let start = archive.len() - END_LENGTH;
    archive[start + 8..start + 12].copy_from_slice(&[1, 0, 1, 0]);
    assert_eq!(
        refusal(&archive),
        "the zip is damaged: the central directory continues after its last entry"
    );
}

#[test]
fn an_offset_outside_the_archive_is_refused() {
    for offset in [1u32, 1000, 0xffff_ffff] {
        let archive = with_field(samples::stored(&[("a", "text")]), 42, offset.to_le_bytes());
        assert!(
            refusal(&archive).contains("are not where the central directory says"),
            "{offset}"
        );
    }
}

#[test]
fn a_local_header_of_another_name_is_refused() {
    let mut archive = samples::stored(&[("name", "text")]);
    archive[30] = b'N';
    assert!(refusal(&archive).contains("are not where the central directory says"));
}

#[test]
fn what_is_not_read_is_named() {
    let archive = || samples::stored(&[("a", "text")]);
    let end = archive().len() - END_LENGTH;
    let mut zip64 = archive();
    zip64[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    let mut disks = archive();
    disks[end + 4] = 1;
    for (archive, feature) in [
        (with_field(archive(), 8, [1, 0]), "encryption, in \"a\""),
        (
            with_field(archive(), 10, [93, 0]),
            "compression method 93, in \"a\"",
        ),
        (zip64, "zip64"),
        (disks, "several disks"),
    ] {
        assert_eq!(entries(&archive).err(), Some(unsupported(feature)));
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_refused() {
    let mut archive = samples::stored(&[("a", "text")]);
    let start = central_field(&archive, CentralRecord::LEAST);
    archive[start] = 0xff;
    assert_eq!(
        entries(&archive).err(),
        Some(ImageError::Name {
            name: "\u{fffd}".into()
        })
    );
}
