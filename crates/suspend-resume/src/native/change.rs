//! Changes, as a journal keeps them.

use std::io;
use std::sync::Arc;

use session_state::{Change, JobId, MetadataChange, OverridableField};

use super::canonical::check_canonical;
use super::decoder::Decoder;
use super::encoder::Encoder;
use super::packet;
use super::whole::Outcome;
use super::wire;
use crate::error::{Corruption, ResumeError, SuspendError};
use crate::limits::Limits;

/// Encodes changes as one payload of a journal frame.
///
/// Decoding it gives the same changes, and encoding those the same bytes.
///
/// # Errors
/// A field value nested more than 1,000 deep.
pub fn encode_changes(changes: &[Change]) -> Result<Vec<u8>, SuspendError> {
    packet::encode(packet::Kind::Changes, |encoder| {
        put_changes(encoder, changes)
    })
    .map_err(SuspendError::from)
}

/// Decodes the payload of a journal frame.
///
/// # Errors
/// [`ResumeError::Corrupted`] for bytes that [`encode_changes`] did not write or that are beyond the limits,
/// [`ResumeError::IncompatibleSession`] for those of another layout.
pub fn decode_changes(bytes: &[u8], limits: &Limits) -> Result<Vec<Change>, ResumeError> {
    let body = packet::open(packet::Kind::Changes, bytes, limits)?;
    let mut decoder = Decoder::new(body, limits);
    let changes = decoder.list(Decoder::take_change)?;
    decoder.finish()?;
    check_canonical(body, |encoder| put_changes(encoder, &changes))?;
    Ok(changes)
}

fn put_changes<'s>(encoder: &mut Encoder<'s, '_>, changes: &'s [Change]) -> io::Result<()> {
    encoder.count(changes.len())?;
    changes
        .iter()
        .try_for_each(|change| encoder.put_change(change))
}

