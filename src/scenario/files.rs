//! The files that a scenario names: where they are, whether they exist, and whether the scenario may read them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::check::{Findings, NamedFile};
use super::keys::FolderKind;
use super::tree::{Origin, shortened};
use super::wording::nearest;

/// Reports every named file that does not exist or that the scenario may not read.
pub(super) fn check_files(folder: &Path, allow_paths: &[PathBuf], findings: &mut Findings<'_>) {
    // Each looks at a whole folder for a name like it, and nobody reads more.
    const MOST_TOLD: usize = 200;
    let allowed = Allowed::new(folder, allow_paths);
    let files = findings.files.clone();
    let refusal = |file: &NamedFile| allowed.named(&anchored(folder, file.origin, &file.path), file).err();
    let refused = files.iter().filter_map(|file| refusal(file).map(|refusal| (file, refusal)));
    for (file, (message, hint)) in refused.take(MOST_TOLD) {
        findings.add(file.origin, &file.key, message, hint);
    }
}

/// Where a named file is: relative to the scenario's folder, or to the working directory if set on the command line.
pub(super) fn anchored(folder: &Path, origin: Origin, path: &str) -> PathBuf {
    let written = Path::new(path);
    match origin {
        Origin::Line(_) => folder.join(written),
        Origin::Set if written.strip_prefix(folder).is_ok() => written.to_path_buf(),
        // The scenario's text could not name it relative to its folder.
        Origin::Set => std::path::absolute(written).unwrap_or_else(|_| written.to_path_buf()),
    }
}

/// The folder that relative paths of a scenario file start from; empty for the working directory.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// The node file `X_node.tntp` beside a network `X_net.tntp`, if there is one that the scenario may read.
pub fn nodes_beside(network: &Path, allow_paths: &[PathBuf]) -> Option<PathBuf> {
    let name = network.file_name()?.to_str()?;
    let stem = name.strip_suffix("_net.tntp").or_else(|| name.strip_suffix("_net.tntp.gz"))?;
    let folder = folder_of(network);
    let allowed = Allowed::new(folder, allow_paths);
    let candidates = ["_node.tntp", "_node.tntp.gz"].map(|ending| folder.join(format!("{stem}{ending}")));
    candidates.into_iter().find(|path| fs::canonicalize(path).is_ok_and(|path| path.is_file() && allowed.holds(&path)))
}

/// What is wrong with a path, and a hint.
type Refusal = (String, Option<String>);

/// Why a path leads nowhere.
enum Missing {
    /// Nothing is there.
    There,
    /// Something may be, but not for this scenario.
    Refused(Refusal),
}

/// Folders whose files a scenario may read.
struct Allowed<'a> {
    folder: &'a Path,
    canonical: Vec<PathBuf>,
}

impl<'a> Allowed<'a> {
    fn new(folder: &'a Path, allow_paths: &[PathBuf]) -> Self {
        let own = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let folders = std::iter::once(own).chain(allow_paths.iter().map(PathBuf::as_path));
        Allowed { folder, canonical: folders.filter_map(|folder| fs::canonicalize(folder).ok()).collect() }
    }

    fn holds(&self, canonical: &Path) -> bool {
        self.canonical.iter().any(|folder| canonical.starts_with(folder))
    }

    /// Whether the scenario may read what it names there.
    fn named(&self, path: &Path, named: &NamedFile) -> Result<(), Refusal> {
        match named.kinds.folder {
            Some(folder) if named.kinds.is_folder(&named.path) => self.folder(path, named, folder),
            folder => {
                let hint = folder.map(|folder| format!("the name of {} has no such ending", folder.name));
                self.file(path).map_err(|(message, other)| (message, if path.is_dir() { hint } else { other }))
            }
        }
    }

