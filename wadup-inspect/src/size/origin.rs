//! Determines what an object of the link line belongs to, from its path.

use wadup_build::output;

use super::Group;

/// Whether an object of a link map contains the bundle.
pub(super) fn is_bundle(object: &str) -> bool {
    let (of_bundle, file) = output::BUNDLE_OBJECT;
    object
        .strip_suffix(file)
        .and_then(|folder| folder.strip_suffix('/'))
        .is_some_and(|folder| folder.rsplit('/').next() == Some(of_bundle))
}

/// The group of an object in a link map, and its name within the group.
pub(super) fn of(object: &str) -> (Group, String) {
    let object = object.replace('\\', "/");
    if object == "<internal>" {
        return (Group::Rest, "defined by the linker".into());
    }
    // A member of an archive is written `folder/libx.a(member.o)`.
    let (path, member) = match object.split_once(".a(") {
        Some((path, member)) => (format!("{path}.a"), member.trim_end_matches(')')),
        None => (object.clone(), ""),
    };
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    if let Some(extension) = extension(folder) {
        return (Group::Extension(extension), stem(file));
    }
    if output::is_of_python(file) {
        let name = if output::is_libpython(file) {
            stem(member)
        } else {
            library(file)
        };
        return (Group::Interpreter, name);
    }
    if is_bundle(&object) {
        return (Group::Rest, "around the bundle's files".into());
    }
    if artifact(folder, "").is_some_and(|(name, _)| name == output::SHIM) {
        return (Group::Interpreter, "wadup's shim".into());
    }
    if output::is_c_library(file) || is_of_sysroot(file) {
        return (Group::CLibraries, library(file));
    }
    (Group::RustCode, crate_of(file))
}

/// The native package whose artifact a folder belongs to: `pydantic-core` of `artifacts/pydantic-core-2.41.5-KEY/content/objects`.
fn extension(folder: &str) -> Option<String> {
    let (name_and_version, _) = artifact(folder, "/objects")?;
    let (name, _version) = name_and_version.rsplit_once('-')?;
    Some(name.to_owned())
}

/// The recipe's name and the key of the artifact whose `content` contains a folder.
fn artifact<'a>(folder: &'a str, below: &str) -> Option<(&'a str, &'a str)> {
    let content = folder.strip_suffix(below)?.strip_suffix("/content")?;
    content.rsplit('/').next()?.rsplit_once('-')
}

/// Rust provides libc and the startup objects; the others come from the sysroot and clang.
fn is_of_sysroot(file: &str) -> bool {
    file.starts_with("crt1")
        || file.starts_with("libc-printscan")
        || file.starts_with("libclang_rt.")
        || file.starts_with("libwasi-")
        || ["libc.a", "libdl.a", "libm.a"].contains(&file)
}

/// `sqlite3` of `libsqlite3.a`.
fn library(file: &str) -> String {
    stem(file.strip_prefix("lib").unwrap_or(file))
}

/// `std` of `libstd-0123456789abcdef.rlib(...)`, `users` of `users.users.0123-cgu.0.rcgu.o`.
fn crate_of(file: &str) -> String {
    let file = file.split('(').next().unwrap_or(file);
    let name = if file.ends_with(".rlib") {
        file.strip_prefix("lib").unwrap_or(file)
    } else {
        file
    };
    let name = name.split(['-', '.']).next().unwrap_or(name);
    name.to_owned()
}

/// A file's name up to its last dot.
fn stem(file: &str) -> String {
    file.rsplit_once('.')
        .map_or(file, |(stem, _)| stem)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_of_a_link_line_has_its_group() {
        let store = "/home/me/.cache/wadup/artifacts";
        for (object, group, name) in [
            (
                format!("{store}/cpython-3.13.5-0123456789abcdef/content/lib/libpython3.13.a(abstract.o)"),
                Group::Interpreter,
                "abstract",
            ),
            (
                format!("{store}/cpython-3.13.5-0123456789abcdef/content/lib/libmpdec.a(context.o)"),
                Group::Interpreter,
                "mpdec",
            ),
            (
                format!("{store}/c-libraries-0123456789abcdef/content/lib/libsqlite3.a(sqlite3.o)"),
                Group::CLibraries,
                "sqlite3",
            ),
            (
                format!("{store}/pydantic-core-2.41.5-0123456789abcdef/content/objects/_pydantic_core.o"),
                Group::Extension("pydantic-core".into()),
                "_pydantic_core",
            ),
            (
                format!("{store}/openssl-3.6.3-0123456789abcdef/content/objects/openssl.o"),
                Group::Extension("openssl".into()),
                "openssl",
            ),
            (
                "/rust/lib/rustlib/wasm32-wasip1/lib/self-contained/libc.a(dlmalloc.o)".into(),
                Group::CLibraries,
                "c",
            ),
            (
                format!("{store}/numpy-2.4.1+c++-0123456789abcdef/content/objects/numpy.fft._pocketfft_umath.o"),
                Group::Extension("numpy".into()),
                "numpy.fft._pocketfft_umath",
            ),
            (
                format!("{store}/extension-runtime-0123456789abcdef/content/lib/libc++abi.a(cxa_guard.cpp.o)"),
                Group::CLibraries,
                "c++abi",
            ),
            (
                format!("{store}/shim-0123456789abcdef/content/shim.o"),
                Group::Interpreter,
                "wadup's shim",
            ),
            (
                "/t/wasm32-wasip1/release/build/users-0123/out/wadup/shim/data.o".into(),
                Group::Rest,
                "around the bundle's files",
            ),
            (
                "/rust/lib/rustlib/wasm32-wasip1/lib/libstd-0123.rlib(std-0123.std.0123-cgu.0.rcgu.o)".into(),
                Group::RustCode,
                "std",
            ),
            (
                "/t/wasm32-wasip1/release/deps/users.users.0123-cgu.0.rcgu.o".into(),
                Group::RustCode,
                "users",
            ),
            ("<internal>".into(), Group::Rest, "defined by the linker"),
        ] {
            assert_eq!(of(&object), (group, name.to_owned()), "{object}");
        }
    }
}