impl<'s> Encoder<'s, '_> {
    fn put_change(&mut self, change: &'s Change) -> io::Result<()> {
        match change {
            Change::JobAdded { definition, via } => {
                let via = via.as_ref().map(|via| self.name(via.as_str()));
                self.put(wire::Change::JobAdded { via })?;
                self.put_definition(definition)
            }
            Change::JobRemoved { job } => {
                let job = self.name(job.as_str());
                self.put(wire::Change::JobRemoved { job })
            }
            Change::JobReplaced { definition } => {
                self.put(wire::Change::JobReplaced)?;
                self.put_definition(definition)
            }
            Change::JobMoved { job, via, origin } => {
                let (job, via) = (self.name(job.as_str()), self.name(via.as_str()));
                let origin = self.origin(origin);
                self.put(wire::Change::JobMoved { job, via, origin })
            }
            Change::MandatoryJobs { jobs } => {
                self.put(wire::Change::MandatoryJobs)?;
                self.name_list(jobs.iter().map(JobId::as_str))
            }
            Change::Selection { desired, run_list } => {
                self.put(wire::Change::Selection)?;
                self.name_list(desired.iter().map(JobId::as_str))?;
                self.name_list(run_list.iter().map(JobId::as_str))
            }
            Change::SelectionExtended { desired, run_list } => {
                self.put(wire::Change::SelectionExtended)?;
                self.name_list(desired.iter().map(JobId::as_str))?;
                self.name_list(run_list.iter().map(JobId::as_str))
            }
            Change::SelectionReduced { job, run_list } => {
                let job = self.name(job.as_str());
                self.put(wire::Change::SelectionReduced { job })?;
                self.name_list(run_list.iter().map(JobId::as_str))
            }
            Change::JobStarted { intent, at } => {
                let intent = self.intent(intent);
                self.put(wire::Change::JobStarted { intent, at: *at })
            }
            Change::ResultRecorded { job, result } => {
                let job = self.name(job.as_str());
                self.put(wire::Change::ResultRecorded { job })?;
                let session_dir = self.session_dir;
                self.put(Outcome {
                    result,
                    session_dir,
                })
            }
            Change::ResourcesReplaced { resource, records } => {
                let resource = self.name(resource.as_str());
                self.put(wire::Change::ResourcesReplaced { resource })?;
                self.put_resources(records)
            }
            Change::TemplateAdded { template } => {
                self.put(wire::Change::TemplateAdded)?;
                self.put_template(template)
            }
            Change::TemplatesRemoved { template } => {
                self.put(wire::Change::TemplatesRemoved(template))
            }
            Change::UnitAdded { unit } => {
                self.put(wire::Change::UnitAdded)?;
                self.put_definition(unit.fields())
            }
            Change::UnitsRemoved { kind, id } => self.put(wire::Change::UnitsRemoved { kind, id }),
            Change::Overridden { job, field, value } => {
                let job = self.name(job.as_str());
                let field = match field {
                    OverridableField::CategoryId => wire::Field::CategoryId,
                    OverridableField::CertificationStatus => wire::Field::CertificationStatus,
                    OverridableField::AutoRetry => wire::Field::AutoRetry,
                };
                self.put(wire::Change::Overridden { job, field, value })
            }
            Change::AttemptsSet { job, attempts } => {
                let job = self.name(job.as_str());
                let attempts = *attempts;
                self.put(wire::Change::AttemptsSet { job, attempts })
            }
            Change::ManifestReplaced { manifest } => {
                self.put(wire::Change::ManifestReplaced)?;
                let manifest = self.entries(manifest)?;
                self.put(manifest)
            }
            Change::Metadata(change) => self.put_metadata_change(change),
        }
    }

    fn put_metadata_change(&mut self, change: &'s MetadataChange) -> io::Result<()> {
        let change = match change {
            MetadataChange::Title(title) => wire::Change::Title(title.as_deref()),
            MetadataChange::FlagSet(flag) => wire::Change::FlagSet(flag),
            MetadataChange::FlagCleared(flag) => wire::Change::FlagCleared(flag),
            MetadataChange::RunningJobName(name) => wire::Change::RunningJobName(name.as_deref()),
            MetadataChange::AppBlob(blob) => {
                wire::Change::AppBlob(blob.as_deref().map(wire::Bytes))
            }
            MetadataChange::AppId(id) => wire::Change::AppId(id.as_deref()),
            MetadataChange::CustomJoblist(value) => wire::Change::CustomJoblist(*value),
            MetadataChange::LastJobStartTime(time) => wire::Change::LastJobStartTime(*time),
            MetadataChange::RemainingTodoJobs(value) => wire::Change::RemainingTodoJobs(*value),
            MetadataChange::Intent(intent) => {
                wire::Change::Intent(intent.as_ref().map(|intent| self.intent(intent)))
            }
            MetadataChange::RejectedJobs(jobs) => {
                self.put(wire::Change::RejectedJobs)?;
                return self.name_list(jobs.iter().map(JobId::as_str));
            }
        };
        self.put(change)
    }
}

