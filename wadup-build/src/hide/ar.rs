//! Reads static libraries: the `ar` format, with long names as GNU and BSD write them.

/// The first bytes of an archive.
const MAGIC: &[u8] = b"!<arch>\n";

/// The size of a member's header: a name, five numbers and two bytes in fixed columns.
const HEADER: usize = 60;

/// A file in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    pub(super) name: String,
    pub(super) content: &'a [u8],
}

/// The files of an archive, without its symbol tables.
///
/// # Errors
/// What is wrong with the bytes.
pub(super) fn members(archive: &[u8]) -> Result<Vec<Member<'_>>, String> {
    let mut rest = archive
        .strip_prefix(MAGIC)
        .ok_or("it does not begin as an archive does")?;
    let mut long_names: &[u8] = &[];
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (header, content) = rest
            .split_at_checked(HEADER)
            .ok_or("it ends within the header of a member")?;
        let name = text(&header[..16])?;
        let size: usize = number(text(&header[48..58])?)?;
        let (content, after) = content
            .split_at_checked(size)
            .ok_or_else(|| format!("it ends within its member `{name}`"))?;
        // Members start at even offsets.
        rest = after.get(size % 2..).unwrap_or_default();
        match name {
            "/" | "/SYM64/" | "__.SYMDEF" => {}
            "//" => long_names = content,
            _ => {
                let member = named(name, content, long_names)?;
                if !member.name.starts_with("__.SYMDEF") {
                    members.push(member);
                }
            }
        }
    }
    Ok(members)
}

/// A member with its full name.
fn named<'a>(name: &str, content: &'a [u8], long_names: &[u8]) -> Result<Member<'a>, String> {
    if let Some(length) = name.strip_prefix("#1/") {
        // BSD: the name precedes the content, padded with zeros.
        let (name, content) = content
            .split_at_checked(number(length)?)
            .ok_or("it ends within a name")?;
        return Ok(Member {
            name: text(name)?.trim_end_matches('\0').to_owned(),
            content,
        });
    }
    let name = match name.strip_prefix('/') {
        // GNU: the offset of the name in the table of long names, where each ends with a slash and a newline.
        Some(place) => {
            let name = long_names
                .get(number(place)?..)
                .ok_or("a name lies outside of the list of names")?;
            text(name.split(|byte| *byte == b'\n').next().unwrap_or_default())?
        }
        None => name,
    };
    Ok(Member {
        name: name.strip_suffix('/').unwrap_or(name).to_owned(),
        content,
    })
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    let text = str::from_utf8(bytes).map_err(|_| "a name in it is not text")?;
    Ok(text.trim_end())
}

fn number(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| format!("`{text}` in it is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A member with its header.
    fn member(name: &str, content: &str) -> String {
        let padding = "\n".repeat(content.len() % 2);
        let size = content.len();
        format!("{name:<16}0           0     0     644     {size:<10}`\n{content}{padding}")
    }

    fn read(members: &[String]) -> Vec<(String, String)> {
        let archive = format!("!<arch>\n{}", members.concat());
        super::members(archive.as_bytes())
            .unwrap()
            .into_iter()
            .map(|member| {
                let content = String::from_utf8(member.content.to_vec()).unwrap();
                (member.name, content)
            })
            .collect()
    }

    #[test]
    fn gnu_and_bsd_names_and_odd_sizes_are_read() {
        let gnu = read(&[
            member("/", "\0\0\0\0"),
            member("//", "a name of more than sixteen letters.o/\n"),
            member("short.o/", "odd"),
            member("/0", "long"),
        ]);
        let bsd = read(&[
            member("#1/12", "__.SYMDEF\0\0\0index"),
            member("short.o", "odd"),
            member("#1/40", "a name of more than sixteen letters.o\0\0\0long"),
        ]);

        let expected = [
            ("short.o".to_owned(), "odd".to_owned()),
            (
                "a name of more than sixteen letters.o".to_owned(),
                "long".to_owned(),
            ),
        ];
        assert_eq!(gnu, expected);
        assert_eq!(bsd, expected);
    }

    #[test]
    fn invalid_and_truncated_archives_are_refused() {
        let whole = format!("!<arch>\n{}", member("a.o/", "content"));

        for text in ["", "BC", &whole[..30], &whole[..70]] {
            assert!(members(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(members(whole.as_bytes()).unwrap().len(), 1);
    }
}
