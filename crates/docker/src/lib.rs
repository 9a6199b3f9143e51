//! What an application needs of PHP, and the files of a production image for it.
//!
//! [`usage`] says what a source uses of extensions, [`Gathered`] puts that together with
//! what composer.json says, [`recipe`] knows how an extension gets into an image, and
//! [`files`] writes the Dockerfile and what belongs to it. Values come in and go out:
//! nothing here touches a disk. That an extension is *used* does not mean that it is
//! *needed*: code asks whether it is there, and packages have parts that nobody uses.

mod catalog;
mod dockerfile;
mod files;
mod image;
mod needs;
mod recipe;
mod sizes;
mod usage;

pub use catalog::extension_of;
pub use files::{File, HEALTHCHECK, files};
pub use image::{Image, Variant, suite};
pub use needs::{Gathered, Limit, Need, Reason};
pub use recipe::{Base, Recipe, Way, known, recipe};
pub use sizes::Sizes;
pub use usage::{Declared, Usage, Use, usage};