    fn folder(&self, path: &Path, named: &NamedFile, kind: &FolderKind) -> Result<(), Refusal> {
        let shown = path.display();
        match self.located(path) {
            // `town.txt` was meant to be a file.
            Err(Missing::There) if !named.kinds.endings.is_empty() && path.extension().is_some() => {
                return Err((unexpected(named), like(path)));
            }
            Err(Missing::There) => return Err((format!("the folder {shown} does not exist"), like(path))),
            Err(Missing::Refused(refusal)) => return Err(refusal),
            Ok(canonical) if !canonical.is_dir() => return Err((unexpected(named), None)),
            Ok(_) => {}
        }
        for name in kind.needs {
            let inner = path.join(name);
            if inner.symlink_metadata().is_err() {
                let needs = kind.needs.join(" and ");
                return Err((
                    format!("the folder {shown} holds no {name}"),
                    Some(format!("{} holds {needs}", kind.name)),
                ));
            }
        }
        let inner = kind.needs.iter().chain(kind.may_hold).map(|name| path.join(name));
        inner.filter(|inner| inner.symlink_metadata().is_ok()).try_for_each(|inner| self.file(&inner))
    }

    fn file(&self, path: &Path) -> Result<(), Refusal> {
        let shown = path.display();
        match self.located(path) {
            Ok(canonical) if canonical.is_dir() => Err((format!("expected a file, found the folder {shown}"), None)),
            Ok(canonical) if !canonical.is_file() => Err((format!("{shown} is not a regular file"), None)),
            Ok(_) => Ok(()),
            Err(Missing::There) => Err((format!("the file {shown} does not exist"), like(path))),
            Err(Missing::Refused(refusal)) => Err(refusal),
        }
    }

    /// Where a path leads, if the scenario may know.
    fn located(&self, path: &Path) -> Result<PathBuf, Missing> {
        match fs::canonicalize(path) {
            Ok(canonical) if !self.holds(&canonical) => Err(Missing::Refused(self.outside(path))),
            Ok(canonical) => Ok(canonical),
            Err(_) if !self.holds(&lexical(path)) => Err(Missing::Refused(self.outside(path))),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Err(Missing::There),
            Err(cause) => Err(Missing::Refused((format!("cannot read {}: {cause}", path.display()), None))),
        }
    }

    fn outside(&self, path: &Path) -> Refusal {
        let of = if self.folder.as_os_str().is_empty() {
            "the working directory".to_owned()
        } else {
            self.folder.display().to_string()
        };
        let message = format!("{} leads out of the scenario's folder, {of}", path.display());
        let parent = folder_of(path).display().to_string();
        (message, Some(format!("allow it with --allow-path {}", if parent.is_empty() { "." } else { &parent })))
    }
}

fn unexpected(named: &NamedFile) -> String {
    format!("expected {}, found \"{}\"", named.kinds.described(), shortened(&named.path))
}

