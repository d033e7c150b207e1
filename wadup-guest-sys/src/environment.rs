//! The variables and arguments that the host gives, read from the host itself: libc's copy of the variables is as old as the
//! instance, or as its snapshot.
//!
//! An empty list is not requested: hosts differ in their answers, and `node:wasi` refuses it as invalid.

use std::io;

/// The variables as the host has them now, as names and values. One without `=` has no value and is left out.
///
/// # Errors
///
/// The host's error, if it refuses (WASI preview 1, `environ_sizes_get` and `environ_get`).
#[cfg(target_os = "wasi")]
pub fn environment() -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let variable = |text: &[u8]| {
        let equals = text.iter().position(|byte| *byte == b'=')?;
        Some((text[..equals].to_vec(), text[equals + 1..].to_vec()))
    };
    // SAFETY: the second function fills what the first one counts.
    let texts = unsafe { list(wasip1::environ_sizes_get, wasip1::environ_get) }?;
    Ok(texts.iter().filter_map(|text| variable(text)).collect())
}

/// The arguments as the host has them now.
///
/// # Errors
///
/// The host's error, if it refuses (WASI preview 1, `args_sizes_get` and `args_get`).
#[cfg(target_os = "wasi")]
pub fn arguments() -> io::Result<Vec<Vec<u8>>> {
    // SAFETY: the second function fills what the first one counts.
    unsafe { list(wasip1::args_sizes_get, wasip1::args_get) }
}

/// The texts of a list that the host gives. Each ends with its first zero byte.
///
/// # Safety
///
/// `get` writes as many pointers and bytes as `sizes` returns.
#[cfg(target_os = "wasi")]
unsafe fn list(
    sizes: unsafe fn() -> Result<(wasip1::Size, wasip1::Size), wasip1::Errno>,
    get: unsafe fn(*mut *mut u8, *mut u8) -> Result<(), wasip1::Errno>,
) -> io::Result<Vec<Vec<u8>>> {
    let refused = |errno: wasip1::Errno| io::Error::from_raw_os_error(errno.raw().into());
    // SAFETY: it has no arguments.
    let (count, size) = unsafe { sizes() }.map_err(refused)?;
    if count == 0 || size == 0 {
        return Ok(Vec::new());
    }
    let mut places = vec![std::ptr::null_mut(); count];
    let mut bytes = vec![0_u8; size];
    // SAFETY: there is room for as many pointers and bytes as the host has just returned.
    unsafe { get(places.as_mut_ptr(), bytes.as_mut_ptr()) }.map_err(refused)?;
    let texts = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec);
    Ok(texts.take(count).collect())
}

/// Stands in on the build machine, where an editor may look at a guest: there is no WASI host.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "wasi"))]
pub fn environment() -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Stands in on the build machine: there is no WASI host.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "wasi"))]
pub fn arguments() -> io::Result<Vec<Vec<u8>>> {
    Err(io::ErrorKind::Unsupported.into())
}