impl Decoder<'_> {
    fn take_change(&mut self) -> Result<Change, Corruption> {
        let metadata = match self.take()? {
            wire::Change::JobAdded { via } => {
                let via = via.map(|via| self.id(via)).transpose()?;
                let definition = Arc::new(self.take_definition()?);
                return Ok(Change::JobAdded { definition, via });
            }
            wire::Change::JobRemoved { job } => {
                let job = self.id(job)?;
                return Ok(Change::JobRemoved { job });
            }
            wire::Change::JobReplaced => {
                let definition = Arc::new(self.take_definition()?);
                return Ok(Change::JobReplaced { definition });
            }
            wire::Change::JobMoved { job, via, origin } => {
                return Ok(Change::JobMoved {
                    job: self.id(job)?,
                    via: self.id(via)?,
                    origin: self.taken_origin(origin)?,
                });
            }
            wire::Change::MandatoryJobs => {
                let jobs = self.id_list()?;
                return Ok(Change::MandatoryJobs { jobs });
            }
            wire::Change::Selection => {
                let (desired, run_list) = (self.id_list()?, self.id_list()?);
                return Ok(Change::Selection { desired, run_list });
            }
            wire::Change::SelectionExtended => {
                let (desired, run_list) = (self.id_list()?, self.id_list()?);
                return Ok(Change::SelectionExtended { desired, run_list });
            }
            wire::Change::SelectionReduced { job } => {
                let (job, run_list) = (self.id(job)?, self.id_list()?);
                return Ok(Change::SelectionReduced { job, run_list });
            }
            wire::Change::JobStarted { intent, at } => {
                let intent = self.owned_intent(intent)?;
                return Ok(Change::JobStarted { intent, at });
            }
            wire::Change::ResultRecorded { job } => {
                let job = self.id(job)?;
                let result = Arc::new(self.take_result()?);
                return Ok(Change::ResultRecorded { job, result });
            }
            wire::Change::ResourcesReplaced { resource } => {
                let resource = self.id(resource)?;
                let records = self.take_resources()?;
                return Ok(Change::ResourcesReplaced { resource, records });
            }
            wire::Change::TemplateAdded => {
                let template = Arc::new(self.take_template()?);
                return Ok(Change::TemplateAdded { template });
            }
            wire::Change::TemplatesRemoved(template) => {
                let template = self.text(template)?.into();
                return Ok(Change::TemplatesRemoved { template });
            }
            wire::Change::UnitAdded => {
                let unit = self.take_unit()?;
                return Ok(Change::UnitAdded { unit });
            }
            wire::Change::UnitsRemoved { kind, id } => {
                return Ok(Change::UnitsRemoved {
                    kind: self.text(kind)?.into(),
                    id: self.text(id)?.into(),
                });
            }
            wire::Change::Overridden { job, field, value } => {
                return Ok(Change::Overridden {
                    job: self.id(job)?,
                    field: match field {
                        wire::Field::CategoryId => OverridableField::CategoryId,
                        wire::Field::CertificationStatus => OverridableField::CertificationStatus,
                        wire::Field::AutoRetry => OverridableField::AutoRetry,
                    },
                    value: self.text(value)?.into(),
                });
            }
            wire::Change::AttemptsSet { job, attempts } => {
                let job = self.id(job)?;
                return Ok(Change::AttemptsSet { job, attempts });
            }
            wire::Change::ManifestReplaced => {
                let manifest = self.take_entries("manifest entry")?;
                return Ok(Change::ManifestReplaced { manifest });
            }
            wire::Change::Title(title) => MetadataChange::Title(self.owned(title)?),
            wire::Change::FlagSet(flag) => MetadataChange::FlagSet(self.text(flag)?.to_owned()),
            wire::Change::FlagCleared(flag) => {
                MetadataChange::FlagCleared(self.text(flag)?.to_owned())
            }
            wire::Change::RunningJobName(name) => MetadataChange::RunningJobName(self.owned(name)?),
            wire::Change::AppBlob(blob) => MetadataChange::AppBlob(match blob {
                Some(wire::Bytes(bytes)) => Some(self.bytes_within(bytes)?.to_vec()),
                None => None,
            }),
            wire::Change::AppId(id) => MetadataChange::AppId(self.owned(id)?),
            wire::Change::CustomJoblist(value) => MetadataChange::CustomJoblist(value),
            wire::Change::RejectedJobs => MetadataChange::RejectedJobs(self.id_list()?),
            wire::Change::LastJobStartTime(time) => MetadataChange::LastJobStartTime(time),
            wire::Change::RemainingTodoJobs(value) => MetadataChange::RemainingTodoJobs(value),
            wire::Change::Intent(intent) => {
                MetadataChange::Intent(intent.map(|intent| self.owned_intent(intent)).transpose()?)
            }
        };
        Ok(Change::Metadata(metadata))
    }
}
