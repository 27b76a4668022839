//! A file system for SQLite that does everything as the real one does, and tells the [`Recorder`](crate::disk::Recorder) of it.
//!
//! It becomes the default of the process, so that `spawn::store::Sqlite` uses it and does not know.
#![expect(unsafe_code, reason = "a file system of SQLite is a table of C functions")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::sync::Once;

use rusqlite::ffi::{
    self, SQLITE_IOERR, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_OK, sqlite3_file,
    sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

use crate::disk::{FileId, recorder};

/// An open file; that of the real file system follows it in memory.
#[repr(C)]
struct Shim {
    base: sqlite3_file,
    id: FileId,
}

/// Makes it the default, once.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: the name is null, which asks for the default; the result is checked.
        let real = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        assert!(!real.is_null(), "SQLite has no file system");
        // SAFETY: it is not null, and file systems are never unregistered here.
        let real = unsafe { *real };
        // Its other functions get this table, which has their data; so it is as the real one in everything else.
        let shim = sqlite3_vfs {
            szOsFile: real.szOsFile + c_int::try_from(size_of::<Shim>()).unwrap(),
            pNext: ptr::null_mut(),
            zName: c"recorded".as_ptr(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..real
        };
        REAL.set(Real { open: real.xOpen.unwrap(), delete: real.xDelete.unwrap() }).ok().unwrap();
        // SAFETY: the table is never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(shim)), 1) };
        assert_eq!(code, SQLITE_OK);
    });
}

/// The functions of the real file system that are wrapped.
struct Real {
    open: unsafe extern "C" fn(
        *mut sqlite3_vfs,
        *const c_char,
        *mut sqlite3_file,
        c_int,
        *mut c_int,
    ) -> c_int,
    delete: unsafe extern "C" fn(*mut sqlite3_vfs, *const c_char, c_int) -> c_int,
}

static REAL: std::sync::OnceLock<Real> = std::sync::OnceLock::new();

/// The file of the real file system.
fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.cast::<Shim>().wrapping_add(1).cast()
}

fn id(file: *mut sqlite3_file) -> FileId {
    // SAFETY: SQLite calls the methods of a file that `open` has made, of which the shim is the beginning.
    unsafe { (*file.cast::<Shim>()).id }
}

fn methods(file: *mut sqlite3_file) -> &'static sqlite3_io_methods {
    // SAFETY: `open` gives its methods only to a file whose real file was opened, which has methods then.
    let methods = unsafe { (*real(file)).pMethods };
    // SAFETY: tables of methods are constants of SQLite.
    unsafe { &*methods }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let path = if name.is_null() {
        None
    } else {
        // SAFETY: SQLite gives a C string, or null for a file of its own.
        let name = unsafe { CStr::from_ptr(name) };
        Some(name.to_string_lossy().into_owned())
    };
    let Some(it) = REAL.get() else { return SQLITE_IOERR };
    // SAFETY: SQLite has made room for both files, and expects the methods to be set, if only to null.
    unsafe { (*file).pMethods = ptr::null() };
    // SAFETY: the arguments are SQLite's own, but the file, which has the room that the real file system has asked for.
    let code = unsafe { (it.open)(vfs, name, real(file), flags, out_flags) };
    if code != SQLITE_OK {
        return code;
    }
    let shim =
        Shim { base: sqlite3_file { pMethods: &raw const METHODS }, id: recorder().open(path) };
    // SAFETY: as above.
    unsafe { file.cast::<Shim>().write(shim) };
    SQLITE_OK
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let Some(it) = REAL.get() else { return SQLITE_IOERR };
    // SAFETY: SQLite gives a C string.
    let path = unsafe { CStr::from_ptr(name) };
    // SAFETY: the arguments are SQLite's own.
    let code = unsafe { (it.delete)(vfs, name, sync) };
    if code == SQLITE_OK {
        recorder().delete(&path.to_string_lossy());
    }
    code
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    let length_in_bytes = usize::try_from(length).unwrap_or_default();
    // SAFETY: SQLite gives so many bytes.
    let slice = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), length_in_bytes) };
    if !recorder().write(id(file), offset.cast_unsigned(), slice) {
        return SQLITE_IOERR_WRITE;
    }
    let Some(write) = methods(file).xWrite else { return SQLITE_IOERR };
    // SAFETY: the arguments are SQLite's own, for the real file.
    unsafe { write(real(file), bytes, length, offset) }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    recorder().truncate(id(file), size.cast_unsigned());
    let Some(truncate) = methods(file).xTruncate else { return SQLITE_IOERR };
    // SAFETY: the arguments are SQLite's own, for the real file.
    unsafe { truncate(real(file), size) }
}

/// The real file is not synced: what is on the disk is for the recorder to say.
unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    if recorder().sync(id(file)) { SQLITE_OK } else { SQLITE_IOERR_FSYNC }
}

macro_rules! as_the_real_one {
    ($($name:ident = $method:ident($($argument:ident: $ty:ty),*);)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $ty)*) -> c_int {
            let Some(method) = methods(file).$method else { return SQLITE_IOERR };
            // SAFETY: the arguments are SQLite's own, for the real file.
            unsafe { method(real(file) $(, $argument)*) }
        }
    )*};
}

as_the_real_one! {
    close = xClose();
    read = xRead(buffer: *mut c_void, length: c_int, offset: sqlite3_int64);
    file_size = xFileSize(size: *mut sqlite3_int64);
    lock = xLock(level: c_int);
    unlock = xUnlock(level: c_int);
    check_reserved_lock = xCheckReservedLock(out: *mut c_int);
    file_control = xFileControl(operation: c_int, argument: *mut c_void);
    sector_size = xSectorSize();
    characteristics = xDeviceCharacteristics();
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void);
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap = xShmUnmap(delete: c_int);
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    if let Some(barrier) = methods(file).xShmBarrier {
        // SAFETY: for the real file.
        unsafe { barrier(real(file)) };
    }
}

/// Without `xFetch`, so that nothing is read or written past it.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
