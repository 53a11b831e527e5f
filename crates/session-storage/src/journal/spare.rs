//! The spare: the next segment's room, put aside while there is some (invariant J12).

use super::files::{create, write_zeros};
use super::writer::Writer;
use crate::fs::{File, FsError};
use crate::recovery::NativeName;

impl Writer {
    /// Puts room aside. Success ends the state of a full disk; a full disk begins it; any other failure
    /// leaves us without a spare until the next try, which no acknowledged frame depends on.
    pub(crate) fn fill_spare(&mut self) {
        if self.options.spare_bytes == 0 || self.spare {
            self.disk_full = false;
            return;
        }
        match self.try_fill() {
            Ok(()) => {
                self.spare = true;
                self.disk_full = false;
            }
            Err(error) => {
                self.disk_full |= error.is_disk_full();
                let temp = NativeName::SpareTemp;
                // Nothing rests on it: what cannot be removed now is removed before the next try.
                let _ = self.dir.remove_file(&temp.os());
                self.inventory.remove(temp);
            }
        }
    }

    fn try_fill(&mut self) -> Result<(), FsError> {
        for name in [NativeName::SpareTemp, NativeName::Spare] {
            match self.dir.remove_file(&name.os()) {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => self.inventory.remove(name),
            }
        }
        let file = create(self.dir.as_ref(), NativeName::SpareTemp)?;
        write_zeros(file.as_ref(), 0, u64::from(self.options.spare_bytes))?;
        file.sync_data()?;
        let (temp, name) = (NativeName::SpareTemp.os(), NativeName::Spare.os());
        self.dir.rename(&temp, &name)?;
        self.inventory.add(NativeName::Spare);
        Ok(())
    }
}

/// Whether a file has this length and holds zeros only.
pub(crate) fn is_zero(file: &dyn File, length: u32) -> Result<bool, FsError> {
    if file.metadata()?.len != u64::from(length) {
        return Ok(false);
    }
    let mut bytes = vec![0xFF; usize::try_from(length).unwrap_or_default()];
    let got = file.read_full_at(&mut bytes, 0)?;
    Ok(got == bytes.len() && bytes.iter().all(|byte| *byte == 0))
}
