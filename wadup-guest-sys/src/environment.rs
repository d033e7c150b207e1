//! The variables and arguments that the host gives, read from the host itself: libc's copy of the variables is as old as the
//! instance, or its snapshot.
//!
//! Hosts differ in what they say of an empty list, so nobody asks for one: `node:wasi` refuses it as invalid.

use std::io;

/// The variables as the host has them now, as names and values. One without `=` has no value and is left out.
///
/// # Errors
///
/// What the host says in refusing (WASI preview 1, `environ_sizes_get` and `environ_get`).
#[cfg(target_os = "wasi")]
pub fn environment() -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let variable = |text: &[u8]| {
        let equals = text.iter().position(|byte| *byte == b'=')?;
        Some((text[..equals].to_vec(), text[equals + 1..].to_vec()))
    };
    // SAFETY: `list` asks as these functions want to be asked.
    let texts = unsafe { list(wasip1::environ_sizes_get, wasip1::environ_get) }?;
    Ok(texts.iter().filter_map(|text| variable(text)).collect())
}

/// The arguments as the host has them now.
///
/// # Errors
///
/// What the host says in refusing (WASI preview 1, `args_sizes_get` and `args_get`).
#[cfg(target_os = "wasi")]
pub fn arguments() -> io::Result<Vec<Vec<u8>>> {
    // SAFETY: `list` asks as these functions want to be asked.
    unsafe { list(wasip1::args_sizes_get, wasip1::args_get) }
}

/// The texts of a list that the host gives, each of which ends with its first zero byte.
///
/// # Safety
///
/// `get` fills as many pointers and bytes as `sizes` says that there are.
#[cfg(target_os = "wasi")]
unsafe fn list(
    sizes: unsafe fn() -> Result<(wasip1::Size, wasip1::Size), wasip1::Errno>,
    get: unsafe fn(*mut *mut u8, *mut u8) -> Result<(), wasip1::Errno>,
) -> io::Result<Vec<Vec<u8>>> {
    let refused = |errno: wasip1::Errno| io::Error::from_raw_os_error(errno.raw().into());
    // SAFETY: nothing is handed over.
    let (count, size) = unsafe { sizes() }.map_err(refused)?;
    if count == 0 || size == 0 {
        return Ok(Vec::new());
    }
    let mut places = vec![std::ptr::null_mut(); count];
    let mut bytes = vec![0_u8; size];
    // SAFETY: there is place for as many pointers and bytes as the host has just said that there are.
    unsafe { get(places.as_mut_ptr(), bytes.as_mut_ptr()) }.map_err(refused)?;
    let texts = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec);
    Ok(texts.take(count).collect())
}

/// The same where there is no WASI host, as in an editor that looks at a guest on the build machine.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "wasi"))]
pub fn environment() -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The same where there is no WASI host.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "wasi"))]
pub fn arguments() -> io::Result<Vec<Vec<u8>>> {
    Err(io::ErrorKind::Unsupported.into())
}
