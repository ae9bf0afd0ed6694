//! From static types to representations: each closed record becomes one struct, however often it occurs.

use super::code::Repr;
use super::names::{self, Namer};
use super::plan::{Field, Record, RecordId};
use crate::check::types::Type;

/// The structs of a macro call.
#[derive(Debug, Default)]
pub(super) struct Records {
    records: Vec<Record>,
    types: Vec<Vec<(String, Type)>>,
}

impl Records {
    /// The representation of a type. `hint` names a struct that must be made for it.
    pub(super) fn repr(&mut self, ty: &Type, hint: &str, namer: &mut Namer) -> Repr {
        match ty {
            Type::Any | Type::Binary | Type::List => Repr::Value,
            Type::Null => Repr::Null,
            Type::Bool => Repr::Bool,
            Type::Uint => Repr::Uint,
            Type::Integer => Repr::Integer,
            Type::Float => Repr::Float,
            Type::String => Repr::Str,
            Type::Record(fields) => Repr::Record(self.intern(fields, hint, namer)),
        }
    }

    fn intern(&mut self, fields: &[(String, Type)], hint: &str, namer: &mut Namer) -> RecordId {
        if let Some(at) = self.types.iter().position(|known| known == fields) {
            return RecordId(at);
        }
        let mut idents = Namer::default();
        let planned: Vec<Field> = fields
            .iter()
            .map(|(key, ty)| Field {
                key: key.clone(),
                ident: idents.fresh(&names::field(key)),
                repr: self.repr(ty, &format!("{hint}{}", names::camel(key)), namer),
            })
            .collect();
        let borrows = planned.iter().any(|field| match field.repr {
            Repr::Value | Repr::Str => true,
            Repr::Record(id) => self.records[id.0].borrows,
            _ => false,
        });
        // The twin that a log keeps has its name reserved with it.
        let name = namer.fresh_type_with(hint, &["Kept"]);
        self.types.push(fields.to_vec());
        self.records.push(Record {
            name,
            fields: planned,
            borrows,
            kept: false,
            restored: false,
            used: false,
        });
        RecordId(self.records.len() - 1)
    }

    /// A struct by its id.
    pub(super) fn get(&self, id: RecordId) -> &Record {
        &self.records[id.0]
    }

    /// Notes that a log keeps events of this representation, perhaps on disk.
    pub(super) fn keep(&mut self, repr: Repr, on_disk: bool) {
        if let Repr::Record(id) = repr {
            self.records[id.0].kept = true;
            self.records[id.0].restored |= on_disk;
            let inner: Vec<Repr> = self.records[id.0].fields.iter().map(|field| field.repr).collect();
            inner.into_iter().for_each(|repr| self.keep(repr, on_disk));
        }
    }

    /// Notes that generated code uses this representation, and with it those of its fields.
    pub(super) fn mark_used(&mut self, repr: Repr) {
        let Repr::Record(id) = repr else { return };
        if !std::mem::replace(&mut self.records[id.0].used, true) {
            let inner: Vec<Repr> = self.records[id.0].fields.iter().map(|field| field.repr).collect();
            inner.into_iter().for_each(|repr| self.mark_used(repr));
        }
    }

    /// All structs, in the order of their making.
    pub(super) fn into_plan(self) -> Vec<Record> {
        self.records
    }
}
