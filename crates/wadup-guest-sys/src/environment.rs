//! The variables that the host sets, read from the host itself: libc's copy is as old as the instance, or its snapshot.

use std::io;

/// The variables as the host has them now, as names and values. One without `=` has no value and is left out.
///
/// # Errors
///
/// What the host says in refusing (WASI preview 1, `environ_get`).
#[cfg(target_os = "wasi")]
pub fn environment() -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let refused = |errno: wasip1::Errno| io::Error::from_raw_os_error(errno.raw().into());
    // SAFETY: nothing is handed over.
    let (count, size) = unsafe { wasip1::environ_sizes_get() }.map_err(refused)?;
    let mut variables = vec![std::ptr::null_mut(); count];
    let mut bytes = vec![0_u8; size];
    // SAFETY: there is place for as many pointers and bytes as the host has just said that there are.
    unsafe { wasip1::environ_get(variables.as_mut_ptr(), bytes.as_mut_ptr()) }.map_err(refused)?;
    let variable = |text: &[u8]| {
        let equals = text.iter().position(|byte| *byte == b'=')?;
        Some((text[..equals].to_vec(), text[equals + 1..].to_vec()))
    };
    Ok(bytes
        .split(|byte| *byte == 0)
        .filter_map(variable)
        .collect())
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
