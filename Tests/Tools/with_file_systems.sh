#!/usr/bin/env bash
# Runs a command once on each of several file systems, which are made for it in files and mounted.
#
#   Tests/Tools/with_file_systems.sh COMMAND …
#
# The command's TMPDIR lies on the file system. FILE_SYSTEMS may name some of them alone. What cannot be mounted here is named as skipped. Needs root; changes no mount but its own.
set -uo pipefail

all=(ext4 xfs overlay-xfs btrfs tmpfs tmpfs-huge)
read -r -a wanted <<<"${FILE_SYSTEMS:-${all[*]}}"
for name in "${wanted[@]}"; do
  [[ " ${all[*]} " == *" $name "* ]] ||
    { echo "$0: no file system '$name'; expected some of: ${all[*]}" >&2; exit 64; }
done
folder=$(mktemp -d)
mounted=()

unmount_all() {
  for ((index = ${#mounted[@]} - 1; index >= 0; index--)); do
    umount "${mounted[index]}" 2>/dev/null || umount -l "${mounted[index]}"
  done
  rm -rf "$folder"
}
trap unmount_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mount_at() { # place, then what mount takes
  mkdir -p "$1"
  mount "${@:2}" "$1" && mounted+=("$1")
}

image() { # name, program and options that make a file system of it
  truncate -s 600M "$folder/$1.image" && "${@:2}" "$folder/$1.image" >"$folder/$1.log" &&
    mount_at "$folder/$1" -o loop "$folder/$1.image"
}

xfs() { mountpoint -q "$folder/xfs" || image xfs mkfs.xfs -q; }

prepare() {
  case $1 in
    ext4) image ext4 mkfs.ext4 -q ;;
    xfs) xfs ;;
    overlay-xfs)
      xfs && mkdir -p "$folder/xfs/"{lower,upper,work} &&
        mount_at "$folder/overlay-xfs" -t overlay overlay \
          -o "lowerdir=$folder/xfs/lower,upperdir=$folder/xfs/upper,workdir=$folder/xfs/work"
      ;;
    btrfs) image btrfs mkfs.btrfs -q ;;
    tmpfs) mount_at "$folder/tmpfs" -t tmpfs -o size=400M tmpfs ;;
    tmpfs-huge) mount_at "$folder/tmpfs-huge" -t tmpfs -o size=400M,huge=always tmpfs ;;
  esac
}

status=0
for name in "${wanted[@]}"; do
  if ! prepare "$name" 2>"$folder/reason" >/dev/null; then
    echo "skipped: $name: $(tr '\n' ' ' <"$folder/reason")"
    continue
  fi
  echo "-- on $name"
  mkdir -p "$folder/$name/tmp"
  TMPDIR=$folder/$name/tmp "$@" || { echo "failed on $name" >&2; status=1; }
done
exit "$status"
