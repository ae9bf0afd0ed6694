//! Wrong texts.
