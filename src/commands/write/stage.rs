//! One file on its way to the disk: written beside its place, then put there in one step.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A whole file under a temporary name; dropping it removes it.
#[derive(Debug)]
pub(super) struct Staged {
    temporary: Option<PathBuf>,
}

impl Staged {
    /// Writes the bytes to `temporary`, and returns when they are safe on the disk.
    ///
    /// The mode is that of the file at `place`, if there is one.
    pub(super) fn write(
        temporary: PathBuf,
        place: &Path,
        bytes: &[u8],
        executable: bool,
    ) -> io::Result<Self> {
        let mut file = create(&temporary, executable)?;
        let staged = Self {
            temporary: Some(temporary),
        };
        file.write_all(bytes)?;
        if let Ok(old) = fs::symlink_metadata(place) {
            file.set_permissions(kept(old.permissions(), executable))?;
        }
        file.sync_all()?;
        Ok(staged)
    }

    /// Puts the file in its place, over whatever is there.
    pub(super) fn put(&mut self, place: &Path) -> io::Result<()> {
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, place)?;
            self.temporary = None;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            // If this fails too, the journal still names the file.
            let _ = fs::remove_file(temporary);
        }
    }
}

/// A new file and never an existing one, so that no link can stand in its place.
fn create(path: &Path, executable: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if executable { 0o777 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = executable;
    options.open(path)
}

/// The old mode; whoever may read a program may run it.
#[cfg(unix)]
fn kept(old: Permissions, executable: bool) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    let mode = old.mode() & 0o777;
    let runs = if executable { (mode & 0o444) >> 2 } else { 0 };
    Permissions::from_mode(mode | runs)
}

#[cfg(not(unix))]
fn kept(old: Permissions, _: bool) -> Permissions {
    old
}

/// Makes renames in a folder safe against a loss of power, where the system can.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
