//! Settings that would break what the flow requires of the ways of its events: only an override can, the rest was refused when the flow
//! was compiled.

use super::{SettingError, Settings};
use crate::check::Problem;
use crate::picture::Picture;

impl Settings {
    /// All settings that promise less than the flow requires; this says what the compiler would say of a flow that has them so.
    /// Nothing may be started where there are any.
    pub fn shortfalls(&self, picture: &Picture<'_>) -> Vec<SettingError> {
        let setting = |definition: &str, key: &str| {
            // What it does not tell only the environment knows.
            self.get(&format!("{definition}.{key}")).unwrap_or_default()
        };
        let shortfalls = picture.shortfalls(|log| self.durability(log), setting);
        let error = |short: crate::picture::Shortfall| {
            SettingError::new(&short.path, Problem::new(short.link.rule(), short.text, short.help))
        };
        shortfalls.into_iter().map(error).collect()
    }
}
