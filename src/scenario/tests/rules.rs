//! Every rule between keys, with what is told.
