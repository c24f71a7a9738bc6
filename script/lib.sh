# shellcheck shell=bash
# What the scripts share; sourced, never run. Messages are for people: short, Indonesian.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=$ROOT/.venv
cd "$ROOT"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# setting NAME DEFAULT: from the environment, else from .env.
setting() {
  local value=${!1-}
  [ -n "$value" ] || value=$(sed -n "s/^$1=//p" .env 2>/dev/null | tail -n 1)
  printf '%s' "${value:-$2}"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# Those of the given Debian packages that are not installed; nothing where there is no dpkg.
missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qx "ii *$package" <<<"$installed" || printf '%s ' "$package"
  done
}

# Installs what is missing when root; otherwise prints the line that does, and stops.
need_packages() {
  local missing
  read -ra missing <<<"$(missing_packages "$@")"
  [ "${#missing[@]}" -eq 0 ] && return
  if ! is_root; then
    say "Paket sistem berikut belum ada. Jalankan baris ini, lalu ulangi:"
    die "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "Memasang paket sistem: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
