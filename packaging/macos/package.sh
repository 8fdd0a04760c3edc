#!/bin/sh
# Makes the disk image of build/package/Inkstone.app, which build.py has left there; signs and notarises it if it can.
#
#   packaging/macos/package.sh VERSION
#
# SIGN_AS         the name of a "Developer ID Application" certificate in the keychain; unsigned without it
# NOTARY_PROFILE  credentials kept by `xcrun notarytool store-credentials`; not notarised without it
set -eu
version=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
app="$root/build/package/Inkstone.app"
image="$root/dist/inkstone-$version-macos-$(uname -m).dmg"
mkdir -p "$root/dist"

if [ -n "${SIGN_AS:-}" ]; then
    # from the inside out: a bundle's seal covers what is in it
    find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) \
        -exec codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$SIGN_AS" {} +
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$SIGN_AS" "$app"
    codesign --verify --deep --strict "$app"
fi

rm -f "$image"
"$root/build/package/venv/bin/python" -m pip install --quiet 'dmgbuild>=1.6,<2'
"$root/build/package/venv/bin/python" -m dmgbuild -s "$here/disk_image.py" -D app="$app" Inkstone "$image"

if [ -n "${SIGN_AS:-}" ]; then
    codesign --timestamp --sign "$SIGN_AS" "$image"
fi
if [ -n "${SIGN_AS:-}" ] && [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature "$image"
fi
echo "$image"
