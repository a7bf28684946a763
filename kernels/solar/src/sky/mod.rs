//! The sky: extraterrestrial and clear-sky irradiance, decomposition, transposition, patches.
