//! Embedded stores, each told to make every change durable before it answers.

use std::path::Path;

use fjall::{Database as Fjall, Keyspace, KeyspaceCreateOptions, PersistMode};
use redb::{Database as Redb, Durability, TableDefinition};
use rusqlite::Connection;

use super::keeper::{Begin, Keeper};
use crate::error::{BenchError, Doing as _};

const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("changes");

/// All of them.
pub(super) fn all() -> [(&'static str, Begin); 3] {
    [
        ("SQLite (WAL, FULL)", begin_sqlite),
        ("redb (Immediate)", begin_redb),
        ("fjall (SyncData)", begin_fjall),
    ]
}

struct Sqlite {
    connection: Connection,
}

impl Keeper for Sqlite {
    fn keep(&mut self, number: u64, change: &[u8]) -> Result<(), BenchError> {
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO changes VALUES (?1, ?2)")
            .and_then(|mut insert| insert.execute((number.cast_signed(), change)))
            .doing("insert into SQLite")?;
        Ok(())
    }
}

fn begin_sqlite(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let connection = Connection::open(folder.join("sqlite.db")).doing("open SQLite")?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE changes (number INTEGER PRIMARY KEY, change BLOB NOT NULL);",
        )
        .doing("prepare SQLite")?;
    Ok(Box::new(Sqlite { connection }))
}

struct RedbKeeper {
    database: Redb,
}

impl Keeper for RedbKeeper {
    fn keep(&mut self, number: u64, change: &[u8]) -> Result<(), BenchError> {
        let mut transaction = self.database.begin_write().doing("begin in redb")?;
        transaction
            .set_durability(Durability::Immediate)
            .doing("ask redb for durability")?;
        {
            let mut table = transaction
                .open_table(TABLE)
                .doing("open a table of redb")?;
            table.insert(number, change).doing("insert into redb")?;
        }
        transaction.commit().doing("commit in redb")
    }
}

fn begin_redb(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let database = Redb::create(folder.join("redb.db")).doing("create redb")?;
    Ok(Box::new(RedbKeeper { database }))
}

struct FjallKeeper {
    database: Fjall,
    keyspace: Keyspace,
}

impl Keeper for FjallKeeper {
    fn keep(&mut self, number: u64, change: &[u8]) -> Result<(), BenchError> {
        self.keyspace
            .insert(number.to_be_bytes(), change)
            .doing("insert into fjall")?;
        self.database
            .persist(PersistMode::SyncData)
            .doing("persist in fjall")
    }
}

fn begin_fjall(folder: &Path) -> Result<Box<dyn Keeper>, BenchError> {
    let database = Fjall::builder(folder.join("fjall"))
        .open()
        .doing("open fjall")?;
    let keyspace = database
        .keyspace("changes", KeyspaceCreateOptions::default)
        .doing("open a keyspace of fjall")?;
    Ok(Box::new(FjallKeeper { database, keyspace }))
}