/// The path without `.` and `..`, from the root, symlinks of folders that exist resolved.
fn lexical(path: &Path) -> PathBuf {
    let existing = path.ancestors().skip(1).find_map(|folder| {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let rest = path.strip_prefix(folder).unwrap_or(path).to_path_buf();
        fs::canonicalize(folder).ok().map(|canonical| (canonical, rest))
    });
    let (mut clean, rest) = existing.unwrap_or_else(|| (PathBuf::new(), path.to_path_buf()));
    for part in rest.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

/// A hint that names the most similar file of the same folder.
fn like(path: &Path) -> Option<String> {
    const MOST_LOOKED_AT: usize = 10_000;
    let name = path.file_name()?.to_str()?;
    let folder = folder_of(path);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).ok()?.take(MOST_LOOKED_AT).flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    nearest(name, names.iter().map(String::as_str)).map(|name| format!("did you mean \"{name}\"?"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::{LoadOptions, Scenario, load};
    use super::*;
    use crate::error::Error;

    /// A folder `inside` with a network and trips, and a folder `outside` beside it with the same.
    fn folders() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for folder in ["inside", "outside"] {
            fs::create_dir(root.path().join(folder)).unwrap();
            for file in ["a_net.tntp", "a_trips.tntp"] {
                fs::write(root.path().join(folder).join(file), "").unwrap();
            }
        }
        root
    }

    fn load_with(root: &Path, network: &str, allow_paths: Vec<PathBuf>) -> Result<Scenario, Error> {
        let file = root.join("inside/city.toml");
        fs::write(&file, format!("[traffic]\nnetwork = \"{network}\"\ndemand = \"a_trips.tntp\"\n")).unwrap();
        load(&file, &LoadOptions { overrides: Vec::new(), allow_paths })
    }

    fn told(root: &Path, network: &str) -> String {
        load_with(root, network, Vec::new()).unwrap_err().to_string()
    }

    #[test]
    fn files_outside_the_folder_need_leave() {
        let root = folders();
        let outside = root.path().join("outside");
        let absolute = outside.join("a_net.tntp").display().to_string();
        symlink(outside.join("a_net.tntp"), root.path().join("inside/link.tntp")).unwrap();
        symlink(&outside, root.path().join("inside/folder")).unwrap();
        for network in ["../outside/a_net.tntp", &absolute, "link.tntp", "folder/a_net.tntp"] {
            assert!(told(root.path(), network).contains("leads out of the scenario's folder"), "{network}");
            load_with(root.path(), network, vec![outside.clone()]).unwrap();
        }
        for network in ["../outside/none.tntp", "folder/none.tntp", "../../none/none.tntp", "/none/none.tntp"] {
            assert!(told(root.path(), network).contains("leads out of the scenario's folder"), "{network}");
        }
        load_with(root.path(), "../inside/a_net.tntp", Vec::new()).unwrap();
    }

    #[test]
    fn missing_files_and_what_is_no_file_are_told() {
        let root = folders();
        let missing = told(root.path(), "a_nte.tntp");
        assert!(missing.contains("does not exist") && missing.contains("did you mean \"a_net.tntp\"?"), "{missing}");
        assert!(told(root.path(), "none/../none/b.tntp").contains("does not exist"));
        fs::create_dir(root.path().join("inside/gmns.csv")).unwrap();
        let folder = told(root.path(), "gmns.csv");
        assert!(folder.contains("expected a file, found the folder"), "{folder}");
        assert!(folder.contains("hint: the name of a GMNS folder has no such ending"), "{folder}");
        assert!(told(root.path(), "gmns.csv/").contains("or a GMNS folder, found \"gmns.csv/\""));
        symlink("loop.tntp", root.path().join("inside/loop.tntp")).unwrap();
        assert!(told(root.path(), "loop.tntp").contains("cannot read"));
    }

    /// Makes a GMNS folder `inside/gmns`.
    fn gmns(root: &Path) -> PathBuf {
        let folder = root.join("inside/gmns");
        fs::create_dir(&folder).unwrap();
        for name in ["node.csv", "link.csv"] {
            fs::write(folder.join(name), "").unwrap();
        }
        folder
    }

    #[test]
    fn a_gmns_folder_holds_nodes_and_links() {
        let root = folders();
        let folder = gmns(root.path());
        for network in ["gmns", "gmns/", "./gmns", "../inside/gmns"] {
            let traffic = load_with(root.path(), network, Vec::new()).unwrap().traffic.unwrap();
            assert!(traffic.network_is_folder() && traffic.nodes.is_none(), "{network}");
        }
        fs::remove_file(folder.join("link.csv")).unwrap();
        let holds = told(root.path(), "gmns");
        assert!(holds.contains("gmns holds no link.csv\n  hint: a GMNS folder holds node.csv and link.csv"), "{holds}");
        fs::create_dir(folder.join("link.csv")).unwrap();
        assert!(told(root.path(), "gmns").contains("expected a file, found the folder"));
        assert!(told(root.path(), "gmsn").contains("gmsn does not exist\n  hint: did you mean \"gmns\"?"));
        let text = told(root.path(), "town.txt");
        assert!(
            text.contains("expected a file name ending in .tntp, .tntp.gz, .csv or .csv.gz, or a GMNS folder"),
            "{text}"
        );
        fs::write(root.path().join("inside/town.txt"), "").unwrap();
        assert!(told(root.path(), "town.txt").contains("or a GMNS folder, found \"town.txt\""));
    }

    #[test]
    fn folders_lead_nowhere_else_either() {
        let root = folders();
        let outside = root.path().join("outside");
        let folder = gmns(root.path());
        for name in ["link.csv", "movement.csv"] {
            let link = folder.join(name);
            let _ = fs::remove_file(&link);
            symlink(outside.join("a_net.tntp"), &link).unwrap();
            let leads = told(root.path(), "gmns");
            assert!(leads.contains(&format!("gmns/{name} leads out of the scenario's folder")), "{leads}");
            load_with(root.path(), "gmns", vec![outside.clone()]).unwrap();
            fs::remove_file(&link).unwrap();
            fs::write(&link, "").unwrap();
        }
        symlink("gone.csv", folder.join("zone.csv")).unwrap();
        assert!(told(root.path(), "gmns").contains("gmns/zone.csv does not exist"));
        assert!(told(root.path(), "../outside").contains("leads out of the scenario's folder"));
        assert!(told(root.path(), "../none").contains("leads out of the scenario's folder"));
    }

    #[test]
    fn a_warm_start_is_a_finished_run() {
        let root = folders();
        let file = root.path().join("inside/city.toml");
        let run = root.path().join("inside/runs/base.v1");
        fs::create_dir_all(&run).unwrap();
        let text = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a_trips.tntp\"\n\
                    assignment.warm_start = \"runs/base.v1\"\n";
        fs::write(&file, text).unwrap();
        let options = LoadOptions::default();
        let unfinished = load(&file, &options).unwrap_err().to_string();
        assert!(
            unfinished.contains("base.v1 holds no report.json\n  hint: a run folder holds report.json"),
            "{unfinished}"
        );
        fs::write(run.join("report.json"), "").unwrap();
        let assignment = load(&file, &options).unwrap().traffic.unwrap().assignment;
        assert_eq!(assignment.warm_start, Some(run));
        fs::write(&file, text.replace("base.v1", "bas.v1")).unwrap();
        let missing = load(&file, &options).unwrap_err().to_string();
        assert!(missing.contains("the folder ") && missing.contains("did you mean \"base.v1\"?"), "{missing}");
    }

    #[test]
    fn a_flood_of_missing_files_ends_soon() {
        let root = folders();
        let file = root.path().join("inside/city.toml");
        let files: String = (0..100_000).map(|number| format!("{number} = \"{number}.csv\"\n")).collect();
        let text = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a_trips.tntp\"\n\
                    [[traffic.period]]\nname = \"am\"\nhours = 1\n[traffic.period.demand]\n";
        fs::write(&file, format!("{text}{files}")).unwrap();
        let Err(Error::Input(problems)) = load(&file, &LoadOptions::default()) else { panic!() };
        assert!(problems.len() < 300);
    }

    #[test]
    fn a_node_file_beside_the_network_is_found_where_it_may_be_read() {
        let root = folders();
        let nodes_of = |root: &Path| load_with(root, "a_net.tntp", Vec::new()).unwrap().traffic.unwrap().nodes;
        assert_eq!(nodes_of(root.path()), None);
        let node_file = root.path().join("inside/a_node.tntp");
        fs::write(root.path().join("outside/secret"), "").unwrap();
        symlink(root.path().join("outside/secret"), &node_file).unwrap();
        assert_eq!(nodes_of(root.path()), None);
        fs::remove_file(&node_file).unwrap();
        fs::write(&node_file, "").unwrap();
        assert_eq!(nodes_of(root.path()), Some(node_file));
    }
}
