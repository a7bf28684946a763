# shellcheck shell=bash
# What the commands of this folder share: finding what they need, installing what is missing, and running named steps.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What a plain build needs: Debian package, then a command that succeeds where the same came another way.
build_needs=(
  "gcc: command -v cc"
  "libc6-dev: has_c_headers"
  "pkg-config: command -v pkg-config"
  "libhdf5-dev: has_library hdf5-serial"
)
# What the tests need besides.
test_needs=(
  "libopenmpi-dev: has_library ompi"
  "openmpi-bin: command -v mpirun"
  "libclang-dev: test -e ${LIBCLANG_PATH:-/nowhere}"
  "libhdf5-openmpi-dev: has_library hdf5-openmpi"
  "hdf5-tools: command -v h5dump"
  "netcdf-bin: command -v ncdump"
  "python3-venv: python3 -c 'import ensurepip, venv'"
)
# Pinned, so that a later release that needs a newer toolchain changes nothing here.
nextest_version=0.9.143

# An error and its hint, as the engine words them; ends the command.
fail() {
  printf 'error: %s\n' "$1" >&2
  if [ $# -gt 1 ]; then printf '  hint: %s\n' "${@:2}" >&2; fi
  exit 1
}

has_library() { pkg-config --exists "$1"; }

has_c_headers() { printf '#include <stdio.h>\n' | cc -E - ; }

has_package() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs those Debian packages of the given needs that are missing, or says how and ends.
install_needs() {
  local need package missing=()
  for need in "$@"; do
    package=${need%%:*}
    has_package "$package" || eval "${need#*:}" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null ||
    fail "missing: ${missing[*]}" "these are names of Debian packages, and this system has no apt-get; install what they hold"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null ||
      fail "missing: ${missing[*]}" "as root: apt-get update && apt-get install -y ${missing[*]}"
    as_root=(sudo -n)
  fi
  echo "installing ${missing[*]}"
  local quiet=(-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  "${as_root[@]}" apt-get "${quiet[@]}" update ||
    fail "the lists of packages cannot be read: apt-get update"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get "${quiet[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "packages cannot be installed: ${missing[*]}"
}

# A Rust toolchain that is new enough; rustup's folder is found even where no profile has put it on the PATH.
require_rust() {
  local needed found
  command -v cargo >/dev/null || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
  needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
  command -v cargo >/dev/null && command -v rustc >/dev/null ||
    fail "no Rust toolchain" "conurb needs Rust $needed or later: https://rustup.rs"
  found=$(rustc --version | cut -d ' ' -f 2)
  [ "$(printf '%s\n' "$needed" "$found" | sort -V | head -n 1)" = "$needed" ] ||
    fail "rustc $found is too old, $needed or later is needed" "rustup update stable"
}

# The tools of the toolchain that a small installation leaves out.
require_lints() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
    fail "no rustfmt or no clippy" "rustup component add rustfmt clippy"
}

require_nextest() {
  cargo nextest --version >/dev/null 2>&1 && return
  echo "installing cargo-nextest $nextest_version"
  # Unoptimised: it waits for tests, and builds in a third of the time.
  CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --locked --debug "cargo-nextest@$nextest_version" ||
    fail "cargo-nextest cannot be installed" "cargo install --locked cargo-nextest"
}

# The Python that tests call, at the place where they look for it.
require_python() {
  [ -n "${CONURB_PYTHON:-}" ] && return
  local venv=$root/target/venv wanted=$root/tests/python/requirements.txt
  cmp --quiet "$wanted" "$venv/installed.txt" && "$venv/bin/python" -c '' 2>/dev/null && return
  echo "installing Python packages into target/venv"
  mkdir -p "$root/target" && python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install --quiet --requirement "$wanted" && cp "$wanted" "$venv/installed.txt" ||
    fail "the Python packages of tests/python/requirements.txt cannot be installed"
}

# Cargo's folder of build products, wherever the user's settings put it.
target_folder() {
  (cd "$root" && cargo metadata --locked --no-deps --format-version 1) | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

steps_passed=0

# Runs one named step; the first failure ends the command.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if ! "$@"; then
    printf '\nstep failed after %d s: %s\n%d passed, 1 failed\n' $((SECONDS - start)) "$name" "$steps_passed"
    exit 1
  fi
  steps_passed=$((steps_passed + 1))
  printf -- '-- %s: %d s\n' "$name" $((SECONDS - start))
}

# The checks that run nothing.
static_steps() {
  step "format" cargo fmt --all --check
  step "licences" python3 scripts/licences
  step "lints" cargo clippy --locked --quiet --workspace --all-targets -- -D warnings
  step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --locked --quiet --workspace --no-deps
}
